import type { RunDetailView } from '@petit/protocol';
import type { CtlContext, Output } from '../cli/context.js';
import { RunBlock } from './run-block.js';
import { RunLines } from './run-lines.js';

/** Shows a run as it goes on. */
export interface RunProgress extends Disposable {
  update(detail: RunDetailView): void;
  /** The leader is away, so what is shown is not live; or it is back. */
  away(isAway: boolean): void;
  /** Says something beside the run. */
  note(line: string): void;
}

/** On a terminal a block that is drawn anew in its place; elsewhere one line for each change. */
export function showProgress(output: Output, context: CtlContext): RunProgress {
  return output.isTerminal && context.environment['TERM'] !== 'dumb'
    ? new RunBlock(output, context)
    : new RunLines(output, context);
}

import { showAnswer, type Answer } from '../show/answer.js';
import { screenOf } from '../show/screen.js';
import { visibleJson } from '../show/visible-text.js';
import type { JsonFlag } from './cluster-command.js';
import type { CtlContext, Output } from './context.js';

/** Prints an answer for people, or with `--json` as the API gave it. */
export async function printAnswer(
  answer: Answer,
  flags: JsonFlag,
  context: CtlContext,
): Promise<void> {
  if (flags.json === true) printJson(answer.view, context);
  else printLines(await showAnswer(answer, screenOf(context.stdout, context)), context.stdout);
}

/** Prints a value as JSON. */
export function printJson(value: unknown, context: CtlContext): void {
  context.stdout.write(`${visibleJson(value, 2)}\n`);
}

export function printLines(lines: readonly string[], output: Output): void {
  if (lines.length > 0) output.write(`${lines.join('\n')}\n`);
}

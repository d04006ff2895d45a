import { isRunEnded, isTaskEnded } from '@petit/model';
import type { RunDetailView, TaskView } from '@petit/protocol';
import type { CtlContext, Output } from '../cli/context.js';
import type { RunProgress } from './run-progress.js';
import { screenOf, type Screen } from './screen.js';
import { runHeadline, showTasks, waitLines } from './show-run.js';

const REDRAW_MS = 200;
const ESC = '\u001b';
// A line that wrapped would be two, and the block would be drawn over one line too low.
const NO_WRAP = `${ESC}[?7l`;
const WRAP = `${ESC}[?7h`;
const INDENT = '  ';
const DEFAULT_ROWS = 24;
// Headline, what it waits for, table head, what is left out, and the line that the cursor stands on.
const LINES_BESIDE_TASKS = 6;

/**
 * A run as a block on a terminal: headline and tree of tasks, drawn anew in its place as things change and time passes.
 * A block must fit the terminal, or its upper lines could not be drawn over: of a large run what moves is shown, then
 * what ended badly, then the rest.
 */
export class RunBlock implements RunProgress {
  readonly #output: Output;
  readonly #context: CtlContext;
  readonly #timer: NodeJS.Timeout;
  #detail: RunDetailView | null = null;
  #awaySince: number | null = null;
  #drawnLines = 0;

  constructor(output: Output, context: CtlContext) {
    this.#output = output;
    this.#context = context;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  update(detail: RunDetailView): void {
    const isFirst = this.#detail === null;
    this.#detail = detail;
    if (isFirst || isRunEnded(detail.run.state)) this.#draw();
  }

  away(isAway: boolean): void {
    this.#awaySince = isAway ? this.#context.now() : null;
    this.#draw();
  }

  /** The line goes above the block. */
  note(line: string): void {
    this.#output.write(`${this.#toTop()}${line}\n`);
    this.#drawnLines = 0;
    this.#draw();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#draw();
  }

  #draw(): void {
    if (this.#detail === null) return;
    // Of a run whose leader is away nobody knows how long its tasks have taken: time stands still.
    const now = this.#awaySince ?? this.#context.now();
    const screen = { ...screenOf(this.#output, this.#context), now };
    const lines = blockLines(this.#detail, screen, this.#output.rows ?? DEFAULT_ROWS);
    if (this.#awaySince !== null)
      lines.push(awayLine(this.#awaySince, this.#context.now(), screen));
    this.#output.write(`${this.#toTop()}${NO_WRAP}${lines.join('\n')}\n${WRAP}`);
    this.#drawnLines = lines.length;
  }

  #toTop(): string {
    const up = this.#drawnLines === 0 ? '' : `${ESC}[${this.#drawnLines}A`;
    return `${up}\r${ESC}[J`;
  }
}

function blockLines({ run, tasks }: RunDetailView, screen: Screen, rows: number): string[] {
  const room = Math.max(1, rows - LINES_BESIDE_TASKS);
  const shown = tasks.length <= room ? tasks : mostTelling(tasks, room);
  const left = tasks.length - shown.length;
  const width = screen.width === null ? null : screen.width - INDENT.length;
  return [
    runHeadline(run, screen),
    ...waitLines(run, screen),
    ...showTasks(shown, { ...screen, width }).map((line) => INDENT + line),
    ...(left === 0 ? [] : [screen.palette.dim(`  … and ${left} more tasks`)]),
  ];
}

function mostTelling(tasks: readonly TaskView[], count: number): readonly TaskView[] {
  const byWeight = tasks.toSorted((one, other) => weight(one) - weight(other)).slice(0, count);
  const chosen = new Set(byWeight);
  return tasks.filter((task) => chosen.has(task));
}

function weight({ state }: TaskView): number {
  if (state === 'running' || state === 'placed' || state === 'retrying') return 0;
  if (state === 'failed' || state === 'lost') return 1;
  return isTaskEnded(state) ? 3 : 2;
}

function awayLine(since: number, now: number, { palette }: Screen): string {
  const seconds = Math.floor((now - since) / 1_000);
  return palette.yellow(`  Not live: no leader answers for ${seconds} s; asking again.`);
}

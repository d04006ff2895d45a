import { isTaskEnded, type TaskState } from '@petit/model';
import type { RunDetailView, RunView, TaskView } from '@petit/protocol';
import type { CtlContext, Output } from '../cli/context.js';
import type { RunProgress } from './run-progress.js';
import { screenOf, type Screen } from './screen.js';
import { runDurationMs, shortId, waitText } from './show-runs.js';
import { taskDurationMs, taskNote } from './show-run.js';
import { stateMark } from './state-mark.js';
import { clockText, durationText } from './time-text.js';

// What a reader of lines wants to know of a task; that it is ready or placed passes in between.
const TOLD: readonly TaskState[] = ['running', 'retrying'];

/** A run as one line for each change, for what is no terminal. */
export class RunLines implements RunProgress {
  readonly #output: Output;
  readonly #context: CtlContext;
  readonly #told = new Map<string, string>();

  constructor(output: Output, context: CtlContext) {
    this.#output = output;
    this.#context = context;
  }

  update({ run, tasks }: RunDetailView): void {
    const screen = screenOf(this.#output, this.#context);
    for (const task of tasks) {
      if (!TOLD.includes(task.state) && !isTaskEnded(task.state)) continue;
      this.#tell(task.key, `${task.state} ${task.attempt}`, () => taskLine(task, screen));
    }
    const waits = waitText(run, screen.now);
    if (waits !== null)
      this.#tell('waits', run.wait?.token ?? '', () => waitLine(run, waits, screen));
    if (run.state !== 'pending') this.#tell('', run.state, () => runLine(run, screen));
  }

  away(isAway: boolean): void {
    const at = clockText(this.#context.now(), this.#context.now());
    const text = isAway ? 'no leader answers, asking again' : 'a leader answers again';
    this.#output.write(`${at}  ${text}\n`);
  }

  note(line: string): void {
    this.#output.write(`${line}\n`);
  }

  [Symbol.dispose](): void {}

  #tell(name: string, state: string, line: () => string): void {
    if (this.#told.get(name) === state) return;
    this.#told.set(name, state);
    this.#output.write(`${line()}\n`);
  }
}

/** `14:02:12  pipeline waits (in 5 s): …`, by the time at which it is read. */
function waitLine({ jobId }: RunView, waits: string, { palette, now }: Screen): string {
  return `${palette.dim(clockText(now, now))}  ${jobId} ${waits}`;
}

/** `14:02:12  extract completed on cube1 in 0.42 s`, by the time of the change itself. */
function taskLine(task: TaskView, { palette, now }: Screen): string {
  const { mark, word, paint } = stateMark(task.state, palette);
  const durationMs = isTaskEnded(task.state) ? taskDurationMs(task, now) : null;
  const note = taskNote(task, now);
  return [
    `${palette.dim(clockText(task.stateAt, now))}  ${paint(`${mark} ${task.key} ${word}`)}`,
    task.node === null ? '' : ` on ${task.node}`,
    durationMs === null ? '' : ` in ${durationText(durationMs)}`,
    note === '' ? '' : `: ${note}`,
  ].join('');
}

/** `14:02:13  pipeline completed 3fa2b1c4 in 2.1 s`, by the time of the change itself. */
export function runLine(run: RunView, { palette, now }: Screen): string {
  const { mark, word, paint } = stateMark(run.state, palette);
  const durationMs = run.endedAt === null ? null : runDurationMs(run, now);
  const took = durationMs === null ? '' : ` in ${durationText(durationMs)}`;
  const at = run.endedAt ?? run.startedAt ?? run.createdAt;
  return `${palette.dim(clockText(at, now))}  ${paint(`${mark} ${run.jobId} ${word}`)} ${palette.dim(shortId(run.id))}${took}`;
}

import { judgeTask, type TaskCondition, type TaskState } from '@petit/model';
import { evidenceCommand } from '../evidence/evidence-command.js';

/** A task that leaves evidence, and what it does. */
export interface EvidentJobTask {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly condition: TaskCondition;
  readonly busyMs: number;
  /** What it exits with, at every try. */
  readonly exitCode: number;
  /** Tries after the first. */
  readonly retries: number;
  /** The node it asks for, or null. */
  readonly node: string | null;
}

/** A job of such tasks, in an order in which each comes behind what it depends on. */
export interface EvidentJob {
  readonly id: string;
  readonly tasks: readonly EvidentJobTask[];
  /** Six fields, or null for a job that is only asked for. */
  readonly schedule: string | null;
}

const RETRY_DELAY = '50ms';

/** A task with nothing special about it but what is said. */
export function evidentTask(
  task: Partial<EvidentJobTask> & { readonly id: string },
): EvidentJobTask {
  return {
    dependsOn: [],
    condition: 'all_success',
    busyMs: 10,
    exitCode: 0,
    retries: 0,
    node: null,
    ...task,
  };
}

/** The job as a job file; JSON is YAML. */
export function jobFileOf(job: EvidentJob, evidencePath: string): string {
  return JSON.stringify({
    id: job.id,
    name: job.id,
    ...(job.schedule === null ? {} : { schedule: job.schedule }),
    tasks: job.tasks.map((task) => taskOf(task, evidencePath)),
  });
}

function taskOf(task: EvidentJobTask, path: string): object {
  const { id, dependsOn, condition, busyMs, exitCode, retries, node } = task;
  const [command, ...args] = evidenceCommand({ path, busyMs, exitCode });
  return {
    id,
    type: 'command',
    command,
    args,
    depends_on: dependsOn,
    condition,
    ...(retries === 0 ? {} : { retry: { max_attempts: retries, delay: RETRY_DELAY } }),
    ...(node === null ? {} : { runs_on: { node } }),
  };
}

/** What each task ends as when nobody cancels the run and nothing is lost. */
export function statesOf(job: EvidentJob): ReadonlyMap<string, TaskState> {
  const states = new Map<string, TaskState>();
  for (const { id, dependsOn, condition, exitCode } of job.tasks) {
    const upstream = dependsOn.map((each) => [each, states.get(each) ?? 'pending'] as const);
    const verdict = judgeTask(condition, upstream);
    const ended = exitCode === 0 ? 'completed' : 'failed';
    states.set(id, verdict.kind === 'skip' && dependsOn.length > 0 ? 'skipped' : ended);
  }
  return states;
}

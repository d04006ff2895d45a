import type { Graph } from '../job/graph.js';
import { taskKeyOf, type RunId, type TaskId, type TaskKey } from '../ids.js';
import { isTaskEnded } from './moves.js';
import { pendingTask, type RunHeader, type RunTrigger, type TaskRecord } from './run.js';
import type { JobId } from '../ids.js';
import type { Reason } from './reason.js';

/**
 * A run as a leader holds it: the stored header and tasks, and beside them what is derived once at load and kept up
 * move by move, so that no move looks at the whole graph.
 */
export interface RunView {
  header: RunHeader;
  readonly graph: Graph;
  readonly tasks: Map<TaskKey, TaskRecord>;
  /** For each task, how many of those it depends on have not ended. */
  readonly unsettled: Map<TaskId, number>;
}

/** The view of a stored run. */
export function viewRun(stored: {
  readonly header: RunHeader;
  readonly graph: Graph;
  readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
}): RunView {
  const { header, graph, tasks } = stored;
  const unsettled = new Map<TaskId, number>();
  for (const task of graph.tasks.values()) {
    const open = task.dependsOn.filter((id) => {
      const record = tasks.get(taskKeyOf(id));
      return record === undefined || !isTaskEnded(record.state);
    });
    unsettled.set(task.id, open.length);
  }
  return { header, graph, tasks: new Map(tasks), unsettled };
}

/** A run that has just been asked for: every task pending, nothing decided. */
export function newRun(options: {
  readonly id: RunId;
  readonly jobId: JobId;
  readonly definitionHash: string;
  readonly graph: Graph;
  readonly trigger: RunTrigger;
  readonly now: number;
  /** Not to begin before this instant. */
  readonly notBefore?: number | null;
  /** What it waits for; without it, it is begun at once by whoever creates it. */
  readonly wait?: Reason | null;
  /** It makes up for a tick that was missed. */
  readonly caughtUp?: boolean;
  /** The runs of the job that have not ended are cancelled for it. */
  readonly cancelsPrevious?: boolean;
}): RunView {
  const { id, jobId, definitionHash, graph, trigger, now } = options;
  const { notBefore = null, wait = null, caughtUp = false, cancelsPrevious = false } = options;
  const header: RunHeader = {
    v: 1,
    id,
    jobId,
    definitionHash,
    trigger,
    state: 'pending',
    createdAt: now,
    notBefore,
    begunAt: null,
    wait,
    caughtUp,
    cancelsPrevious,
    startedAt: null,
    endedAt: null,
    cancelRequestedAt: null,
    reason: null,
    counts: { open: graph.tasks.size, completed: 0, failed: 0, skipped: 0, cancelled: 0, lost: 0 },
  };
  const tasks = new Map(graph.order.map((task) => [taskKeyOf(task), pendingTask(now)] as const));
  return viewRun({ header, graph, tasks });
}

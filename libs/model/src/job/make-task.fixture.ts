import { taskIdSchema } from '../ids.js';
import { buildGraph, type Graph } from './graph.js';
import { taskSchema, type Task } from './job.js';

/** What a test says of a task; the rest is as a job file that does not say gets it. */
export interface TaskChange {
  readonly dependsOn?: readonly string[];
  readonly condition?: Task['condition'];
  readonly maxRetries?: number;
  readonly delayMs?: number;
  readonly retryOn?: Task['retry']['condition'];
  readonly every?: boolean;
  readonly idempotent?: boolean;
}

/** A task that runs `true`. */
export function makeTask(id: string, change: TaskChange = {}): Task {
  return taskSchema.parse({
    id,
    name: id,
    action: { type: 'command', command: 'true', args: [], workingDir: null },
    dependsOn: [...(change.dependsOn ?? [])],
    condition: change.condition ?? 'all_success',
    environment: {},
    retry: {
      maxRetries: change.maxRetries ?? 0,
      delayMs: change.delayMs ?? 0,
      condition: change.retryOn ?? 'always',
    },
    timeoutMs: null,
    killGraceMs: 1_000,
    runsOn: {},
    every: change.every ?? false,
    needs: { slots: 1 },
    idempotent: change.idempotent ?? false,
  });
}

/** The graph of tasks that are known to make one. */
export function makeGraph(tasks: readonly Task[]): Graph {
  const built = buildGraph(tasks);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return built.graph;
}

/** A task's id, for tests that write it as text. */
export const taskId = (id: string): Task['id'] => taskIdSchema.parse(id);

import type { RunView, TaskView } from '@petit/protocol';

/** A task that waits for what it depends on. */
export function sampleTask(task: Partial<TaskView> & { readonly key: string }): TaskView {
  return {
    name: task.key,
    dependsOn: [],
    state: 'pending',
    attempt: 0,
    node: null,
    stateAt: 0,
    startedAt: null,
    endedAt: null,
    retryAt: null,
    heldUntil: null,
    end: null,
    reason: null,
    error: null,
    ...task,
  };
}

/** A run that goes on. */
export function sampleRun(run: Partial<RunView> & { readonly id: string }): RunView {
  return {
    jobId: 'backup',
    state: 'running',
    trigger: { kind: 'manual', by: 'api', idempotencyKey: null },
    createdAt: 0,
    notBefore: null,
    begunAt: 0,
    wait: null,
    startedAt: 0,
    endedAt: null,
    cancelRequestedAt: null,
    reason: null,
    counts: { open: 1, completed: 0, failed: 0, skipped: 0, cancelled: 0, lost: 0 },
    ...run,
  };
}

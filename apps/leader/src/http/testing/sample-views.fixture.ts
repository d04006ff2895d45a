import type {
  JobView,
  NodeView,
  RunDetailView,
  RunView,
  TaskView,
  TickRulesView,
} from '@petit/protocol';

const RULES: TickRulesView = {
  overlap: 'skip',
  catchup: { policy: 'latest', windowMs: 86_400_000, max: 100 },
  onUnmet: 'skip',
  jitterMs: 0,
  maxConcurrency: null,
  startDeadlineMs: null,
};

/** A job with nothing unusual about it. */
export function sampleJob(job: Partial<JobView> & { readonly id: string }): JobView {
  return {
    name: job.id,
    description: null,
    enabled: true,
    taskCount: 1,
    schedules: [],
    rules: RULES,
    pauses: [],
    lastRun: null,
    liveRuns: 0,
    waitingRuns: 0,
    ...job,
  };
}

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

/** A run with its tasks, its counts taken from them. */
export function sampleRun(
  run: Partial<RunView> & { readonly id: string; readonly jobId: string },
  tasks: readonly TaskView[] = [sampleTask({ key: 'only' })],
): RunDetailView {
  const count = (...states: readonly string[]): number =>
    tasks.filter(({ state }) => states.includes(state)).length;
  return {
    run: {
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
      counts: {
        open: count('pending', 'ready', 'placed', 'running', 'retrying'),
        completed: count('completed'),
        failed: count('failed'),
        skipped: count('skipped'),
        cancelled: count('cancelled'),
        lost: count('lost'),
      },
      ...run,
    },
    tasks,
  };
}

/** A live board with two slots. */
export function sampleNode(node: Partial<NodeView> & { readonly node: string }): NodeView {
  return {
    state: 'live',
    closed: null,
    labels: { arch: 'arm64' },
    slots: 2,
    usedSlots: 0,
    version: '0.1.0',
    lastSeenAt: 0,
    running: [],
    ...node,
  };
}

import type {
  ExplainView,
  HealthView,
  JobsView,
  NextTicksView,
  NodesView,
  RunDetailView,
  RunView,
  TaskView,
  TickRulesView,
} from '@petit/protocol';
import { NOW } from './run-in-test.fixture.js';

export const RUN_ID = '3fa2b1c4-5d6e-8f70-8192-a3b4c5d6e7f8';
export const OTHER_RUN_ID = '3fa9ffff-5d6e-8f70-8192-a3b4c5d6e7f8';

export const HEALTH: HealthView = {
  status: 'ok',
  version: '0.1.0',
  role: 'active',
  epoch: 3,
  redis: 'ok',
  since: NOW - 600_000,
  problems: [],
  warnings: [],
  pause: null,
};

export function runView(change: Partial<RunView> = {}): RunView {
  return {
    id: RUN_ID,
    jobId: 'pipeline',
    state: 'completed',
    trigger: { kind: 'manual', by: 'owner', idempotencyKey: null },
    createdAt: NOW - 65_000,
    notBefore: null,
    begunAt: NOW - 65_000,
    wait: null,
    startedAt: NOW - 64_900,
    endedAt: NOW - 61_000,
    cancelRequestedAt: null,
    reason: null,
    counts: { open: 0, completed: 3, failed: 0, skipped: 0, cancelled: 0, lost: 0 },
    ...change,
  };
}

export function taskView(key: string, change: Partial<TaskView> = {}): TaskView {
  return {
    key,
    name: key,
    dependsOn: [],
    state: 'completed',
    attempt: 1,
    node: 'cube1',
    stateAt: NOW - 62_000,
    startedAt: NOW - 64_000,
    endedAt: NOW - 62_000,
    retryAt: null,
    heldUntil: null,
    end: null,
    reason: null,
    error: null,
    ...change,
  };
}

/** A run of which one task failed. */
export const FAILED_RUN: RunDetailView = {
  run: runView({
    state: 'failed',
    reason: { token: 'tasks_failed', text: '1 task failed' },
    counts: { open: 0, completed: 2, failed: 1, skipped: 1, cancelled: 0, lost: 0 },
  }),
  tasks: [
    taskView('extract'),
    taskView('clean', { dependsOn: ['extract'], node: 'cube2', attempt: 2 }),
    taskView('count', {
      dependsOn: ['extract'],
      state: 'failed',
      error: 'command exited with code 3',
    }),
    taskView('report', {
      dependsOn: ['clean', 'count'],
      state: 'skipped',
      node: null,
      startedAt: null,
      endedAt: null,
      attempt: 0,
      reason: { token: 'upstream_not_successful', text: 'task "count" is failed, not completed' },
    }),
  ],
};

export const COMPLETED_RUN: RunDetailView = {
  run: runView(),
  tasks: [taskView('extract'), taskView('load', { dependsOn: ['extract'] })],
};

export const RULES: TickRulesView = {
  overlap: 'skip',
  catchup: { policy: 'latest', windowMs: 86_400_000, max: 100 },
  onUnmet: 'skip',
  jitterMs: 0,
  maxConcurrency: null,
  startDeadlineMs: null,
};

export const JOBS: JobsView = {
  limits: { maxConcurrentJobs: null, maxConcurrentTasks: null, liveRuns: 1, liveTasks: 2 },
  more: 0,
  jobs: [
    {
      id: 'hello',
      name: 'Say hello',
      description: null,
      enabled: true,
      taskCount: 1,
      schedules: [],
      rules: RULES,
      pauses: [],
      lastRun: null,
      liveRuns: 0,
      waitingRuns: 0,
    },
    {
      id: 'pipeline',
      name: 'A pipeline',
      description: null,
      enabled: true,
      taskCount: 4,
      schedules: [
        {
          id: 's',
          name: null,
          text: '0 2 * * *',
          zone: 'Europe/Berlin',
          dst: { gap: 'run_once', overlap: 'first' },
          nextAt: NOW + 3_600_000 * 11,
        },
      ],
      rules: RULES,
      pauses: [],
      lastRun: runView({ state: 'failed' }),
      liveRuns: 1,
      waitingRuns: 0,
    },
    {
      id: 'old',
      name: 'Old',
      description: null,
      enabled: false,
      taskCount: 2,
      schedules: [],
      rules: RULES,
      pauses: [],
      lastRun: null,
      liveRuns: 0,
      waitingRuns: 0,
    },
  ],
  problems: [
    {
      path: 'jobs/backup.yaml',
      line: 7,
      column: 13,
      message: 'schedule "61 * * * *": minute must be 0-59',
      keptLastGood: true,
    },
  ],
};

export const NODES: NodesView = {
  nodes: [
    {
      node: 'cube1',
      state: 'live',
      closed: null,
      labels: { arch: 'arm64', role: 'storage' },
      slots: 2,
      usedSlots: 1,
      version: '0.1.0',
      lastSeenAt: NOW - 2_000,
      running: [{ runId: RUN_ID, key: 'extract', jobId: 'pipeline' }],
    },
    {
      node: 'cube2',
      state: 'lost',
      closed: 'cordoned',
      labels: {},
      slots: 2,
      usedSlots: 0,
      version: '0.1.0',
      lastSeenAt: NOW - 200_000,
      running: [],
    },
  ],
};

export const TICKS: NextTicksView = {
  ticks: [
    {
      jobId: 'pipeline',
      scheduleId: 's',
      at: NOW + 90_000,
      wall: '2026-11-24T15:06:30',
      zone: 'Europe/Berlin',
      offsetMinutes: 60,
      adjusted: null,
    },
  ],
};

export const EXPLAIN: ExplainView = {
  run: runView({ state: 'running', endedAt: null, counts: { ...runView().counts, open: 2 } }),
  because: 'It was started because owner asked for it; it is running.',
  tick: null,
  wait: null,
  waits: [
    {
      key: 'report',
      reason: { token: 'no_fitting_node', text: 'no board has disk=ssd' },
      endsBy: 'it waits as long as the run goes on; cancel the run to end it',
    },
  ],
  ended: [{ key: 'extract', state: 'completed', text: 'succeeded' }],
};

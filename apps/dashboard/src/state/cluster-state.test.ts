import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TickRulesView } from '@petit/protocol';
import { sampleRun, sampleTask } from '../sample-task.fixture.js';
import {
  EMPTY_STATE,
  liveRuns,
  withEvent,
  withOlderRuns,
  withRun,
  withSnapshot,
  type Snapshot,
} from './cluster-state.js';

const TASKS = [sampleTask({ key: 'only' })];
const NO_LIMITS = {
  maxConcurrentJobs: null,
  maxConcurrentTasks: null,
  liveRuns: 0,
  liveTasks: 0,
};
const NOTHING: Snapshot = {
  jobs: { jobs: [], more: 0, limits: NO_LIMITS, problems: [] },
  runs: [],
  hasOlder: true,
  details: [],
  nodes: [],
  ticks: [],
};

const RULES: TickRulesView = {
  overlap: 'skip',
  catchup: { policy: 'latest', windowMs: 86_400_000, max: 100 },
  onUnmet: 'skip',
  jitterMs: 0,
  maxConcurrency: null,
  startDeadlineMs: null,
};

test('a run that ends keeps its place in the list and loses its tasks', () => {
  const live = sampleRun({ id: 'a', createdAt: 1 });
  const running = withRun(EMPTY_STATE, { run: live, tasks: TASKS });
  assert.deepEqual(liveRuns(running), [live]);
  assert.deepEqual(running.tasks.get('a'), TASKS);
  const ended = withEvent(running, { kind: 'run', run: { ...live, endedAt: 5 }, tasks: TASKS });
  assert.deepEqual(liveRuns(ended), []);
  assert.equal(ended.runs.length, 1);
  assert.equal(ended.tasks.size, 0);
});

test('the run that is looked at follows its changes, and others leave it alone', () => {
  const detail = { run: sampleRun({ id: 'a' }), tasks: TASKS };
  const state = { ...EMPTY_STATE, lookedAt: detail };
  const other = withRun(state, { run: sampleRun({ id: 'b' }), tasks: [] });
  assert.equal(other.lookedAt, detail);
  const own = withRun(other, { run: sampleRun({ id: 'a', endedAt: 3 }), tasks: [] });
  assert.equal(own.lookedAt?.run.endedAt, 3);
});

test('an event carries the tasks that changed; the others stay as they were known', () => {
  const run = sampleRun({ id: 'a' });
  const known = withRun(EMPTY_STATE, {
    run,
    tasks: [sampleTask({ key: 'one' }), sampleTask({ key: 'two' }), sampleTask({ key: 'three' })],
  });
  const running = sampleTask({ key: 'two', state: 'running' });
  const instances = ['two@cube1', 'two@cube2'].map((key) => sampleTask({ key }));
  const state = withEvent(known, { kind: 'run', run, tasks: [running, ...instances] });
  assert.deepEqual(
    state.tasks.get('a')?.map(({ key, state: now }) => `${key} ${now}`),
    ['one pending', 'two running', 'two@cube1 pending', 'two@cube2 pending', 'three pending'],
  );
});

test('a job shows the newest of its runs and counts those that go on', () => {
  const job = {
    id: 'backup',
    name: 'Backup',
    description: null,
    enabled: true,
    taskCount: 1,
    schedules: [],
    rules: RULES,
    pauses: [],
    lastRun: null,
    liveRuns: 0,
    waitingRuns: 0,
  };
  const jobs = { jobs: [job], more: 0, limits: NO_LIMITS, problems: [] };
  const state = withSnapshot(EMPTY_STATE, { ...NOTHING, jobs });
  const newer = withRun(state, { run: sampleRun({ id: 'b', createdAt: 2 }), tasks: [] });
  const both = withRun(newer, {
    run: sampleRun({ id: 'a', createdAt: 1, endedAt: 2 }),
    tasks: [],
  });
  assert.equal(both.jobs[0]?.lastRun?.id, 'b');
  assert.equal(both.jobs[0]?.liveRuns, 1);
  assert.equal(both.jobs[0]?.waitingRuns, 0);
  const waits = withRun(both, {
    run: sampleRun({ id: 'c', createdAt: 3, begunAt: null }),
    tasks: [],
  });
  assert.equal(waits.jobs[0]?.liveRuns, 1);
  assert.equal(waits.jobs[0]?.waitingRuns, 1);
});

test('a new reading replaces what was known but keeps older pages, once each', () => {
  const first = withSnapshot(EMPTY_STATE, {
    ...NOTHING,
    runs: [endedRun('c', 3), endedRun('b', 2)],
  });
  const paged = withOlderRuns(first, [endedRun('b', 2), endedRun('a', 1)], false);
  const again = withSnapshot(paged, { ...NOTHING, runs: [endedRun('d', 4), endedRun('c', 3)] });
  assert.deepEqual(
    again.runs.map(({ id }) => id),
    ['d', 'c', 'b', 'a'],
  );
  assert.deepEqual([first.hasOlder, again.hasOlder], [true, false]);
});

test('a page left open for weeks does not grow', () => {
  let state = EMPTY_STATE;
  for (let index = 0; index < 800; index += 1) {
    const run = sampleRun({ id: `run ${index}`, createdAt: index, endedAt: index });
    state = withEvent(state, { kind: 'run', run, tasks: TASKS });
  }
  assert.equal(state.runs.length, 500);
  assert.equal(state.runs[0]?.id, 'run 799');
  assert.equal(state.tasks.size, 0);
});

test('nodes stay in the order of their names', () => {
  const state = ['b', 'a', 'b'].reduce((now, name) => withEvent(now, nodeEvent(name)), EMPTY_STATE);
  assert.deepEqual(
    state.nodes.map((one) => one.node),
    ['a', 'b'],
  );
});

function endedRun(id: string, createdAt: number): ReturnType<typeof sampleRun> {
  return sampleRun({ id, createdAt, endedAt: createdAt });
}

function nodeEvent(node: string): Parameters<typeof withEvent>[1] {
  return {
    kind: 'node',
    node: {
      node,
      state: 'live',
      closed: null,
      labels: {},
      slots: 1,
      usedSlots: 0,
      version: null,
      lastSeenAt: null,
      running: [],
    },
  };
}

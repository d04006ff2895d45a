import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskCondition } from '@petit/model';
import {
  describeViolation,
  EvidentCluster,
  evidentTask,
  seededRandom,
  statesOf,
  type EvidentJob,
  type SeededRandom,
} from '@petit/testkit';
import { ROOT } from './root.fixture.js';

const SEED = process.env['PETIT_SEED'] ?? String(Math.floor(Date.now() / 86_400_000));
/** How often: at once on two boards, each with other durations. `npm test` does it a few times, more if told to. */
const REPETITIONS = Number(process.env['PETIT_REPETITIONS'] ?? 4);
const LONGEST_MS = 120;

interface Row {
  readonly id: string;
  readonly after?: readonly string[];
  readonly when?: TaskCondition;
  readonly exits?: number;
  readonly retries?: number;
  /** How it ends, worked out by hand, and after how many attempts. */
  readonly ends: 'completed' | 'failed' | 'skipped';
  readonly attempts: number;
}

// Nothing fails here: what waits for a failure is skipped, and what waits for that depends on its condition.
const SUCCESS: readonly Row[] = [
  { id: 'a1', ends: 'completed', attempts: 1 },
  { id: 'a2', after: ['a1'], ends: 'completed', attempts: 1 },
  { id: 'a3', after: ['a1'], ends: 'completed', attempts: 1 },
  { id: 'a4', after: ['a2', 'a3'], ends: 'completed', attempts: 1 },
  { id: 'a5', after: ['a4'], when: 'on_failure', ends: 'skipped', attempts: 0 },
  { id: 'a6', after: ['a5'], ends: 'skipped', attempts: 0 },
  { id: 'a7', after: ['a5'], when: 'all_done', ends: 'completed', attempts: 1 },
  { id: 'a8', after: ['a7', 'a4'], ends: 'completed', attempts: 1 },
  { id: 'a9', after: ['a6'], when: 'always', ends: 'completed', attempts: 1 },
  { id: 'a10', after: ['a8', 'a9'], ends: 'completed', attempts: 1 },
];

// The second task fails.
const FAILURE: readonly Row[] = [
  { id: 'b1', ends: 'completed', attempts: 1 },
  { id: 'b2', after: ['b1'], exits: 1, ends: 'failed', attempts: 1 },
  { id: 'b3', after: ['b2'], ends: 'skipped', attempts: 0 },
  { id: 'b4', after: ['b3'], ends: 'skipped', attempts: 0 },
  { id: 'b5', after: ['b2'], when: 'on_failure', ends: 'completed', attempts: 1 },
  { id: 'b6', after: ['b5'], ends: 'completed', attempts: 1 },
  { id: 'b7', after: ['b2', 'b6'], when: 'all_done', ends: 'completed', attempts: 1 },
  { id: 'b8', after: ['b3', 'b4'], when: 'all_done', ends: 'completed', attempts: 1 },
  { id: 'b9', after: ['b7', 'b8'], ends: 'completed', attempts: 1 },
  { id: 'b10', after: ['b2', 'b3'], when: 'on_failure', ends: 'completed', attempts: 1 },
];

// The second task fails three times, and what is there for that case fails too.
const FAILURES: readonly Row[] = [
  { id: 'c1', ends: 'completed', attempts: 1 },
  { id: 'c2', after: ['c1'], exits: 1, retries: 2, ends: 'failed', attempts: 3 },
  { id: 'c3', after: ['c2'], when: 'on_failure', exits: 2, ends: 'failed', attempts: 1 },
  { id: 'c4', after: ['c3'], when: 'on_failure', ends: 'completed', attempts: 1 },
  { id: 'c5', after: ['c3'], when: 'always', ends: 'completed', attempts: 1 },
  { id: 'c6', after: ['c1'], ends: 'completed', attempts: 1 },
  { id: 'c7', after: ['c6', 'c2'], ends: 'skipped', attempts: 0 },
  { id: 'c8', after: ['c7'], when: 'on_failure', ends: 'skipped', attempts: 0 },
  { id: 'c9', after: ['c4', 'c5', 'c6'], ends: 'completed', attempts: 1 },
  { id: 'c10', after: ['c8', 'c9'], ends: 'skipped', attempts: 0 },
];

const ROWS = [...SUCCESS, ...FAILURE, ...FAILURES];

function jobOf(id: string, random: SeededRandom): EvidentJob {
  const tasks = ROWS.map(({ id: task, after = [], when = 'all_success', exits = 0, retries = 0 }) =>
    evidentTask({
      id: task,
      dependsOn: after,
      condition: when,
      exitCode: exits,
      retries,
      busyMs: random.whole(0, LONGEST_MS),
    }),
  );
  return { id, tasks, schedule: null };
}

test('P7: thirty tasks in three branches end as worked out by hand, in an order that the evidence confirms', async (t) => {
  t.diagnostic(`seed ${SEED}, ${REPETITIONS} runs`);
  const random = seededRandom(`three branches ${SEED}`);
  const jobs = Array.from({ length: REPETITIONS }, (_, index) => jobOf(`dag${index}`, random));
  await using lab = await EvidentCluster.open({
    root: ROOT,
    nodes: ['cube1', 'cube2'],
    slots: 4,
    jobs,
  });
  for (const job of jobs) {
    const run = await lab.trigger(job.id);
    const violations = [...(await lab.untilEnded(run)), ...lab.checkAsked()];
    assert.deepEqual(violations.map(describeViolation), [], lab.cluster.logs());
    const { run: header, tasks } = await lab.api.run(run);
    const seen = tasks.map(({ key, state, attempt }) => `${key} ${state} ${attempt}`);
    const wanted = ROWS.map(({ id, ends, attempts }) => `${id} ${ends} ${attempts}`);
    assert.deepEqual(seen.toSorted(), wanted.toSorted());
    assert.equal(header.state, 'failed');
  }
  // What the other tests take for the states of a graph is what was worked out by hand here.
  const derived = [...statesOf(jobOf('dag', random))];
  assert.deepEqual(
    derived,
    ROWS.map(({ id, ends }) => [id, ends]),
  );
});

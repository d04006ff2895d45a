import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { OVERLAP_POLICIES, type RunId, type RunTrigger, type RunView } from '@petit/model';
import {
  CREATE_ANSWERS,
  STORE_ANSWERS,
  TurnWorld,
  type CreateAnswer,
  type StoreAnswer,
  type WorldJob,
} from './turn-world.fixture.js';
import { triggerOf } from './trigger-of.fixture.js';

const SEED = Number(process.env['TURNS_SEED'] ?? 20_261_125);

type Step =
  | {
      readonly kind: 'create';
      readonly job: number;
      readonly by: 'schedule' | 'manual' | 'backfill' | 'jobs';
      readonly inMs: number | null;
      readonly caughtUp: boolean;
      readonly answer: CreateAnswer;
    }
  | { readonly kind: 'end' | 'cancel'; readonly which: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'limit'; readonly limit: number | null }
  | { readonly kind: 'pause' | 'unmet'; readonly job: number; readonly on: boolean }
  | { readonly kind: 'take_over' | 'settle' }
  | { readonly kind: 'store'; readonly answers: readonly StoreAnswer[] };

const job = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      job,
      by: fc.constantFrom('schedule', 'schedule', 'manual', 'backfill', 'jobs'),
      inMs: fc.option(fc.integer({ min: 1, max: 50 }), { freq: 3 }),
      caughtUp: fc.boolean(),
      answer: fc.constantFrom(...CREATE_ANSWERS),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat({ max: 50 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat({ max: 50 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 30 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('limit' as const),
      limit: fc.option(fc.integer({ min: 1, max: 4 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('pause' as const, 'unmet' as const),
      job,
      on: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('settle' as const, 'take_over' as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('store' as const),
      answers: fc.array(fc.constantFrom(...STORE_ANSWERS), { maxLength: 4 }),
    }),
  },
);
const worldJob: fc.Arbitrary<WorldJob> = fc.record({
  overlap: fc.constantFrom(...OVERLAP_POLICIES),
  maxConcurrency: fc.option(fc.integer({ min: 1, max: 3 })),
  onUnmet: fc.constantFrom('wait' as const, 'skip' as const),
});

function take(world: TurnWorld, action: Step): void | Promise<void> {
  switch (action.kind) {
    case 'create': {
      const { inMs, caughtUp, answer } = action;
      const isCaughtUp = caughtUp && inMs !== null && action.by === 'schedule';
      world.create(action.job, triggerOf(action.by, world.now - 5), {
        ...(inMs === null ? {} : { notBefore: world.now + inMs }),
        caughtUp: isCaughtUp,
        answer,
      });
      return;
    }
    case 'end': {
      const begun = world.begun();
      const run = begun[action.which % Math.max(1, begun.length)];
      if (run !== undefined) world.end(run);
      return;
    }
    case 'cancel': {
      const waiting = world.waiting();
      const run = waiting[action.which % Math.max(1, waiting.length)];
      if (run !== undefined) world.end(run);
      return;
    }
    case 'pass':
      return world.pass(action.ms);
    case 'limit':
      return world.setLimit(action.limit);
    case 'pause':
    case 'unmet': {
      const id = world.definitions[action.job]?.job.id;
      if (id === undefined) return;
      if (action.kind === 'pause') world.setPaused(id, action.on);
      else if (action.job > 0) world.setUnmet(id, action.on);
      return;
    }
    case 'settle':
      return world.settle();
    case 'take_over':
      return world.takeOver();
    case 'store': {
      world.answers = [...action.answers];
      return;
    }
    default:
      return action satisfies never;
  }
}

/** Nobody whose turn it is waits, and who cancels what was before has. */
async function check(world: TurnWorld): Promise<void> {
  // What failed is tried again after a while.
  for (let tries = 0; tries < 6; tries += 1) {
    await world.settle();
    world.pass(500);
  }
  await world.settle();
  for (const run of world.waiting()) {
    const turn = world.turnOf(run);
    const { id, wait } = run.view.header;
    assert.equal(turn.kind, 'wait', `${id} is forgotten; it waits: ${JSON.stringify(wait)}`);
    assert.notEqual(wait, null, `${id} does not say what it waits for`);
    if (turn.kind === 'wait' && turn.cancelsEarlier) assert.deepEqual(world.spared(run), []);
  }
}

test('P2 no run is forgotten: whatever ends, is limited, paused or taken over, each begins when it is its turn', async () => {
  let begins = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(worldJob, worldJob, worldJob),
      fc.array(step, { minLength: 20, maxLength: 80 }),
      async (jobs, steps) => {
        const world = new TurnWorld(jobs);
        for (const action of steps) await take(world, action);
        await check(world);
        // With nothing in the way any more, all of them begin and end.
        world.answers = [];
        for (const { job: one } of world.definitions) {
          world.setPaused(one.id, false);
          if (one.id !== world.definitions[0]?.job.id) world.setUnmet(one.id, false);
        }
        const all = world.runs().length;
        for (let round = 0; round <= all && world.runs().length > 0; round += 1) {
          await check(world);
          for (const run of world.begun()) world.end(run);
        }
        begins += world.begins;
        assert.deepEqual(world.broken, []);
        assert.deepEqual(
          world.runs().map(({ view }) => view.header.wait),
          [],
        );
      },
    ),
    { seed: SEED, numRuns: 500 },
  );
  assert.ok(begins > 1_000, `only ${begins} runs were seen to begin`);
});

test('an end looks at who is next, however many wait', () => {
  const one = { overlap: 'queue_all', maxConcurrency: null, onUnmet: 'skip' } as const;
  const world = new TurnWorld([one, one, one]);
  world.setLimit(2);
  for (let index = 0; index < 6_000; index += 1)
    world.create(index % 3, triggerOf('schedule', world.now + index));
  const before = world.looks;
  for (let ends = 0; ends < 20; ends += 1) {
    const [first] = world.begun();
    assert.ok(first !== undefined);
    world.end(first);
  }
  const looks = world.looks - before;
  assert.equal(world.begun().length, 2);
  assert.ok(looks <= 20 * 8, `20 ends among 6,000 that wait looked ${looks} times`);
});

const ALONE: WorldJob = { overlap: 'skip', maxConcurrency: null, onUnmet: 'wait' };
const CANCELLING: WorldJob = { ...ALONE, overlap: 'cancel_previous' };

/** The ids of runs in the order of their creation. */
function idsOf(runs: readonly { readonly view: RunView }[]): RunId[] {
  return runs.map(({ view }) => view.header.id).toSorted();
}

test('a run that is still being stored is cancelled for a newer one once it is stored', async () => {
  const world = new TurnWorld([ALONE, CANCELLING]);
  const tick = (): RunTrigger => triggerOf('schedule', world.now - 1);
  world.setLimit(1);
  world.create(0, tick(), { answer: 'never' });
  const older = world.create(1, tick(), { answer: 'later' });
  const byHand = world.create(1, triggerOf('manual', 0));
  const newer = world.create(1, tick());
  await world.settle();
  assert.deepEqual(idsOf(world.begun()), [byHand], 'it takes the room that the first one left');
  assert.deepEqual(idsOf(world.waiting()), [newer], `${older} was cancelled`);
});

test('what other jobs did while a run was being stored is not missed', async () => {
  const world = new TurnWorld([ALONE, ALONE]);
  const needy = world.definitions[1]?.job.id;
  assert.ok(needy !== undefined);
  world.setUnmet(needy, true);
  const id = world.create(1, triggerOf('schedule', world.now), { answer: 'later' });
  world.setUnmet(needy, false);
  await world.settle();
  assert.deepEqual(idsOf(world.begun()), [id]);
});

test('a backfill that has room does not wait behind a tick that wants to be alone', async () => {
  const world = new TurnWorld([{ ...ALONE, maxConcurrency: 3 }]);
  const [first, second, third] = [0, 1, 2].map((index) =>
    world.create(0, triggerOf('schedule', world.now - 10 + index)),
  );
  const backfill = world.create(0, triggerOf('backfill', world.now));
  assert.deepEqual(idsOf(world.begun()), [first]);
  const [run] = world.begun();
  assert.ok(run !== undefined);
  world.end(run);
  assert.deepEqual(idsOf(world.begun()), [second, backfill]);
  assert.deepEqual(idsOf(world.waiting()), [third]);
});

test('a run that was to begin and could not be stored gives its room to the next when it is paused', async () => {
  const world = new TurnWorld([ALONE, ALONE, ALONE]);
  world.setLimit(1);
  world.create(0, triggerOf('manual', 0));
  const first = world.create(1, triggerOf('schedule', world.now));
  const second = world.create(2, triggerOf('manual', 0));
  await world.settle();
  world.answers = ['not_planned'];
  const [run] = world.begun();
  assert.ok(run !== undefined);
  world.end(run);
  await world.settle();
  assert.deepEqual(idsOf(world.waiting()), [first, second], 'it could not be stored');
  const paused = world.definitions[1]?.job.id;
  assert.ok(paused !== undefined);
  world.setPaused(paused, true);
  world.pass(500);
  await world.settle();
  assert.deepEqual(idsOf(world.begun()), [second]);
});

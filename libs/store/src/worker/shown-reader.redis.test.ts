import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptIdOf } from '@petit/model';
import type { Redis } from 'ioredis';
import { RunStore } from '../leader/index.js';
import {
  beginRun,
  KEY,
  move,
  NODE,
  openStore,
  type StoreFixture,
} from '../testing/store.fixture.js';
import { ShownReader } from './shown-reader.js';

const runIdOf = (number: number): string =>
  `11111111-1111-8111-8111-${String(number).padStart(12, '0')}`;

/** Stores a run whose only task is placed; with an even number it has ended. Answers what a worker says of it. */
async function storeRun(store: StoreFixture, number: number) {
  const run = move(beginRun(1_000, runIdOf(number)), { kind: 'place', key: KEY, node: NODE });
  if (number % 2 === 0) {
    const end = {
      ending: { kind: 'exited', code: 0 },
      startedAt: 1,
      endedAt: 2,
      durationMs: 1,
      cpuMs: 1,
    } as const;
    move(run, { kind: 'end', key: KEY, attempt: 1, placement: 1, node: NODE, end });
  }
  const made = { commitId: `commit-${number}`, header: run.header, tasks: run.tasks };
  assert.equal(await new RunStore(store.redis).create(store.fence, made), 'created');
  return { attemptId: attemptIdOf(run.header.id, KEY, 1), placement: 1, kind: 'ended' } as const;
}

async function scriptCalls(redis: Redis): Promise<number> {
  const stats = await redis.info('commandstats');
  const calls = [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=([0-9]+)/gm)];
  return calls.reduce((sum, [, count]) => sum + Number(count), 0);
}

test('what is asked in one turn takes one call for fifty attempts, and each gets its own answer', async () => {
  await using store = await openStore();
  const shown = new ShownReader(store.redis);
  const attempts = await Promise.all(
    Array.from({ length: 60 }, (_, number) => storeRun(store, number)),
  );
  const missing = { ...attempts[0], attemptId: attemptIdOf(beginRun().header.id, KEY, 1) };
  assert.equal(await shown.read({ ...missing, placement: 1, kind: 'ended' }), 'no_run');

  const before = await scriptCalls(store.redis);
  const answers = await Promise.all(attempts.map((attempt) => shown.read(attempt)));
  const after = await scriptCalls(store.redis);
  assert.equal(after - before, 2);
  assert.deepEqual(
    answers,
    attempts.map((_, number) => (number % 2 === 0 ? 'shown' : 'open')),
  );
});

test('when the call fails, everyone who asked is told', async () => {
  await using store = await openStore();
  const attempts = await Promise.all([storeRun(store, 1), storeRun(store, 2)]);
  store.redis.disconnect();
  const shown = new ShownReader(store.redis);
  const answers = await Promise.allSettled(attempts.map((attempt) => shown.read(attempt)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
});

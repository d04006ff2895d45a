import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_JOBS, jobIdSchema, type PauseRecord } from '@petit/model';
import { KEYS } from '../shared/keys.js';
import { lead, openStore } from '../testing/store.fixture.js';
import { PauseStore } from './pause-store.js';

const JOB = jobIdSchema.parse('backup');
const ONGOING: PauseRecord = { fromAt: 1_000, by: 'anna', untilAt: null, resumedBy: null };
const ENDED: PauseRecord = { ...ONGOING, untilAt: 2_000, resumedBy: 'ben' };

test('pauses of a job and of all are stored, replaced and removed each by itself', async () => {
  await using store = await openStore();
  const pauses = new PauseStore(store.redis);
  assert.equal((await pauses.read()).size, 0);
  assert.equal(await pauses.set(store.fence, JOB, [ONGOING]), 'set');
  assert.equal(
    await pauses.set(store.fence, ALL_JOBS, [ENDED, { ...ONGOING, fromAt: 3_000 }]),
    'set',
  );
  assert.deepEqual(
    await pauses.read(),
    new Map<string, unknown>([
      [JOB, [ONGOING]],
      [ALL_JOBS, [ENDED, { ...ONGOING, fromAt: 3_000 }]],
    ]),
  );
  await pauses.set(store.fence, JOB, [ENDED]);
  await pauses.set(store.fence, ALL_JOBS, []);
  assert.deepEqual(await pauses.read(), new Map([[JOB, [ENDED]]]));
});

test('P5 a deposed leader neither pauses nor resumes', async () => {
  await using store = await openStore();
  const pauses = new PauseStore(store.redis);
  await pauses.set(store.fence, JOB, [ONGOING]);
  await lead(store.redis, 'leader-b');
  assert.equal(await pauses.set(store.fence, JOB, []), 'deposed');
  assert.deepEqual(await pauses.read(), new Map([[JOB, [ONGOING]]]));
});

test('a pause that cannot be read is an error and not no pause', async () => {
  await using store = await openStore();
  const pauses = new PauseStore(store.redis);
  for (const [field, text] of [
    ['backup', 'x'],
    ['backup', '{"v":2,"pauses":[]}'],
    ['no name', JSON.stringify({ v: 1, pauses: [ONGOING] })],
  ] as const) {
    await store.redis.del(KEYS.pauses);
    await store.redis.hset(KEYS.pauses, field, text);
    await assert.rejects(pauses.read(), { code: 'CORRUPT_RECORD', message: new RegExp(field) });
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scheduleIdSchema, type ScheduleId } from '@petit/model';
import { KEYS } from '../shared/keys.js';
import { lead, openStore } from '../testing/store.fixture.js';
import { ClusterStore } from './cluster-store.js';

const SET = { body: 'the set', signature: 'signed' };
const HASHES = Array.from({ length: 250 }, (_, index) => `hash-${index}`);

function watermarksOf(count: number): Map<ScheduleId, number> {
  return new Map(
    Array.from({ length: count }, (_, index) => [scheduleIdSchema.parse(`job@s${index}`), index]),
  );
}

function* definitions(): Generator<readonly [string, string]> {
  for (const hash of HASHES) yield [hash, `text of ${hash}`];
}

test('a large set is stored whole, however many moves it takes, and read back', async () => {
  await using store = await openStore();
  const cluster = new ClusterStore(store.redis);
  const watermarks = watermarksOf(4_500);
  const put = { set: SET, definitions: definitions(), watermarks };
  assert.equal(await cluster.putDefinitions(store.fence, put), 'stored');
  assert.deepEqual(await cluster.readDefinitionSet(), SET);
  assert.equal(await store.redis.hlen(KEYS.watermarks), 4_500);
  const read = await cluster.readDefinitions([...HASHES, 'unknown']);
  assert.deepEqual(
    [...read],
    HASHES.map((hash) => [hash, `text of ${hash}`]),
  );
});

test('P1 the set comes into force with the last move: the watermarks before it are there by then', async () => {
  await using store = await openStore();
  const cluster = new ClusterStore(store.redis);
  const sent: string[] = [];
  const evalsha = store.redis.evalsha.bind(store.redis);
  Object.assign(store.redis, {
    evalsha: async (...call: Parameters<typeof evalsha>): Promise<unknown> => {
      const answer = await evalsha(...call);
      const set = await cluster.readDefinitionSet();
      sent.push(
        `${await store.redis.hlen(KEYS.watermarks)} ${set === null ? 'not yet' : set.body}`,
      );
      return answer;
    },
  });
  const put = { set: SET, definitions: definitions(), watermarks: watermarksOf(4_500) };
  await cluster.putDefinitions(store.fence, put);
  // The first call is answered that Redis does not have the script; the set comes with the last watermarks.
  assert.deepEqual(sent.slice(-3), ['2500 not yet', '2500 not yet', '4500 the set']);
});

test('P5 a leader that is deposed between two moves puts nothing in force', async () => {
  await using store = await openStore();
  const cluster = new ClusterStore(store.redis);
  const before = { set: SET, definitions: [], watermarks: watermarksOf(1) };
  await cluster.putDefinitions(store.fence, before);
  await lead(store.redis, 'leader-b');
  const put = {
    set: { body: 'another', signature: 'signed' },
    definitions: definitions(),
    watermarks: watermarksOf(4_500),
  };
  assert.equal(await cluster.putDefinitions(store.fence, put), 'deposed');
  assert.deepEqual(await cluster.readDefinitionSet(), SET);
  assert.equal(await store.redis.hlen(KEYS.watermarks), 1);
});

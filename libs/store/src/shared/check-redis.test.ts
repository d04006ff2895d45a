import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFacts } from './check-redis.js';

const FIT = {
  redis_version: '7.0.15',
  run_id: 'abc',
  aof_enabled: '1',
  maxmemory_policy: 'noeviction',
  role: 'master',
};

function factsWith(change: Readonly<Record<string, string>>): ReturnType<typeof readFacts> {
  const lines = Object.entries({ ...FIT, ...change }).map(([name, value]) => `${name}:${value}`);
  return readFacts(['# Server', ...lines, ''].join('\r\n'));
}

test('a Redis that keeps what it acknowledges is fit, and so is a Valkey', () => {
  assert.deepEqual(factsWith({}), { runId: 'abc', server: 'Redis 7.0.15', unfit: [], slow: null });
  assert.deepEqual(factsWith({ redis_version: '6.2.0' }).unfit, []);
  assert.deepEqual(factsWith({ redis_version: '10.1.0' }).unfit, []);
  const valkey = factsWith({ redis_version: '7.2.4', valkey_version: '9.0.1' });
  assert.deepEqual(valkey, { runId: 'abc', server: 'Valkey 9.0.1', unfit: [], slow: null });
});

test('each thing that loses writes is told with the line that mends it', () => {
  const wanted: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ redis_version: '6.0.16' }, /6\.0\.16; wanted 6\.2 or newer/],
    [{ redis_version: '5.0.14' }, /5\.0\.14; wanted 6\.2/],
    [{ redis_version: 'odd' }, /odd; wanted 6\.2/],
    [{ aof_enabled: '0' }, /"appendonly yes"/],
    [
      { maxmemory_policy: 'allkeys-lru' },
      /maxmemory-policy allkeys-lru\); set "maxmemory-policy noeviction"/,
    ],
    [{ role: 'slave' }, /replica/],
  ];
  for (const [change, message] of wanted) {
    const { unfit } = factsWith(change);
    assert.equal(unfit.length, 1, JSON.stringify(change));
    assert.match(unfit[0] ?? '', message);
  }
});

test('all that is wrong is told at once, and what INFO does not say counts as wrong', () => {
  assert.equal(factsWith({ aof_enabled: '0', maxmemory_policy: 'volatile-ttl' }).unfit.length, 2);
  assert.equal(readFacts('').unfit.length, 3);
});

test('a disk that is too slow is told, and does not make Redis unfit', () => {
  assert.equal(factsWith({ aof_delayed_fsync: '0' }).slow, null);
  assert.match(factsWith({ aof_delayed_fsync: '1' }).slow ?? '', /^Redis waited once for a slow/);
  const { slow, unfit } = factsWith({ aof_delayed_fsync: '12' });
  assert.match(slow ?? '', /^Redis waited 12 times for a slow disk .*; put its data on an SSD/);
  assert.deepEqual(unfit, []);
});

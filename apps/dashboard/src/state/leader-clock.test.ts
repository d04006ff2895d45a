import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthView } from '@petit/protocol';
import { LeaderClock, type Look } from './leader-clock.js';

const HEALTH: HealthView = {
  status: 'ok',
  version: '0.1.0',
  role: 'active',
  epoch: 1,
  redis: 'ok',
  since: 500,
  problems: [],
  warnings: [],
  pause: null,
};

function look(clock: LeaderClock, steadyNowMs: number, health = HEALTH): Look {
  return clock.look({ health, isRead: true, steadyNowMs });
}

test('P11: the clock runs while the page is live and stands at what was heard last once it is silent', () => {
  const clock = new LeaderClock();
  clock.hear({ kind: 'hello', at: 10_000, health: HEALTH }, 0);
  assert.equal(look(clock, 3_000).now, 13_000);
  clock.hear({ kind: 'jobs' }, 4_000);
  assert.equal(look(clock, 15_000).now, 25_000);
  const silent = look(clock, 16_001);
  assert.deepEqual(silent, { freshness: { kind: 'silent', since: 14_000 }, now: 14_000 });
});

test('P11: without Redis the clock stands at the last moment the page was live', () => {
  const clock = new LeaderClock();
  clock.hear({ kind: 'pulse', at: 10_000 }, 0);
  assert.equal(look(clock, 2_000).now, 12_000);
  clock.hear({ kind: 'pulse', at: 15_000 }, 5_000);
  assert.equal(look(clock, 6_000, { ...HEALTH, redis: 'away' }).now, 12_000);
  assert.equal(look(clock, 7_000).now, 17_000);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthView } from '@petit/protocol';
import { judgeFreshness, leaderNow, SILENT_AFTER_MS, type Freshness } from './freshness.js';

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

function judge(health: HealthView | null, steadyNowMs: number, isRead = true): Freshness {
  return judgeFreshness({ heard: { at: 1_000, steadyMs: 0 }, health, isRead, steadyNowMs });
}

test('P11: what was heard lately from an active leader with Redis is live', () => {
  assert.deepEqual(judge(HEALTH, SILENT_AFTER_MS), { kind: 'live' });
  assert.deepEqual(judge(HEALTH, 0, false), { kind: 'catching_up' });
});

test('P11: silence outweighs all that was said before it', () => {
  const late = SILENT_AFTER_MS + 1;
  assert.deepEqual(judge(HEALTH, late), { kind: 'silent', since: 1_000 });
  assert.equal(judge({ ...HEALTH, role: 'standby' }, late).kind, 'silent');
});

test('P11: a standby and a leader without Redis say since when', () => {
  assert.deepEqual(judge({ ...HEALTH, role: 'standby', redis: 'away' }, 0), {
    kind: 'not_leading',
    role: 'standby',
    since: 500,
  });
  assert.deepEqual(judge({ ...HEALTH, redis: 'away' }, 0), { kind: 'redis_away', since: 500 });
});

test('before anything was heard nothing is claimed', () => {
  const nothing = { heard: null, health: null, isRead: false, steadyNowMs: 99_999 };
  assert.deepEqual(judgeFreshness(nothing), { kind: 'starting' });
});

test('the leader’s clock is carried on by the steady one', () => {
  assert.equal(leaderNow({ at: 1_000, steadyMs: 50 }, 80), 1_030);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../crash/seeded-random.js';
import { KILL_PLACES, planKills, type Kill } from './plan-kills.js';

const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2028, 0, 1);
const UNTIL = Date.UTC(2029, 0, 1);
const CHANGES = Array.from({ length: 20 }, (_, index) => ({
  at: FROM + (index + 1) * 400 * HOUR_MS,
  zone: 'Europe/Berlin',
  kind: index % 2 === 0 ? ('gap' as const) : ('repeat' as const),
  lengthMs: index % 3 === 0 ? HOUR_MS / 2 : HOUR_MS,
}));
const DUE = Array.from({ length: 8_000 }, (_, index) => FROM + index * HOUR_MS);

function plan(seed: string): readonly Kill[] {
  const random = seededRandom(seed);
  const span = { fromAt: FROM, untilAt: UNTIL, everyMs: 8 * HOUR_MS };
  return planKills({ ...span, dueAts: DUE, changes: CHANGES, random });
}

test('a year of kills meets every place, every change of the clocks, and lets the leader live in between', () => {
  for (const seed of ['1', '2', '3']) {
    const kills = plan(seed);
    assert.ok(kills.length > 900, `${kills.length} kills`);
    assert.deepEqual(new Set(kills.map(({ place }) => place)), new Set(KILL_PLACES));
    for (const { at } of CHANGES)
      assert.ok(
        kills.some((kill) => Math.abs(kill.at - at) < HOUR_MS && /gap|hour/.test(kill.place)),
      );
    for (const [index, kill] of kills.entries()) {
      assert.ok(kill.backAt > kill.at);
      assert.ok(kill.at >= (kills[index - 1]?.backAt ?? FROM) + 60_000);
      assert.ok(kill.backAt < UNTIL);
      const [inMidst, dueThen] = [kill.midstMs !== null, /midst|seam/.test(kill.place)];
      assert.equal(inMidst, dueThen);
    }
  }
});

test('the same seed plans the same kills, another one others', () => {
  assert.deepEqual(plan('1'), plan('1'));
  assert.notDeepEqual(plan('1'), plan('2'));
});

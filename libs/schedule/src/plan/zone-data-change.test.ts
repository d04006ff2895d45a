import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema, scheduleIdSchema } from '@petit/model';
import * as fc from 'fast-check';
import type { CompiledSchedule } from '../compiled-schedule.js';
import { parseSchedule } from '../parse-schedule.js';
import { ticksBetween } from '../tick/next-tick.js';
import { Zone } from '../zone/zone.js';
import { planTicks } from './plan-ticks.js';
import { DEFAULT_TICK_POLICY } from './tick-policy.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2027, 2, 1);

function compile(text: string, offsetAt: (at: number) => number): CompiledSchedule {
  const parsed = parseSchedule(text, { zone: 'UTC', jobId: jobIdSchema.parse('job') });
  assert.ok(parsed.ok);
  return { ...parsed.schedule, zone: new Zone('Test/Zone', offsetAt) };
}

/** The instants of all ticks that are decided in (from, until], looked at every so often. */
function decide(
  schedule: CompiledSchedule,
  { fromAt, untilAt, everyMs }: { fromAt: number; untilAt: number; everyMs: number },
): { readonly ticks: readonly number[]; readonly watermarkAt: number } {
  const ticks: number[] = [];
  let watermarkAt = fromAt;
  for (let now = fromAt; now <= untilAt; now += everyMs) {
    const plans = planTicks({
      due: [
        {
          scheduleId: scheduleIdSchema.parse('s'),
          jobId: jobIdSchema.parse('job'),
          schedule,
          watermarkAt,
          policy: DEFAULT_TICK_POLICY,
          pauses: [],
          force: 'in_force',
        },
      ],
      now,
      runs: () => ({ live: 0, waiting: 0 }),
      release: { fromAt: 0, everyMs: 0 },
    });
    for (const { decisions, toWatermarkAt } of plans) {
      for (const { first, last, count } of decisions) {
        const covered = ticksBetween(schedule, {
          after: first.at - 1,
          until: last.at,
          limit: 10_000,
        });
        assert.equal([...covered].length, count);
        ticks.push(...[...covered].map(({ at }) => at));
      }
      watermarkAt = toWatermarkAt;
    }
  }
  return { ticks, watermarkAt };
}

test('when the rules of a zone change under a leader, no instant is decided twice, and all of the new rules from there on are', () => {
  fc.assert(
    fc.property(
      fc.record({
        text: fc.constantFrom('0 * * * *', '30 2 * * *', '*/20 1-3 * * *', '0 0 * * 1'),
        halfHoursBefore: fc.integer({ min: -26, max: 28 }),
        halfHoursAfter: fc.integer({ min: -26, max: 28 }),
        changedAfterMinutes: fc.nat(20 * 24 * 60),
      }),
      ({ text, halfHoursBefore, halfHoursAfter, changedAfterMinutes }) => {
        const before = compile(text, () => (halfHoursBefore * HOUR) / 2);
        // The new rules have a transition of their own, ten days in.
        const after = compile(
          text,
          (at) => (halfHoursAfter * HOUR) / 2 + (at >= START + 10 * DAY ? HOUR : 0),
        );
        const changedAt = START + changedAfterMinutes * 60_000;
        const untilAt = START + 30 * DAY;
        const everyMs = 7 * HOUR + 60_000;
        const first = decide(before, { fromAt: START, untilAt: changedAt, everyMs });
        const second = decide(after, { fromAt: first.watermarkAt, untilAt, everyMs });
        const all = [...first.ticks, ...second.ticks];
        assert.deepEqual(
          all,
          [...new Set(all)].sort((a, b) => a - b),
        );
        const last = second.ticks.at(-1) ?? first.watermarkAt;
        const wanted = ticksBetween(after, {
          after: first.watermarkAt,
          until: last,
          limit: 10_000,
        });
        assert.deepEqual(
          second.ticks,
          [...wanted].map(({ at }) => at),
        );
      },
    ),
    { numRuns: 30 },
  );
});

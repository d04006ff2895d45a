import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ClockReading, NtpState, OtherClock } from './clock-reading.js';
import { judgeClock, judgeFirstLook, MAX_STEP_MS, type FirstLook } from './judge-clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 24, 12);

const BEFORE: ClockReading = { wallAt: START, bootMs: 1_000_000, monotonicMs: 900_000 };

/** A reading after some time, of which the machine slept a part, and a step of the wall clock. */
function after(passed: { awakeMs: number; asleepMs?: number; stepMs?: number }): ClockReading {
  const { awakeMs, asleepMs = 0, stepMs = 0 } = passed;
  return {
    wallAt: BEFORE.wallAt + awakeMs + asleepMs + stepMs,
    bootMs: BEFORE.bootMs + awakeMs + asleepMs,
    monotonicMs: BEFORE.monotonicMs + awakeMs,
  };
}

function board(name: string, aheadMs: number, isElsewhere = true): OtherClock {
  return { name, aheadMs, isElsewhere };
}

/** One line a case: what passed, who says what, and the verdict (of a hold, words of its reason). */
const CASES: readonly (readonly [
  title: string,
  passed: { awakeMs: number; asleepMs?: number; stepMs?: number },
  witnesses: { ntp?: NtpState; others?: readonly OtherClock[] },
  verdict: string,
])[] = [
  ['a minute passed', { awakeMs: MINUTE }, {}, 'steady'],
  ['a year passed', { awakeMs: 365 * DAY }, {}, 'steady'],
  ['a strobe of 2 s forward', { awakeMs: 500, stepMs: 2_000 }, {}, 'steady'],
  ['a strobe of 2 s back', { awakeMs: 500, stepMs: -2_000 }, {}, 'steady'],
  ['exactly 5 minutes forward', { awakeMs: 500, stepMs: 5 * MINUTE }, {}, 'steady'],
  ['exactly 5 minutes back', { awakeMs: 500, stepMs: -5 * MINUTE }, {}, 'steady'],
  ['5 minutes and 1 ms forward', { awakeMs: 500, stepMs: 5 * MINUTE + 1 }, {}, 'hold'],
  ['an hour back', { awakeMs: 500, stepMs: -HOUR }, {}, 'stepped_back -3600000'],
  [
    'an hour back, contradicted by all',
    { awakeMs: 500, stepMs: -HOUR },
    { ntp: 'unsynchronised', others: [board('cube2', HOUR)] },
    'stepped_back -3600000',
  ],
  ['8 hours asleep', { awakeMs: 500, asleepMs: 8 * HOUR }, {}, 'suspend 28800000'],
  [
    '8 hours asleep and a day too many',
    { awakeMs: 500, asleepMs: 8 * HOUR, stepMs: DAY },
    { ntp: 'unsynchronised' },
    'hold stepped forward by 1d to 2026-11-25T20:00:00.500Z',
  ],
  [
    'asleep, and the clock stood',
    { awakeMs: 500, asleepMs: HOUR, stepMs: -HOUR },
    {},
    'stepped_back -3600000',
  ],
  ['a day, nobody knows', { awakeMs: 500, stepMs: DAY }, {}, 'hold no time server (not known)'],
  [
    'a day, not synchronised',
    { awakeMs: 500, stepMs: DAY },
    { ntp: 'unsynchronised' },
    'hold no time server (not synchronised) and no other board',
  ],
  [
    'a day, synchronised',
    { awakeMs: 500, stepMs: DAY },
    { ntp: 'synchronised' },
    'synchronisation 86400000',
  ],
  [
    'a day, another board says so',
    { awakeMs: 500, stepMs: DAY },
    { others: [board('cube2', 1_000)] },
    'other_boards 86400000',
  ],
  [
    'a day, a container of this machine says so',
    { awakeMs: 500, stepMs: DAY },
    { others: [board('redis', 0, false)] },
    'hold no other board',
  ],
  [
    'a day, synchronised, and another board went on as we should have',
    { awakeMs: 500, stepMs: DAY },
    { ntp: 'synchronised', others: [board('cube2', -DAY)] },
    'hold by cube2 it is 2026-11-24T12:00:00.500Z',
  ],
  [
    'a day, and what may be a clock of this machine contradicts: so it is none',
    { awakeMs: 500, stepMs: DAY },
    { ntp: 'synchronised', others: [board('redis', -DAY, false)] },
    'hold by redis it is',
  ],
  [
    'one board for it and one against',
    { awakeMs: 500, stepMs: DAY },
    { others: [board('cube2', 0), board('cube3', -DAY)] },
    'hold by cube3 it is',
  ],
  [
    'two for it, one against',
    { awakeMs: 500, stepMs: DAY },
    { others: [board('cube2', 0), board('cube4', 0), board('cube3', -DAY)] },
    'other_boards 86400000',
  ],
  [
    'a board whose clock was wrong before says nothing',
    { awakeMs: 500, stepMs: DAY },
    { ntp: 'synchronised', others: [board('cube2', -40 * DAY)] },
    'synchronisation 86400000',
  ],
  [
    'eight minutes: a board between the two speaks for the nearer one',
    { awakeMs: 500, stepMs: 8 * MINUTE },
    { others: [board('cube2', -5 * MINUTE)] },
    'hold by cube2',
  ],
];

for (const [title, passed, { ntp = 'unknown', others = [] }, wanted] of CASES) {
  test(`${title}: ${wanted}`, () => {
    const verdict = judgeClock({ before: BEFORE, now: after(passed), ntp, others });
    switch (verdict.kind) {
      case 'steady':
        return assert.equal(wanted, 'steady');
      case 'stepped_back':
        return assert.equal(wanted, `stepped_back ${verdict.byMs}`);
      case 'stepped_forward_explained':
        return assert.equal(wanted, `${verdict.by} ${verdict.byMs}`);
      case 'hold': {
        const [kind, ...words] = wanted.split(' ');
        assert.equal(kind, 'hold');
        return assert.ok(verdict.reason.includes(words.join(' ')), verdict.reason);
      }
      default:
        return verdict satisfies never;
    }
  });
}

test('no step backward and no step of up to five minutes ever holds, whoever contradicts', () => {
  const other = fc.record({
    name: fc.constant('other'),
    aheadMs: fc.integer({ min: -10 * DAY, max: 10 * DAY }),
    isElsewhere: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.record({
        stepMs: fc.integer({ min: -400 * DAY, max: MAX_STEP_MS }),
        awakeMs: fc.nat(30 * DAY),
        asleepMs: fc.nat(30 * DAY),
        others: fc.array(other, { maxLength: 5 }),
        ntp: fc.constantFrom<NtpState>('synchronised', 'unsynchronised', 'unknown'),
      }),
      ({ stepMs, awakeMs, asleepMs, others, ntp }) => {
        const now = after({ awakeMs, asleepMs, stepMs });
        assert.notEqual(judgeClock({ before: BEFORE, now, ntp, others }).kind, 'hold');
      },
    ),
  );
});

const FIRST: FirstLook = {
  wallAt: START,
  releasedAt: START - DAY,
  lastSeenAt: START - HOUR,
  ntp: 'unsynchronised',
  others: [],
};

const FIRST_LOOKS: readonly (readonly [string, Partial<FirstLook>, string])[] = [
  ['not synchronised, and nothing else against it', {}, 'steady'],
  ['not synchronised, nothing known', { lastSeenAt: null }, 'steady'],
  ['it says 1970', { wallAt: 12_000 }, 'hold was made on 2026-11-23'],
  [
    'it says 1970 and claims to be synchronised',
    { wallAt: 12_000, ntp: 'synchronised' },
    'hold was made on',
  ],
  ['the very instant of the release', { wallAt: START - DAY, lastSeenAt: null }, 'steady'],
  [
    'an hour behind what a leader has seen',
    { lastSeenAt: START + HOUR },
    'hold 1h before a leader',
  ],
  ['5 minutes behind what a leader has seen', { lastSeenAt: START + 5 * MINUTE }, 'steady'],
  ['behind, but synchronised', { lastSeenAt: START + HOUR, ntp: 'synchronised' }, 'steady'],
  [
    'behind, and so is another board, after a power cut',
    { lastSeenAt: START + HOUR, others: [board('cube2', 0)] },
    'hold 1h before',
  ],
  [
    'ahead of another board',
    { others: [board('cube2', -DAY)] },
    'hold by cube2 it is at least 1d earlier',
  ],
  [
    'ahead of another board, but synchronised',
    { others: [board('cube2', -DAY)], ntp: 'synchronised' },
    'steady',
  ],
  [
    'ahead of one board, with two others',
    { others: [board('cube2', -DAY), board('cube3', 0), board('cube4', 9)] },
    'steady',
  ],
  ['behind another board, which may be wrong itself', { others: [board('cube2', DAY)] }, 'steady'],
];

for (const [title, change, wanted] of FIRST_LOOKS) {
  test(`at the start of a leader, ${title}: ${wanted}`, () => {
    const verdict = judgeFirstLook({ ...FIRST, ...change });
    const [kind, ...words] = wanted.split(' ');
    assert.equal(verdict.kind, kind);
    if (verdict.kind === 'hold')
      assert.ok(verdict.reason.includes(words.join(' ')), verdict.reason);
  });
}

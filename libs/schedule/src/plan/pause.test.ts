import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scheduleIdSchema } from '@petit/model';
import { pick, pickNumber, seededRandom } from '../random-pattern.fixture.js';
import { ticksBetween } from '../tick/next-tick.js';
import { heldSince, mergePauses, pauseAt, type Pause } from './pause.js';
import { planTicks } from './plan-ticks.js';
import {
  atTime,
  HOUR_MS,
  JOB,
  MINUTE_MS,
  scheduleOf,
  simulate,
  type Story,
} from './simulator.fixture.js';
import { DEFAULT_TICK_POLICY } from './tick-policy.js';

const SEED = Number(process.env['SCHEDULE_SEED'] ?? 20_261_124);

test('pauses that overlap or touch are one, others stay apart, and the open one swallows what follows', () => {
  const cases: readonly (readonly [readonly (readonly [number, number | null])[], unknown])[] = [
    [[], []],
    [[[1, 2]], [[1, 2]]],
    [
      [
        [5, 6],
        [1, 2],
      ],
      [
        [1, 2],
        [5, 6],
      ],
    ],
    [
      [
        [1, 4],
        [2, 3],
      ],
      [[1, 4]],
    ],
    [
      [
        [1, 3],
        [3, 5],
      ],
      [[1, 5]],
    ],
    [
      [
        [1, 3],
        [2, null],
        [4, 9],
      ],
      [[1, null]],
    ],
    [
      [
        [1, null],
        [2, 3],
      ],
      [[1, null]],
    ],
  ];
  for (const [pauses, wanted] of cases) {
    const merged = mergePauses(pauses.map(([fromAt, untilAt]) => ({ fromAt, untilAt })));
    assert.deepEqual(
      merged.map(({ fromAt, untilAt }) => [fromAt, untilAt]),
      wanted,
    );
  }
});

test('a tick at the beginning of a pause is not in it, one at its end is', () => {
  const pauses: readonly Pause[] = [{ fromAt: 10, untilAt: 20 }];
  const inside = [10, 11, 20, 21].filter((at) => pauseAt(pauses, at) !== null);
  assert.deepEqual(inside, [11, 20]);
  assert.equal(heldSince(pauses), null);
  assert.equal(heldSince([...pauses, { fromAt: 30, untilAt: null }]), 30);
});

const LONG_PAUSE: Story = {
  text: '* * * * *',
  from: '08:59:30',
  until: '12:22',
  pauses: [['09:00:30', '12:20:30']],
};
const WHILE_PAUSED =
  'skipped_paused: due while paused, from 2026-11-24T09:00:30.000Z to 2026-11-24T12:20:30.000Z';

function minutes(from: string, until: string): readonly string[] {
  const range = { after: atTime(from) - 1, until: atTime(until), limit: 1_000 };
  return ticksBetween(scheduleOf('* * * * *'), range).map(({ wall }) => wall.slice(11, 16));
}

interface Case {
  readonly title: string;
  readonly story: Story;
  readonly decisions: readonly string[];
  readonly runs: readonly string[];
}

const POLICIES: readonly Case[] = [
  {
    title:
      'after a pause of 200 intervals the newest runs, the others are skipped one by one, the oldest together',
    story: LONG_PAUSE,
    decisions: [
      '09:00 run',
      `09:01..10:39 (99) ${WHILE_PAUSED}; catchup is latest, so only the newest, 2026-11-24T12:20:00 UTC, may run`,
      ...minutes('10:40', '12:19').map(
        (minute) =>
          `${minute} ${WHILE_PAUSED}; catchup is latest, so only the newest, 2026-11-24T12:20:00 UTC, may run`,
      ),
      '12:20 run: caught up 30s after it was due, as catchup is latest',
      '12:21 run',
      '12:22 run',
    ],
    runs: [
      '09:00 ran 09:00-09:00:01',
      '12:20 ran 12:20:30-12:20:31',
      '12:21 ran 12:21-12:21:01',
      '12:22 ran 12:22-12:22:01',
    ],
  },
  {
    title: 'after a pause of 200 intervals with catchup: none all of them are skipped',
    story: { ...LONG_PAUSE, policy: { catchup: { policy: 'none', windowMs: HOUR_MS, max: 100 } } },
    decisions: [
      '09:00 run',
      `09:01..10:40 (100) ${WHILE_PAUSED}; catchup is none`,
      ...minutes('10:41', '12:20').map((minute) => `${minute} ${WHILE_PAUSED}; catchup is none`),
      '12:21 run',
      '12:22 run',
    ],
    runs: ['09:00 ran 09:00-09:00:01', '12:21 ran 12:21-12:21:01', '12:22 ran 12:22-12:22:01'],
  },
  {
    title:
      'after a pause of 200 intervals with catchup: all those within window and cap run, spaced out',
    story: { ...LONG_PAUSE, policy: { catchup: { policy: 'all', windowMs: HOUR_MS, max: 3 } } },
    decisions: [
      '09:00 run',
      `09:01..10:37 (97) ${WHILE_PAUSED}; catchup is all, for the newest 3 within 1h`,
      ...minutes('10:38', '12:17').map(
        (minute) => `${minute} ${WHILE_PAUSED}; catchup is all, for the newest 3 within 1h`,
      ),
      '12:18 run: caught up 2m30s after it was due, as catchup is all',
      '12:19 run: caught up 1m30s after it was due, as catchup is all',
      '12:20 run: caught up 30s after it was due, as catchup is all',
      '12:21 run',
      '12:22 run',
    ],
    runs: [
      '09:00 ran 09:00-09:00:01',
      '12:18 ran 12:20:30-12:20:31',
      '12:19 ran 12:20:35-12:20:36',
      '12:20 ran 12:20:40-12:20:41',
      '12:21 ran 12:21-12:21:01',
      '12:22 ran 12:22-12:22:01',
    ],
  },
  {
    title: 'while a pause goes on nothing in it is decided, what was due before is',
    story: { text: '*/10 * * * *', from: '11:55', until: '14:00', pauses: [['12:10', null]] },
    decisions: ['12:00 run', '12:10 run'],
    runs: ['12:00 ran 12:00-12:00:01', '12:10 ran 12:10-12:10:01'],
  },
  {
    title:
      'the pause of a job and that of all are one where they overlap, and two where they do not',
    story: {
      text: '*/10 * * * *',
      from: '11:55',
      until: '14:00',
      pauses: [
        ['12:05', '12:45'],
        ['12:25', '13:05'],
        ['13:35', '13:45'],
      ],
    },
    decisions: [
      '12:00 run',
      ...['12:10', '12:20', '12:30', '12:40', '12:50'].map(
        (time) =>
          `${time} skipped_paused: due while paused, from 2026-11-24T12:05:00.000Z to 2026-11-24T13:05:00.000Z; catchup is latest, so only the newest, 2026-11-24T13:00:00 UTC, may run`,
      ),
      '13:00 run: caught up 5m after it was due, as catchup is latest',
      '13:10 run',
      '13:20 run',
      '13:30 run',
      '13:40 run: caught up 5m after it was due, as catchup is latest',
      '13:50 run',
      '14:00 run',
    ],
    runs: [
      '12:00 ran 12:00-12:00:01',
      '13:00 ran 13:05-13:05:01',
      '13:10 ran 13:10-13:10:01',
      '13:20 ran 13:20-13:20:01',
      '13:30 ran 13:30-13:30:01',
      '13:40 ran 13:45-13:45:01',
      '13:50 ran 13:50-13:50:01',
      '14:00 ran 14:00-14:00:01',
    ],
  },
  {
    title:
      'two pauses that were never decided about are told apart, and the time between them is an outage',
    story: {
      text: '*/10 * * * *',
      from: '11:55',
      until: '13:10',
      outages: [['12:06', '13:05']],
      pauses: [
        ['12:05', '12:15'],
        ['12:45', '12:55'],
      ],
    },
    decisions: [
      '12:00 run',
      '12:10 skipped_paused: due while paused, from 2026-11-24T12:05:00.000Z to 2026-11-24T12:15:00.000Z; catchup is latest, so only the newest, 2026-11-24T13:00:00 UTC, may run',
      ...[
        ['12:20', '45m1s'],
        ['12:30', '35m1s'],
        ['12:40', '25m1s'],
      ].map(
        ([time, late]) =>
          `${time} missed_catchup: decided ${late} after it was due; catchup is latest, so only the newest, 2026-11-24T13:00:00 UTC, may run`,
      ),
      '12:50 skipped_paused: due while paused, from 2026-11-24T12:45:00.000Z to 2026-11-24T12:55:00.000Z; catchup is latest, so only the newest, 2026-11-24T13:00:00 UTC, may run',
      '13:00 run: caught up 5m1s after it was due, as catchup is latest',
      '13:10 run',
    ],
    runs: ['12:00 ran 12:00-12:00:01', '13:00 ran 13:05:01-13:05:02', '13:10 ran 13:10-13:10:01'],
  },
];

for (const { title, story, decisions, runs } of POLICIES) {
  test(title, () => {
    const told = simulate(story);
    assert.deepEqual(told.lines, decisions);
    assert.deepEqual(told.runs, runs);
  });
}

test('a schedule that goes out of force while it is paused leaves nothing undecided and starts nothing', () => {
  const [plan] = planTicks({
    due: [
      {
        scheduleId: scheduleIdSchema.parse(`${JOB}@only`),
        jobId: JOB,
        schedule: scheduleOf('*/10 * * * *'),
        watermarkAt: atTime('12:00'),
        policy: DEFAULT_TICK_POLICY,
        pauses: [{ fromAt: atTime('12:15'), untilAt: null }],
        force: 'retired',
      },
    ],
    now: atTime('12:30'),
    runs: () => ({ live: 0, waiting: 0 }),
    release: { fromAt: 0, everyMs: 5_000 },
  });
  assert.deepEqual(
    plan?.decisions.map(({ last, outcome, reason }) => [last.wall.slice(11, 16), outcome, reason]),
    [
      [
        '12:10',
        'run',
        { token: 'caught_up', text: 'caught up 20m after it was due, as catchup is latest' },
      ],
      ...['12:20', '12:30'].map((time) => [
        time,
        'skipped_paused',
        {
          token: 'skipped_paused',
          text: 'due while paused, since 2026-11-24T12:15:00.000Z; its schedule went out of force at 2026-11-24T12:30:00.000Z, before it was resumed',
        },
      ]),
    ],
  );
});

test('every tick has exactly one decision, in order, whatever is paused and away, and none of a pause that goes on', (t) => {
  const random = seededRandom(SEED);
  let [ticks, skipped, held] = [0, 0, 0];
  for (let round = 0; round < 60; round += 1) {
    const story = randomStory(random);
    const schedule = scheduleOf(story.text);
    const covered = simulate(story).decisions.flatMap(({ first, last, count, outcome }) => {
      const range = { after: first.at - 1, until: last.at, limit: 10_000 };
      const ats = ticksBetween(schedule, range).map(({ at }) => at);
      assert.equal(ats.length, count);
      if (outcome === 'skipped_paused') skipped += count;
      return ats;
    });
    const openFrom = (story.pauses ?? []).find(([, until]) => until === null)?.[0];
    const until = openFrom ?? story.until;
    const all = { after: atTime(story.from), until: atTime(until), limit: 10_000 };
    const wanted = ticksBetween(schedule, all).map(({ at }) => at);
    const about = `seed ${SEED}: ${JSON.stringify(story)}`;
    // What an outage or a pause at the end holds is still to come: what is decided has no hole and no double.
    assert.deepEqual(covered, wanted.slice(0, covered.length), about);
    if (openFrom !== undefined) held += 1;
    ticks += covered.length;
  }
  t.diagnostic(`seed ${SEED}: ${ticks} ticks, ${skipped} skipped while paused`);
  assert.ok(ticks > 3_000 && skipped > 500 && held > 5, `${ticks} ${skipped} ${held}`);
});

function randomStory(random: () => number): Story {
  const time = (from: number, until: number): string =>
    new Date(atTime('00:00') + pickNumber(random, from, until) * MINUTE_MS)
      .toISOString()
      .slice(11, 16);
  const stretch = (): readonly [string, string] => {
    const from = pickNumber(random, 180, 400);
    return [time(from, from), time(from + 1, from + 90)];
  };
  const open = pick(random, [true, false, false]) ? [[time(300, 420), null] as const] : [];
  return {
    text: pick(random, ['* * * * *', '*/7 * * * *', '13,40 * * * *']),
    from: '02:00',
    until: '08:30',
    outages: pick(random, [[], [stretch()], [stretch(), stretch()]]),
    pauses: [...pick(random, [[stretch()], [stretch(), stretch()]]), ...open],
    policy: {
      overlap: pick(random, ['skip', 'queue', 'queue_all', 'allow']),
      catchup: {
        policy: pick(random, ['none', 'latest', 'all']),
        windowMs: pickNumber(random, 10, 300) * MINUTE_MS,
        max: pickNumber(random, 1, 40),
      },
    },
    runsTakeMs: pickNumber(random, 1, 20) * MINUTE_MS,
  };
}

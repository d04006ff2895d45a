import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR_MS, MINUTE_MS, simulate, type Story } from './simulator.fixture.js';

/** Nobody decides for almost two hours. */
const OUTAGE: Story = {
  text: '*/10 * * * *',
  from: '11:55',
  until: '14:10',
  outages: [['12:05', '13:55']],
};

interface Case {
  readonly title: string;
  readonly story: Story;
  readonly decisions: readonly string[];
  readonly runs: readonly string[];
}

const POLICIES: readonly Case[] = [
  {
    title: 'catchup: none runs nothing of what was missed',
    story: { ...OUTAGE, policy: { catchup: { policy: 'none', windowMs: HOUR_MS, max: 100 } } },
    decisions: [
      '12:00 run',
      '12:10 missed_window: decided 1h45m after it was due, later than the catchup_window of 1h',
      '12:20 missed_window: decided 1h35m after it was due, later than the catchup_window of 1h',
      '12:30 missed_window: decided 1h25m after it was due, later than the catchup_window of 1h',
      '12:40 missed_window: decided 1h15m after it was due, later than the catchup_window of 1h',
      '12:50 missed_window: decided 1h5m after it was due, later than the catchup_window of 1h',
      '13:00 missed_catchup: decided 55m1s after it was due; catchup is none',
      '13:10 missed_catchup: decided 45m1s after it was due; catchup is none',
      '13:20 missed_catchup: decided 35m1s after it was due; catchup is none',
      '13:30 missed_catchup: decided 25m1s after it was due; catchup is none',
      '13:40 missed_catchup: decided 15m1s after it was due; catchup is none',
      '13:50 missed_catchup: decided 5m1s after it was due; catchup is none',
      '14:00 run',
      '14:10 run',
    ],
    runs: ['12:00 ran 12:00-12:00:01', '14:00 ran 14:00-14:00:01', '14:10 ran 14:10-14:10:01'],
  },
  {
    title: 'catchup: latest runs the newest tick that was missed',
    story: { ...OUTAGE, policy: { catchup: { policy: 'latest', windowMs: HOUR_MS, max: 100 } } },
    decisions: [
      '12:00 run',
      '12:10 missed_window: decided 1h45m after it was due, later than the catchup_window of 1h',
      '12:20 missed_window: decided 1h35m after it was due, later than the catchup_window of 1h',
      '12:30 missed_window: decided 1h25m after it was due, later than the catchup_window of 1h',
      '12:40 missed_window: decided 1h15m after it was due, later than the catchup_window of 1h',
      '12:50 missed_window: decided 1h5m after it was due, later than the catchup_window of 1h',
      '13:00 missed_catchup: decided 55m1s after it was due; catchup is latest, so only the newest, 2026-11-24T13:50:00 UTC, may run',
      '13:10 missed_catchup: decided 45m1s after it was due; catchup is latest, so only the newest, 2026-11-24T13:50:00 UTC, may run',
      '13:20 missed_catchup: decided 35m1s after it was due; catchup is latest, so only the newest, 2026-11-24T13:50:00 UTC, may run',
      '13:30 missed_catchup: decided 25m1s after it was due; catchup is latest, so only the newest, 2026-11-24T13:50:00 UTC, may run',
      '13:40 missed_catchup: decided 15m1s after it was due; catchup is latest, so only the newest, 2026-11-24T13:50:00 UTC, may run',
      '13:50 run: caught up 5m1s after it was due, as catchup is latest',
      '14:00 run',
      '14:10 run',
    ],
    runs: [
      '12:00 ran 12:00-12:00:01',
      '13:50 ran 13:55:01-13:55:02',
      '14:00 ran 14:00-14:00:01',
      '14:10 ran 14:10-14:10:01',
    ],
  },
  {
    title: 'catchup: latest runs nothing of what was missed where a tick is due just then',
    story: { ...OUTAGE, outages: [['12:45', '13:10:20']], until: '13:20' },
    decisions: [
      '12:00 run',
      '12:10 run',
      '12:20 run',
      '12:30 run',
      '12:40 run',
      '12:50 missed_catchup: decided 20m21s after it was due; catchup is latest, so only the newest, 2026-11-24T13:10:00 UTC, may run',
      '13:00 missed_catchup: decided 10m21s after it was due; catchup is latest, so only the newest, 2026-11-24T13:10:00 UTC, may run',
      '13:10 run',
      '13:20 run',
    ],
    runs: [
      '12:00 ran 12:00-12:00:01',
      '12:10 ran 12:10-12:10:01',
      '12:20 ran 12:20-12:20:01',
      '12:30 ran 12:30-12:30:01',
      '12:40 ran 12:40-12:40:01',
      '13:10 ran 13:10:21-13:10:22',
      '13:20 ran 13:20-13:20:01',
    ],
  },
  {
    title: 'catchup: latest is left out where the job runs still and overlap is skip',
    story: { ...OUTAGE, runsTakeMs: 3 * HOUR_MS, outages: [['12:05', '12:25']], until: '12:30' },
    decisions: [
      '12:00 run',
      '12:10 missed_catchup: decided 15m1s after it was due; catchup is latest, so only the newest, 2026-11-24T12:20:00 UTC, may run',
      '12:20 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:30 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
    ],
    runs: ['12:00 ran 12:00-15:00'],
  },
  {
    title: 'catchup: all runs what is within the window, one release after the other',
    story: {
      ...OUTAGE,
      policy: { catchup: { policy: 'all', windowMs: HOUR_MS, max: 100 }, overlap: 'allow' },
    },
    decisions: [
      '12:00 run',
      '12:10 missed_window: decided 1h45m after it was due, later than the catchup_window of 1h',
      '12:20 missed_window: decided 1h35m after it was due, later than the catchup_window of 1h',
      '12:30 missed_window: decided 1h25m after it was due, later than the catchup_window of 1h',
      '12:40 missed_window: decided 1h15m after it was due, later than the catchup_window of 1h',
      '12:50 missed_window: decided 1h5m after it was due, later than the catchup_window of 1h',
      '13:00 run: caught up 55m1s after it was due, as catchup is all',
      '13:10 run: caught up 45m1s after it was due, as catchup is all',
      '13:20 run: caught up 35m1s after it was due, as catchup is all',
      '13:30 run: caught up 25m1s after it was due, as catchup is all',
      '13:40 run: caught up 15m1s after it was due, as catchup is all',
      '13:50 run: caught up 5m1s after it was due, as catchup is all',
      '14:00 run',
      '14:10 run',
    ],
    runs: [
      '12:00 ran 12:00-12:00:01',
      '13:00 ran 13:55:01-13:55:02',
      '13:10 ran 13:55:06-13:55:07',
      '13:20 ran 13:55:11-13:55:12',
      '13:30 ran 13:55:16-13:55:17',
      '13:40 ran 13:55:21-13:55:22',
      '13:50 ran 13:55:26-13:55:27',
      '14:00 ran 14:00-14:00:01',
      '14:10 ran 14:10-14:10:01',
    ],
  },
  {
    title: 'catchup: all runs no more than max_catchup, the newest',
    story: {
      ...OUTAGE,
      policy: { catchup: { policy: 'all', windowMs: HOUR_MS, max: 4 }, overlap: 'allow' },
    },
    decisions: [
      '12:00 run',
      '12:10 missed_window: decided 1h45m after it was due, later than the catchup_window of 1h',
      '12:20 missed_window: decided 1h35m after it was due, later than the catchup_window of 1h',
      '12:30 missed_window: decided 1h25m after it was due, later than the catchup_window of 1h',
      '12:40 missed_window: decided 1h15m after it was due, later than the catchup_window of 1h',
      '12:50 missed_window: decided 1h5m after it was due, later than the catchup_window of 1h',
      '13:00 missed_catchup: decided 55m1s after it was due; catchup is all, for the newest 4 within 1h',
      '13:10 missed_catchup: decided 45m1s after it was due; catchup is all, for the newest 4 within 1h',
      '13:20 run: caught up 35m1s after it was due, as catchup is all',
      '13:30 run: caught up 25m1s after it was due, as catchup is all',
      '13:40 run: caught up 15m1s after it was due, as catchup is all',
      '13:50 run: caught up 5m1s after it was due, as catchup is all',
      '14:00 run',
      '14:10 run',
    ],
    runs: [
      '12:00 ran 12:00-12:00:01',
      '13:20 ran 13:55:01-13:55:02',
      '13:30 ran 13:55:06-13:55:07',
      '13:40 ran 13:55:11-13:55:12',
      '13:50 ran 13:55:16-13:55:17',
      '14:00 ran 14:00-14:00:01',
      '14:10 ran 14:10-14:10:01',
    ],
  },
  {
    title: 'catchup: all of more runs than one plan may have keeps its releases apart',
    story: {
      ...OUTAGE,
      text: '*/5 * * * *',
      outages: [['12:01', '13:21']],
      until: '13:25',
      releaseEveryMs: 10_000,
      policy: { catchup: { policy: 'all', windowMs: HOUR_MS, max: 12 }, overlap: 'allow' },
    },
    decisions: [
      '12:00 run',
      '12:05 missed_window: decided 1h16m after it was due, later than the catchup_window of 1h',
      '12:10 missed_window: decided 1h11m after it was due, later than the catchup_window of 1h',
      '12:15 missed_window: decided 1h6m after it was due, later than the catchup_window of 1h',
      '12:20 missed_window: decided 1h1m after it was due, later than the catchup_window of 1h',
      '12:25 run: caught up 56m1s after it was due, as catchup is all',
      '12:30 run: caught up 51m1s after it was due, as catchup is all',
      '12:35 run: caught up 46m1s after it was due, as catchup is all',
      '12:40 run: caught up 41m1s after it was due, as catchup is all',
      '12:45 run: caught up 36m1s after it was due, as catchup is all',
      '12:50 run: caught up 31m1s after it was due, as catchup is all',
      '12:55 run: caught up 26m1s after it was due, as catchup is all',
      '13:00 run: caught up 21m1s after it was due, as catchup is all',
      '13:05 run: caught up 16m1s after it was due, as catchup is all',
      '13:10 run: caught up 11m1s after it was due, as catchup is all',
      '13:15 run: caught up 6m1s after it was due, as catchup is all',
      '13:20 run: caught up 1m1s after it was due, as catchup is all',
      '13:25 run',
    ],
    runs: [
      '12:00 ran 12:00-12:00:01',
      '12:25 ran 13:21:01-13:21:02',
      '12:30 ran 13:21:11-13:21:12',
      '12:35 ran 13:21:21-13:21:22',
      '12:40 ran 13:21:31-13:21:32',
      '12:45 ran 13:21:41-13:21:42',
      '12:50 ran 13:21:51-13:21:52',
      '12:55 ran 13:22:01-13:22:02',
      '13:00 ran 13:22:11-13:22:12',
      '13:05 ran 13:22:21-13:22:22',
      '13:10 ran 13:22:31-13:22:32',
      '13:15 ran 13:22:41-13:22:42',
      '13:20 ran 13:22:51-13:22:52',
      '13:25 ran 13:25-13:25:01',
    ],
  },
  {
    title:
      'catchup: all lets a live tick go first, and with overlap: skip the runs follow one another',
    story: {
      ...OUTAGE,
      runsTakeMs: 2 * MINUTE_MS,
      outages: [['12:05', '12:50']],
      until: '13:20',
      policy: { catchup: { policy: 'all', windowMs: HOUR_MS, max: 100 } },
    },
    decisions: [
      '12:00 run',
      '12:10 run: caught up 40m1s after it was due, as catchup is all',
      '12:20 run: caught up 30m1s after it was due, as catchup is all',
      '12:30 run: caught up 20m1s after it was due, as catchup is all',
      '12:40 run: caught up 10m1s after it was due, as catchup is all',
      '12:50 run',
      '13:00 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '13:10 run',
      '13:20 run',
    ],
    runs: [
      '12:00 ran 12:00-12:02',
      '12:10 ran 12:52:01-12:54:01',
      '12:20 ran 12:54:01-12:56:01',
      '12:30 ran 12:56:01-12:58:01',
      '12:40 ran 12:58:01-13:00:01',
      '12:50 ran 12:50:01-12:52:01',
      '13:10 ran 13:10-13:12',
      '13:20 ran 13:20-13:22',
    ],
  },
  {
    title: 'catchup: all waits for a run that goes on still',
    story: {
      ...OUTAGE,
      runsTakeMs: 30 * MINUTE_MS,
      outages: [['12:05', '12:25']],
      until: '13:00',
      policy: { catchup: { policy: 'all', windowMs: HOUR_MS, max: 100 } },
    },
    decisions: [
      '12:00 run',
      '12:10 run: caught up 15m1s after it was due, as catchup is all',
      '12:20 run: caught up 5m1s after it was due, as catchup is all',
      '12:30 run',
      '12:40 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:50 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '13:00 run',
    ],
    runs: [
      '12:00 ran 12:00-12:30',
      '12:10 waits',
      '12:20 waits',
      '12:30 ran 12:30-13:00',
      '13:00 ran 13:00-13:30',
    ],
  },
];

for (const { title, story, decisions, runs } of POLICIES) {
  test(title, () => {
    const told = simulate(story);
    assert.deepEqual(told.lines, decisions);
    assert.deepEqual(told.runs, runs);
  });
}

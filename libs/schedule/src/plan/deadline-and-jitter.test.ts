import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR_MS, MINUTE_MS, simulate, type Story } from './simulator.fixture.js';

const ALL = { policy: 'all', windowMs: 24 * HOUR_MS, max: 100 } as const;

interface Case {
  readonly title: string;
  readonly story: Story;
  readonly decisions: readonly string[];
  readonly runs: readonly string[];
}

const POLICIES: readonly Case[] = [
  {
    title: 'start_deadline: what is decided later than that has expired, the rest is caught up',
    story: {
      text: '*/10 * * * *',
      from: '11:55',
      until: '13:00',
      outages: [['12:05', '12:47']],
      policy: { startDeadlineMs: 20 * MINUTE_MS, catchup: ALL },
    },
    decisions: [
      '12:00 run',
      '12:10 expired: decided 37m1s after it was due, later than its start_deadline of 20m',
      '12:20 expired: decided 27m1s after it was due, later than its start_deadline of 20m',
      '12:30 run: caught up 17m1s after it was due, as catchup is all',
      '12:40 run: caught up 7m1s after it was due, as catchup is all',
      '12:50 run',
      '13:00 run',
    ],
    runs: [
      '12:00 ran 12:00-12:00:01',
      '12:30 ran 12:47:01-12:47:02',
      '12:40 ran 12:47:06-12:47:07',
      '12:50 ran 12:50-12:50:01',
      '13:00 ran 13:00-13:00:01',
    ],
  },
  {
    title: 'start_deadline: a tick that is decided at its deadline still runs',
    story: {
      text: '0 12 * * *',
      from: '11:55',
      until: '12:21',
      outages: [['11:58', '12:19:59']],
      policy: { startDeadlineMs: 20 * MINUTE_MS },
    },
    decisions: ['12:00 run: caught up 20m after it was due, as catchup is latest'],
    runs: ['12:00 ran 12:20-12:20:01'],
  },
  {
    title: 'start_deadline: one a second later has expired',
    story: {
      text: '0 12 * * *',
      from: '11:55',
      until: '12:21',
      outages: [['11:58', '12:20']],
      policy: { startDeadlineMs: 20 * MINUTE_MS },
    },
    decisions: [
      '12:00 expired: decided 20m1s after it was due, later than its start_deadline of 20m',
    ],
    runs: [],
  },
  {
    title: 'start_deadline: a short one makes even a tick in its time expire',
    story: {
      text: '0 12 * * *',
      from: '11:55',
      until: '12:02',
      outages: [['11:58', '12:00:20']],
      policy: { startDeadlineMs: 10_000 },
    },
    decisions: [
      '12:00 expired: decided 21s after it was due, later than its start_deadline of 10s',
    ],
    runs: [],
  },
  {
    title: 'jitter: every run begins by the same part of it after its tick',
    story: {
      text: '*/10 * * * *',
      from: '11:55',
      until: '12:25',
      policy: { jitterMs: 5 * MINUTE_MS },
    },
    decisions: ['12:00 run', '12:10 run', '12:20 run'],
    runs: [
      '12:00 ran 12:00:55-12:00:56',
      '12:10 ran 12:10:55-12:10:56',
      '12:20 ran 12:20:55-12:20:56',
    ],
  },
  {
    title: 'jitter: a run that waits by it counts for the next tick',
    story: {
      text: '*/10 * * * * *',
      from: '11:59:55',
      until: '12:01:10',
      policy: { jitterMs: 5 * MINUTE_MS },
    },
    decisions: [
      '12:00 run',
      '12:00:10 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:00:20 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:00:30 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:00:40 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:00:50 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:01 run',
      '12:01:10 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
    ],
    runs: ['12:00 ran 12:00:55-12:00:56', '12:01 waits'],
  },
  {
    title: 'jitter: what is caught up has none',
    story: {
      text: '*/10 * * * *',
      from: '11:55',
      until: '12:40',
      outages: [['12:05', '12:35']],
      policy: { jitterMs: 5 * MINUTE_MS },
    },
    decisions: [
      '12:00 run',
      '12:10 missed_catchup: decided 25m1s after it was due; catchup is latest, so only the newest, 2026-11-24T12:30:00 UTC, may run',
      '12:20 missed_catchup: decided 15m1s after it was due; catchup is latest, so only the newest, 2026-11-24T12:30:00 UTC, may run',
      '12:30 run: caught up 5m1s after it was due, as catchup is latest',
      '12:40 run',
    ],
    runs: ['12:00 ran 12:00:55-12:00:56', '12:30 ran 12:35:01-12:35:02', '12:40 waits'],
  },
];

for (const { title, story, decisions, runs } of POLICIES) {
  test(title, () => {
    const told = simulate(story);
    assert.deepEqual(told.lines, decisions);
    assert.deepEqual(told.runs, runs);
  });
}

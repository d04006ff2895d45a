import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE_MS, simulate, type Story } from './simulator.fixture.js';

/** Every run takes two and a half intervals. */
const RUSH_HOUR: Story = {
  text: '*/10 * * * *',
  runsTakeMs: 25 * MINUTE_MS,
  from: '11:55',
  until: '13:00',
};

interface Case {
  readonly title: string;
  readonly story: Story;
  readonly decisions: readonly string[];
  readonly runs: readonly string[];
}

const POLICIES: readonly Case[] = [
  {
    title: 'overlap: skip leaves out every tick that finds the job running',
    story: { ...RUSH_HOUR, policy: { overlap: 'skip' } },
    decisions: [
      '12:00 run',
      '12:10 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:20 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:30 run',
      '12:40 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:50 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '13:00 run',
    ],
    runs: ['12:00 ran 12:00-12:25', '12:30 ran 12:30-12:55', '13:00 ran 13:00-13:25'],
  },
  {
    title: 'overlap: queue keeps one run waiting and leaves out those after it',
    story: { ...RUSH_HOUR, policy: { overlap: 'queue' } },
    decisions: [
      '12:00 run',
      '12:10 run',
      '12:20 skipped_overlap: overlap is queue, and a run of the job waits already',
      '12:30 run',
      '12:40 skipped_overlap: overlap is queue, and a run of the job waits already',
      '12:50 skipped_overlap: overlap is queue, and a run of the job waits already',
      '13:00 run',
    ],
    runs: [
      '12:00 ran 12:00-12:25',
      '12:10 ran 12:25-12:50',
      '12:30 ran 12:50-13:15',
      '13:00 waits',
    ],
  },
  {
    title: 'overlap: queue with max_concurrency 2 lets two run and one wait',
    story: { ...RUSH_HOUR, policy: { overlap: 'queue', maxConcurrency: 2 } },
    decisions: [
      '12:00 run',
      '12:10 run',
      '12:20 run',
      '12:30 run',
      '12:40 run',
      '12:50 skipped_overlap: overlap is queue, and a run of the job waits already',
      '13:00 run',
    ],
    runs: [
      '12:00 ran 12:00-12:25',
      '12:10 ran 12:10-12:35',
      '12:20 ran 12:25-12:50',
      '12:30 ran 12:35-13:00',
      '12:40 ran 12:50-13:15',
      '13:00 ran 13:00-13:25',
    ],
  },
  {
    title: 'overlap: queue_all leaves out none, and they run one after the other',
    story: { ...RUSH_HOUR, policy: { overlap: 'queue_all' } },
    decisions: [
      '12:00 run',
      '12:10 run',
      '12:20 run',
      '12:30 run',
      '12:40 run',
      '12:50 run',
      '13:00 run',
    ],
    runs: [
      '12:00 ran 12:00-12:25',
      '12:10 ran 12:25-12:50',
      '12:20 ran 12:50-13:15',
      '12:30 waits',
      '12:40 waits',
      '12:50 waits',
      '13:00 waits',
    ],
  },
  {
    title: 'overlap: cancel_previous ends the run before for each tick',
    story: { ...RUSH_HOUR, policy: { overlap: 'cancel_previous' } },
    decisions: [
      '12:00 run',
      '12:10 run',
      '12:20 run',
      '12:30 run',
      '12:40 run',
      '12:50 run',
      '13:00 run',
    ],
    runs: [
      '12:00 ran 12:00-12:10',
      '12:10 ran 12:10-12:20',
      '12:20 ran 12:20-12:30',
      '12:30 ran 12:30-12:40',
      '12:40 ran 12:40-12:50',
      '12:50 ran 12:50-13:00',
      '13:00 ran 13:00-13:25',
    ],
  },
  {
    title: 'overlap: allow runs side by side up to max_concurrency',
    story: { ...RUSH_HOUR, policy: { overlap: 'allow', maxConcurrency: 2 } },
    decisions: [
      '12:00 run',
      '12:10 run',
      '12:20 skipped_overlap: max_concurrency is 2, and 2 runs of the job have not ended',
      '12:30 run',
      '12:40 run',
      '12:50 skipped_overlap: max_concurrency is 2, and 2 runs of the job have not ended',
      '13:00 run',
    ],
    runs: [
      '12:00 ran 12:00-12:25',
      '12:10 ran 12:10-12:35',
      '12:30 ran 12:30-12:55',
      '12:40 ran 12:40-13:05',
      '13:00 ran 13:00-13:25',
    ],
  },
  {
    title: 'overlap: allow without a limit runs every tick in its time',
    story: { ...RUSH_HOUR, policy: { overlap: 'allow' } },
    decisions: [
      '12:00 run',
      '12:10 run',
      '12:20 run',
      '12:30 run',
      '12:40 run',
      '12:50 run',
      '13:00 run',
    ],
    runs: [
      '12:00 ran 12:00-12:25',
      '12:10 ran 12:10-12:35',
      '12:20 ran 12:20-12:45',
      '12:30 ran 12:30-12:55',
      '12:40 ran 12:40-13:05',
      '12:50 ran 12:50-13:15',
      '13:00 ran 13:00-13:25',
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

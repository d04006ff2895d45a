import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema, runIdSchema, scheduleIdSchema } from '../ids.js';
import { reason } from './reason.js';
import type { RunTrigger } from './run.js';
import { compareTurns, decideTurn, type OrderedHeader, type TurnInput } from './turn.js';

const NOW = 1_000_000;
const SCHEDULE: RunTrigger = {
  kind: 'schedule',
  scheduleId: scheduleIdSchema.parse('s'),
  tickAt: 1,
  wall: '2026-11-24T00:00:00',
  zone: 'UTC',
};
const MANUAL: RunTrigger = { kind: 'manual', by: 'test', idempotencyKey: null };
const BACKFILL: RunTrigger = { ...SCHEDULE, kind: 'backfill', by: 'test' };
const RUN_ID = runIdSchema.parse('11111111-1111-8111-8111-111111111111');
const JOBS: RunTrigger = {
  kind: 'jobs',
  upstream: [{ jobId: jobIdSchema.parse('up'), runId: RUN_ID }],
};

interface Given extends Partial<Omit<TurnInput, 'header' | 'job'>> {
  readonly header?: Partial<TurnInput['header']>;
  readonly job?: Partial<TurnInput['job']>;
}

function decide({ header, job, ...rest }: Given): string {
  const turn = decideTurn({
    ofJob: { begun: 0, waitingBefore: 0 },
    begun: 0,
    maxConcurrentJobs: null,
    unmet: null,
    isPaused: false,
    now: NOW,
    ...rest,
    header: { trigger: SCHEDULE, notBefore: null, wait: null, cancelsPrevious: false, ...header },
    job: { overlap: 'skip', maxConcurrency: null, onUnmet: 'wait', ...job },
  });
  if (turn.kind === 'begin') return 'begin';
  return `${turn.for}: ${turn.reason.token}${turn.cancelsEarlier ? ', cancels' : ''}`;
}

const ONE_BEGUN = { begun: 1, waitingBefore: 0 };
const ONE_WAITS = { begun: 0, waitingBefore: 1 };
const FULL = { begun: 3, maxConcurrentJobs: 3 };
const CAUGHT_UP = reason('caught_up', 'released later');

const CASES: readonly (readonly [title: string, given: Given, wanted: string])[] = [
  ['with nothing in its way begins', {}, 'begin'],
  [
    'is not looked at before its instant, whatever else holds it',
    {
      header: { notBefore: NOW + 1, wait: CAUGHT_UP },
      isPaused: true,
      unmet: 'x',
      ofJob: ONE_BEGUN,
      ...FULL,
    },
    'instant: caught_up',
  ],
  ['begins at its instant', { header: { notBefore: NOW, wait: CAUGHT_UP } }, 'begin'],
  [
    'with an instant and no word for it has one',
    { header: { notBefore: NOW + 1 } },
    'instant: caught_up',
  ],
  [
    'of a tick is held by a pause',
    { isPaused: true, unmet: 'x', ofJob: ONE_BEGUN, ...FULL },
    'resume: paused',
  ],
  [
    'of other jobs is held by a pause',
    { isPaused: true, header: { trigger: JOBS } },
    'resume: paused',
  ],
  [
    'that somebody asked for begins in a pause',
    { isPaused: true, header: { trigger: MANUAL } },
    'begin',
  ],
  ['of a backfill begins in a pause', { isPaused: true, header: { trigger: BACKFILL } }, 'begin'],
  ['waits for other jobs', { unmet: 'x', ofJob: ONE_BEGUN, ...FULL }, 'jobs: waits_for_jobs'],
  [
    'whose job skips does not wait for other jobs',
    { unmet: 'x', job: { onUnmet: 'skip' } },
    'begin',
  ],
  [
    'that somebody asked for waits for no job',
    { unmet: 'x', header: { trigger: MANUAL } },
    'begin',
  ],
  ['of a backfill waits for no job', { unmet: 'x', header: { trigger: BACKFILL } }, 'begin'],
  ['waits while another goes on', { ofJob: ONE_BEGUN, ...FULL }, 'earlier_runs: queued'],
  ['waits behind one that waits', { ofJob: ONE_WAITS }, 'earlier_runs: queued'],
  [
    'under queue waits behind one',
    { job: { overlap: 'queue' }, ofJob: ONE_BEGUN },
    'earlier_runs: queued',
  ],
  [
    'under queue begins beside as many as max_concurrency allows',
    { job: { overlap: 'queue', maxConcurrency: 2 }, ofJob: ONE_BEGUN },
    'begin',
  ],
  [
    'under queue_all waits once there are as many',
    { job: { overlap: 'queue_all', maxConcurrency: 2 }, ofJob: { begun: 1, waitingBefore: 1 } },
    'earlier_runs: max_concurrency',
  ],
  [
    'under allow begins beside any number',
    { job: { overlap: 'allow' }, ofJob: { begun: 9, waitingBefore: 9 } },
    'begin',
  ],
  [
    'under allow waits at max_concurrency',
    { job: { overlap: 'allow', maxConcurrency: 1 }, ofJob: ONE_WAITS },
    'earlier_runs: max_concurrency',
  ],
  [
    'of a tick under skip is alone, whatever max_concurrency says',
    { job: { maxConcurrency: 2 }, ofJob: ONE_BEGUN },
    'earlier_runs: queued',
  ],
  [
    'of a backfill under skip goes beside as many as max_concurrency allows',
    { job: { maxConcurrency: 2 }, ofJob: ONE_BEGUN, header: { trigger: BACKFILL } },
    'begin',
  ],
  [
    'of a backfill goes alone where nothing is said',
    { ofJob: ONE_BEGUN, header: { trigger: BACKFILL } },
    'earlier_runs: queued',
  ],
  [
    'of other jobs goes alone where nothing is said',
    { ofJob: ONE_WAITS, header: { trigger: JOBS } },
    'earlier_runs: queued',
  ],
  [
    'that cancels what was before waits until that has ended',
    {
      job: { overlap: 'cancel_previous', maxConcurrency: 5 },
      header: { cancelsPrevious: true },
      ofJob: ONE_BEGUN,
    },
    'earlier_runs: queued, cancels',
  ],
  [
    'that cancels what was before cancels nothing before its instant',
    { header: { cancelsPrevious: true, notBefore: NOW + 1, wait: CAUGHT_UP }, ofJob: ONE_BEGUN },
    'instant: caught_up',
  ],
  [
    'that cancels what was before and is alone begins',
    { header: { cancelsPrevious: true } },
    'begin',
  ],
  [
    'under cancel_previous that was caught up with others waits for its turn',
    { job: { overlap: 'cancel_previous' }, ofJob: ONE_BEGUN },
    'earlier_runs: queued',
  ],
  [
    'that somebody asked for goes beside any number',
    { header: { trigger: MANUAL }, ofJob: { begun: 5, waitingBefore: 5 } },
    'begin',
  ],
  [
    'that somebody asked for keeps to max_concurrency, and waits behind none that waits',
    {
      header: { trigger: MANUAL },
      job: { maxConcurrency: 2 },
      ofJob: { begun: 1, waitingBefore: 5 },
    },
    'begin',
  ],
  [
    'that somebody asked for waits at max_concurrency',
    {
      header: { trigger: MANUAL },
      job: { maxConcurrency: 2 },
      ofJob: { begun: 2, waitingBefore: 0 },
    },
    'earlier_runs: max_concurrency',
  ],
  ['waits at the limit of all jobs', { ...FULL }, 'room: max_concurrent_jobs'],
  [
    'that somebody asked for waits there too',
    { ...FULL, header: { trigger: MANUAL } },
    'room: max_concurrent_jobs',
  ],
  ['below the limit of all jobs begins', { begun: 2, maxConcurrentJobs: 3 }, 'begin'],
];

for (const [title, given, wanted] of CASES) {
  test(`a run ${title}`, () => assert.equal(decide(given), wanted));
}

test('what is before it among the runs of its job is not told anew each time it changes', () => {
  const stored = reason('queued', 'overlap is queue: it waits, for 1 run of the job has not ended');
  const turn = decideTurn({
    header: { trigger: SCHEDULE, notBefore: null, wait: stored, cancelsPrevious: false },
    job: { overlap: 'queue', maxConcurrency: null, onUnmet: 'skip' },
    ofJob: { begun: 1, waitingBefore: 7 },
    begun: 1,
    maxConcurrentJobs: null,
    unmet: null,
    isPaused: false,
    now: NOW,
  });
  assert.ok(turn.kind === 'wait');
  assert.equal(turn.reason, stored);
});

test('turns come in the order of creation, then of ticks, then of ids, what is caught up last', () => {
  const header = (
    first: string,
    change: Pick<OrderedHeader, 'createdAt' | 'trigger'> & Partial<OrderedHeader>,
  ): OrderedHeader => ({
    id: runIdSchema.parse(`${first.repeat(8)}-1111-8111-8111-111111111111`),
    caughtUp: false,
    ...change,
  });
  const inOrder = [
    header('f', { createdAt: 1, trigger: MANUAL }),
    header('e', { createdAt: 2, trigger: { ...BACKFILL, tickAt: 0 } }),
    header('d', { createdAt: 2, trigger: { ...SCHEDULE, tickAt: 1 } }),
    header('a', { createdAt: 2, trigger: JOBS }),
    header('b', { createdAt: 2, trigger: MANUAL }),
    header('0', { createdAt: 3, trigger: { ...SCHEDULE, tickAt: 0 } }),
    header('1', { createdAt: 1, trigger: { ...SCHEDULE, tickAt: 0 }, caughtUp: true }),
  ];
  assert.deepEqual(inOrder.toReversed().sort(compareTurns), inOrder);
  const [first] = inOrder;
  assert.ok(first !== undefined);
  assert.equal(compareTurns(first, { ...first }), 0);
});

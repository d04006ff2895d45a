import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockTerm, MINUTE, scheduleOf, SECOND } from '../clock/clock-term.fixture.js';
import { allRuns, endAllRuns, endRun, lineOfRun, startRun } from './run-by-hand.fixture.js';

const MINUTELY = { schedules: [scheduleOf('* * * * *')] };

/** What a story of four ticks comes to: the first run goes on over the next two, and another leader takes over then. */
interface Story {
  readonly job: Record<string, unknown>;
  /** The decisions about 12:00 to 12:03. */
  readonly ticks: readonly string[];
  /** The runs while the first one goes on. */
  readonly meanwhile: readonly string[];
  /** The order in which the others begin once it has ended. */
  readonly afterwards: readonly string[];
  readonly ended: readonly string[];
}

const STORIES: Readonly<Record<string, Story>> = {
  skip: {
    job: { overlap: 'skip' },
    ticks: [
      '12:00:00 run',
      '12:01:00 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:02:00 skipped_overlap: overlap is skip, and 1 run of the job has not ended',
      '12:03:00 run',
    ],
    meanwhile: ['12:00 running'],
    afterwards: [],
    ended: ['12:00 completed', '12:03 completed'],
  },
  queue: {
    job: { overlap: 'queue' },
    ticks: [
      '12:00:00 run',
      '12:01:00 run',
      '12:02:00 skipped_overlap: overlap is queue, and a run of the job waits already',
      '12:03:00 run',
    ],
    meanwhile: ['12:00 running', '12:01 waits: queued'],
    afterwards: ['12:01'],
    ended: ['12:00 completed', '12:01 completed', '12:03 completed'],
  },
  queue_all: {
    job: { overlap: 'queue_all' },
    ticks: ['12:00:00 run', '12:01:00 run', '12:02:00 run', '12:03:00 run'],
    meanwhile: ['12:00 running', '12:01 waits: queued', '12:02 waits: queued'],
    afterwards: ['12:01', '12:02'],
    ended: ['12:00 completed', '12:01 completed', '12:02 completed', '12:03 completed'],
  },
  cancel_previous: {
    job: { overlap: 'cancel_previous' },
    ticks: ['12:00:00 run', '12:01:00 run', '12:02:00 run', '12:03:00 run'],
    meanwhile: ['12:00 running: replaced', '12:01 cancelled: replaced', '12:02 waits: queued'],
    afterwards: ['12:02'],
    ended: [
      '12:00 cancelled: replaced',
      '12:01 cancelled: replaced',
      '12:02 completed',
      '12:03 completed',
    ],
  },
  'allow, two at once': {
    job: { overlap: 'allow', maxConcurrency: 2 },
    ticks: [
      '12:00:00 run',
      '12:01:00 run',
      '12:02:00 skipped_overlap: max_concurrency is 2, and 2 runs of the job have not ended',
      '12:03:00 run',
    ],
    meanwhile: ['12:00 running', '12:01 pending'],
    afterwards: ['12:01'],
    ended: ['12:00 completed', '12:01 completed', '12:03 completed'],
  },
};

for (const [name, story] of Object.entries(STORIES)) {
  test(`overlap ${name}: the decisions, what waits meanwhile, who begins then, also under another leader`, async () => {
    await using term = await ClockTerm.open({ ...MINUTELY, ...story.job });
    const { fixture, clock } = term;
    clock.pass(30 * SECOND);
    await term.decided(1);
    const [first] = await allRuns(fixture);
    assert.ok(first !== undefined);
    await startRun(fixture, first.id);
    await term.passMinutes(2);
    await term.decided(3);
    await fixture.lead('leader-b');
    assert.deepEqual((await allRuns(fixture)).map(lineOfRun), story.meanwhile);
    await endRun(fixture, first.id);
    assert.deepEqual(await endAllRuns(fixture), story.afterwards);
    await term.passMinutes(1);
    assert.deepEqual(await term.decided(4), story.ticks);
    assert.deepEqual(await endAllRuns(fixture), ['12:03']);
    assert.deepEqual((await allRuns(fixture)).map(lineOfRun), story.ended);
  });
}

test('what is caught up is released one run after the other, in order, also when leaders change meanwhile', async () => {
  const catchup = { policy: 'all', windowMs: 60 * MINUTE, max: 100 };
  await using term = await ClockTerm.open({ ...MINUTELY, overlap: 'queue_all', catchup });
  const { fixture, clock } = term;
  await fixture.term[Symbol.asyncDispose]();
  clock.pass(4 * MINUTE + 40 * SECOND);
  await fixture.lead('leader-b');
  clock.pass(1);
  await term.decided(5);
  const lines = (await allRuns(fixture)).map(lineOfRun);
  assert.deepEqual(lines, [
    '12:00 waits: caught_up',
    '12:01 waits: caught_up',
    '12:02 waits: caught_up',
    '12:03 waits: caught_up',
    '12:04 pending',
  ]);
  const releases = (await allRuns(fixture)).map(({ notBefore }) => notBefore ?? 0);
  const [firstRelease = 0] = releases;
  assert.deepEqual(releases, [
    firstRelease,
    firstRelease + 5_000,
    firstRelease + 10_000,
    firstRelease + 15_000,
    0,
  ]);
  // The live one goes before all of them.
  const order: string[] = [];
  const look = async (): Promise<void> => {
    const begun = [...fixture.term.runs.book.all()].filter(
      ({ view }) => view.header.begunAt !== null,
    );
    for (const { view } of begun) {
      order.push(lineOfRun(view.header).slice(0, 5));
      await startRun(fixture, view.header.id);
      await endRun(fixture, view.header.id);
    }
  };
  await look();
  clock.pass(6 * SECOND);
  await look();
  await fixture.lead('leader-c');
  for (let passed = 0; passed < 4; passed += 1) {
    clock.pass(5 * SECOND);
    await look();
  }
  assert.deepEqual(order, ['12:04', '12:00', '12:01', '12:02', '12:03']);
  for (const { begunAt, notBefore } of await allRuns(fixture))
    assert.ok(begunAt !== null && begunAt >= (notBefore ?? 0));
});

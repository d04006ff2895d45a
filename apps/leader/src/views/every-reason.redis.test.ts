import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  jobIdSchema,
  REASON_TOKENS,
  runHeaderSchema,
  scheduleIdSchema,
  type Reason,
  type ReasonToken,
  type RunId,
  type RunTrigger,
  type TaskState,
} from '@petit/model';
import { parseJson } from '@petit/protocol';
import { KEYS } from '@petit/store/shared';
import { waitFor } from '@petit/testkit';
import { backfillJob } from '../backfill/backfill-job.js';
import { ClockTerm, DAY, MINUTE, SECOND } from '../clock/clock-term.fixture.js';
import { cancelRun } from '../runs/cancel-run.js';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import { allRuns } from '../turns/run-by-hand.fixture.js';
import { explainJob } from './explain-job.js';
import { explainRunOf } from './explain-run.js';
import { explainTick } from './explain-tick.js';

const NOON = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3_600_000;
/** Half a minute before the first tick of an hourly job. */
const BEFORE_NOON = NOON - 30_000;
const OK = { kind: 'exited', code: 0 } as const;
const FAILED = { kind: 'exited', code: 7 } as const;
const ONLY = [{ id: 'only' }];
const HOURLY = { schedules: [scheduleOf('0 * * * *')] };

/** What was met: the reason that Redis holds, or that stands now, and what `explain` answers. */
interface Met {
  readonly reason: Reason | null | undefined;
  readonly explained: unknown;
}

interface Scenario {
  /** The whole text, as people read it. */
  readonly text: RegExp;
  readonly meet: () => Promise<Met>;
}

/** How each reason is met, by a term that leads on a Redis of its own. */
const SCENARIOS: Readonly<Record<ReasonToken, Scenario>> = {
  skipped_overlap: {
    text: /^overlap is skip, and 1 run of the job has not ended$/,
    meet: async () => {
      await using term = await ClockTerm.open({ ...HOURLY, overlap: 'skip' });
      term.clock.pass(30 * SECOND);
      await term.decided(1);
      term.clock.pass(60 * MINUTE);
      await term.decided(2);
      return await ofTick(term.fixture, '2027-01-10T13:00:00Z');
    },
  },
  skipped_paused: {
    text: /^due while paused, from 2026-11-24T11:59:30.000Z to 2026-11-24T13:59:30.000Z; catchup is latest, so only the newest, 2026-11-24T13:00:00 UTC, may run$/,
    meet: async () => {
      await using fixture = await openHourly();
      const { pauses } = fixture.term.jobs;
      await pauses.pause(fixture.definition.job.id, 'anna');
      fixture.wallAt = BEFORE_NOON + 2 * HOUR_MS;
      await pauses.resume(fixture.definition.job.id, 'ben');
      return await ofTick(fixture, '2026-11-24T12:00:00Z');
    },
  },
  skipped_dependency: {
    text: /^depends on "up", which has not run yet$/,
    meet: async () => {
      const needs = { dependsOn: [{ job: 'up', condition: 'last_success' }], onUnmet: 'skip' };
      const jobs = [jobOf(ONLY, { ...HOURLY, ...needs }), jobOf(ONLY, { id: 'up' })];
      await using fixture = await TermFixture.open(jobs, BEFORE_NOON);
      await decide(fixture, NOON);
      return await ofTick(fixture, '2026-11-24T12:00:00Z');
    },
  },
  missed_window: {
    text: /^decided 3h after it was due, later than the catchup_window of 1h$/,
    meet: async () => {
      const catchup = { policy: 'all', windowMs: HOUR_MS, max: 100 };
      await using fixture = await openHourly({ catchup });
      await passOutage(fixture, NOON + 3 * HOUR_MS);
      return await ofTick(fixture, '2026-11-24T12:00:00Z');
    },
  },
  missed_catchup: {
    text: /^decided 3h after it was due; catchup is latest, so only the newest, 2026-11-24T15:00:00 UTC, may run$/,
    meet: async () => {
      await using fixture = await openHourly();
      await passOutage(fixture, NOON + 3 * HOUR_MS);
      return await ofTick(fixture, '2026-11-24T12:00:00Z');
    },
  },
  expired: {
    text: /^decided 10m after it was due, later than its start_deadline of 5m$/,
    meet: async () => {
      await using fixture = await openHourly({ startDeadlineMs: 5 * MINUTE });
      await passOutage(fixture, NOON + 10 * MINUTE);
      return await ofTick(fixture, '2026-11-24T12:00:00Z');
    },
  },
  caught_up: {
    text: /^caught up 10m after it was due, as catchup is latest$/,
    meet: async () => {
      await using fixture = await openHourly();
      await passOutage(fixture, NOON + 10 * MINUTE);
      const met = await ofTick(fixture, '2026-11-24T12:00:00Z');
      const [run] = await allRuns(fixture);
      assert.ok(run !== undefined);
      const explained = await explainRunOf(fixture.term, run.id);
      assert.deepEqual(explained.tick?.reason, met.reason, 'the run is explained by it too');
      return met;
    },
  },
  backfill: {
    text: /^anna asked for what was due at 2026-11-24T11:00:00 UTC; released at 2026-11-24T12:00:35.000Z$/,
    meet: async () => {
      const job = jobOf(ONLY, { ...HOURLY, overlap: 'queue_all' });
      await using fixture = await TermFixture.open(job, NOON + 30_000);
      const { id } = fixture.definition.job;
      const range = { fromAt: NOON - 2 * HOUR_MS, toAt: NOON - HOUR_MS };
      const about = { jobId: id, by: 'anna', dryRun: false, again: null };
      await backfillJob(fixture.term, { ...range, ...about });
      const last = (await allRuns(fixture)).find(({ begunAt }) => begunAt === null);
      assert.ok(last !== undefined);
      return await ofWait(fixture, last.id);
    },
  },
  jitter: {
    text: /^jitter is 2h: the runs of this schedule begin \S+ after their tick$/,
    meet: async () => {
      await using fixture = await openHourly({ jitterMs: 2 * HOUR_MS });
      await decide(fixture, NOON);
      const [run] = await allRuns(fixture);
      assert.ok(run !== undefined);
      return await ofWait(fixture, run.id);
    },
  },
  paused: {
    text: /^it is paused: it waits until its job is resumed$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      await fixture.term.jobs.pauses.pause(fixture.definition.job.id, 'anna');
      return await ofWait(fixture, await fixture.create({ trigger: tick() }));
    },
  },
  queued: {
    text: /^it waits until the earlier runs of the job have ended$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY, { overlap: 'queue_all' }));
      await fixture.create({ trigger: tick() });
      return await ofWait(fixture, await fixture.create({ trigger: tick() }));
    },
  },
  waits_for_jobs: {
    text: /^on_unmet is wait: it depends on "up", which has not run yet$/,
    meet: async () => {
      const needs = { dependsOn: [{ job: 'up', condition: 'last_success' }], onUnmet: 'wait' };
      const jobs = [jobOf(ONLY, { ...HOURLY, ...needs }), jobOf(ONLY, { id: 'up' })];
      await using fixture = await TermFixture.open(jobs, BEFORE_NOON);
      await decide(fixture, NOON);
      const [run] = await allRuns(fixture);
      assert.ok(run !== undefined);
      return await ofWait(fixture, run.id);
    },
  },
  max_concurrency: {
    text: /^max_concurrency is 1: it waits until an earlier run of the job has ended$/,
    meet: async () => {
      const job = jobOf(ONLY, { overlap: 'allow', maxConcurrency: 1 });
      await using fixture = await TermFixture.open(job);
      const upstream = { jobId: jobIdSchema.parse('up'), runId: await fixture.trigger() };
      const trigger: RunTrigger = { kind: 'jobs', upstream: [upstream] };
      return await ofWait(fixture, await fixture.create({ trigger }));
    },
  },
  max_concurrent_jobs: {
    text: /^max_concurrent_jobs is 1: it waits until a run of any job has ended$/,
    meet: async () => {
      const limits = { maxConcurrentJobs: 1, maxConcurrentTasks: null };
      await using fixture = await TermFixture.open(jobOf(ONLY), null, limits);
      await fixture.trigger();
      return await ofWait(fixture, await fixture.trigger());
    },
  },
  max_concurrent_tasks: {
    text: /^max_concurrent_tasks is 1/,
    meet: async () => {
      const limits = { maxConcurrentJobs: null, maxConcurrentTasks: 1 };
      const job = jobOf([{ id: 'a' }, { id: 'b' }]);
      await using fixture = await TermFixture.open(job, null, limits);
      const worker = await fixture.worker('cube1');
      const id = await fixture.trigger();
      const key = (await worker.start()).taskKey === 'a' ? 'b' : 'a';
      return await ofTask(fixture, id, { key, state: 'ready' });
    },
  },
  replaced: {
    text: /^overlap is cancel_previous/,
    meet: async () => {
      const job = jobOf(ONLY, { overlap: 'cancel_previous' });
      await using fixture = await TermFixture.open(job);
      const worker = await fixture.worker('cube1');
      const first = await fixture.create({ trigger: tick() });
      const envelope = await worker.start();
      await fixture.create({ trigger: tick(), cancelsPrevious: true });
      await worker.reportEnd(envelope, { kind: 'stopped', code: null, signal: 'SIGTERM' });
      return await ofEnd(fixture, first, 'cancelled');
    },
  },
  clock_held: {
    text: /^the clock stepped forward by 1d to 2027-01-11T12:00:30.000Z/,
    meet: async () => {
      await using term = await ClockTerm.open(HOURLY);
      term.clock.step(DAY);
      term.clock.pass(MINUTE);
      await term.untilHeld();
      const { fixture } = term;
      const { id } = fixture.definition.job;
      const asked = '2027-01-10T13:00:00Z';
      const explained = await explainTick(fixture.term, id, asked);
      const [schedule] = (await explainJob(fixture.term, id)).schedules;
      assert.deepEqual(schedule?.held, term.watch.hold?.reason, 'the job is explained by it too');
      return { reason: term.watch.hold?.reason, explained };
    },
  },
  definition_gone: {
    text: /^its definition nobody-has-this is gone, so nobody knows what its tasks are$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      const id = await fixture.trigger();
      const key = KEYS.run(id);
      const stored = parseJson((await fixture.redis.hget(key, 'header')) ?? '');
      const header = { ...runHeaderSchema.parse(stored), definitionHash: 'nobody-has-this' };
      await fixture.redis.hset(key, 'header', JSON.stringify(header));
      await fixture.lead('leader-b');
      return await ofEnd(fixture, id, 'cancelled');
    },
  },
  cancel_requested: {
    text: /^anna asked for it$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      const id = await fixture.trigger();
      await cancelRun(fixture.term, id, 'anna');
      return await ofEnd(fixture, id, 'cancelled');
    },
  },
  start_deadline: {
    text: /^no task of it had started by its start_deadline, \S+Z; it last waited for this: waits for a node: no worker has joined yet$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY, { startDeadlineMs: 1_500 }));
      return await ofEnd(fixture, await fixture.trigger(), 'cancelled');
    },
  },
  upstream_not_successful: {
    text: /^task "first" is failed, not completed$/,
    meet: () => afterFirst('all_success', FAILED),
  },
  nothing_failed_upstream: {
    text: /^nothing that it depends on has failed$/,
    meet: () => afterFirst('on_failure', OK),
  },
  no_fitting_node: {
    text: /^waits for a fitting node: of 1, 1 do not have disk=tape$/,
    meet: async () => {
      const job = jobOf([{ id: 'only', runsOn: { disk: 'tape' } }]);
      await using fixture = await TermFixture.open(job);
      await fixture.worker('cube1');
      return await ofTask(fixture, await fixture.trigger(), { key: 'only', state: 'ready' });
    },
  },
  no_room: {
    text: /^waits for 2 free slot\(s\): 1 node\(s\) that fit it are full$/,
    meet: async () => {
      const tasks = ['a', 'b', 'c'].map((id) => ({ id, needs: { slots: 2 } }));
      await using fixture = await TermFixture.open(jobOf(tasks));
      const worker = await fixture.worker('cube1');
      const id = await fixture.trigger();
      await worker.start();
      return await ofTask(fixture, id, { key: 'c', state: 'ready' });
    },
  },
  not_taken: {
    text: /^node cube1 had room and did not take it$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      await fixture.worker('cube1');
      const id = await fixture.trigger();
      return await ofTask(fixture, id, { key: 'only', state: 'placed', placement: 2 });
    },
  },
  node_lost: {
    text: /^node cube1 is lost$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      const worker = await fixture.worker('cube1');
      const id = await fixture.trigger();
      await worker.start();
      return await ofTask(fixture, id, { key: 'only', state: 'running' });
    },
  },
  declined: {
    text: /^node cube1 did not accept it: expired$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      const worker = await fixture.worker('cube1');
      const id = await fixture.trigger();
      await worker.decline(await worker.take(), 'expired');
      return await ofTask(fixture, id, { key: 'only', state: 'placed', placement: 2 });
    },
  },
  unknown_end: {
    text: /^node cube1 no longer has the attempt, and nobody saw its end$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      const id = await loseAttempt(fixture);
      return await ofTask(fixture, id, { key: 'only', state: 'lost' });
    },
  },
  reconciling: {
    text: /^Redis was restarted: placing waits until the workers have announced their journals$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      await fixture.worker('cube1');
      await fixture.server.kill('SIGKILL');
      await fixture.server.restart();
      await waitFor(() => fixture.term.isReconciling, { what: 'reconciliation to open' });
      await fixture.term.runs.book.loadAll();
      const id = await fixture.trigger();
      const explained = await explainRunOf(fixture.term, id);
      // It stands as long as the leader reconciles, and is stored nowhere.
      return { reason: explained.waits[0]?.reason, explained };
    },
  },
  tasks_failed: {
    text: /^1 tasks failed$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      const worker = await fixture.worker('cube1');
      const id = await fixture.trigger();
      await worker.reportEnd(await worker.start(), FAILED);
      return await ofEnd(fixture, id, 'failed');
    },
  },
  tasks_lost: {
    text: /^nobody knows how 1 tasks ended$/,
    meet: async () => {
      await using fixture = await TermFixture.open(jobOf(ONLY));
      return await ofEnd(fixture, await loseAttempt(fixture), 'interrupted');
    },
  },
};

// Most of it is waiting.
describe('P12 explain', { concurrency: 4 }, () => {
  for (const token of REASON_TOKENS) {
    test(`tells ${token} as it was met`, async () => {
      const { text, meet } = SCENARIOS[token];
      const { reason: met, explained } = await meet();
      assert.equal(met?.token, token);
      assert.match(met.text, text);
      assert.ok(
        textsIn(explained).some((each) => each.includes(met.text)),
        `"${met.text}" is in ${JSON.stringify(explained, null, 2)}`,
      );
    });
  }
});

/** A tick as it is stored, and its explanation. */
async function ofTick(fixture: TermFixture, asked: string): Promise<Met> {
  const { id } = fixture.definition.job;
  const at = Date.parse(asked);
  const [schedule] = fixture.term.jobs.ticker.ofJob(id);
  assert.ok(schedule !== undefined);
  const covered = { fromAt: at, untilAt: at };
  const [record] = await fixture.term.context.stores.ticks.covering(schedule.id, covered);
  return { reason: record?.reason, explained: await explainTick(fixture.term, id, asked) };
}

/** What a run waits for that has not begun. */
async function ofWait(fixture: TermFixture, id: RunId): Promise<Met> {
  const { wait } = await fixture.header(id);
  return { reason: wait, explained: await explainRunOf(fixture.term, id) };
}

/** How a run ended. */
async function ofEnd(fixture: TermFixture, id: RunId, state: string): Promise<Met> {
  const header = await waitFor(
    async () => {
      const now = await fixture.header(id);
      return now.state === state ? now : null;
    },
    { what: `the run to be ${state}`, timeoutMs: 20_000 },
  );
  return { reason: header.reason, explained: await explainRunOf(fixture.term, id) };
}

/** What is told of a task, once something is. */
async function ofTask(
  fixture: TermFixture,
  id: RunId,
  {
    key,
    ...wanted
  }: { readonly key: string; readonly state: TaskState; readonly placement?: number },
): Promise<Met> {
  const told = await waitFor(
    async () => {
      const record = await fixture.untilTask(id, key, wanted);
      return record.reason;
    },
    // A node is lost after half a minute of silence.
    { what: `a reason of ${key}`, timeoutMs: 60_000 },
  );
  return { reason: told, explained: await explainRunOf(fixture.term, id) };
}

/** A task that comes after one that ends as given. */
async function afterFirst(condition: string, ending: typeof OK | typeof FAILED): Promise<Met> {
  const job = jobOf([{ id: 'first' }, { id: 'second', dependsOn: ['first'], condition }]);
  await using fixture = await TermFixture.open(job);
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  await worker.reportEnd(await worker.start(), ending);
  return await ofTask(fixture, id, { key: 'second', state: 'skipped' });
}

/** A run whose only attempt is gone from the journal of its node. */
async function loseAttempt(fixture: TermFixture): Promise<RunId> {
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  await worker.start();
  await fixture.untilTask(id, 'only', { state: 'running' });
  worker.unfinished.length = 0;
  await worker.announce({ bootId: 'boot-2' });
  return id;
}

function openHourly(job: Record<string, unknown> = {}): Promise<TermFixture> {
  return TermFixture.open(jobOf(ONLY, { ...HOURLY, ...job }), BEFORE_NOON);
}

/** Lets the leader decide what is due at a moment. */
async function decide(fixture: TermFixture, at: number): Promise<void> {
  fixture.wallAt = at;
  const { ticker } = fixture.term.jobs;
  await ticker.settle([...ticker.all()], at);
}

/** No leader leads until a moment; the next one decides what was due. */
async function passOutage(fixture: TermFixture, until: number): Promise<void> {
  await fixture.term[Symbol.asyncDispose]();
  fixture.wallAt = until;
  await fixture.lead('leader-b');
  await decide(fixture, until);
}

function scheduleOf(text: string): Record<string, unknown> {
  return { id: 'only', text, zone: 'UTC', dst: { gap: null, overlap: null } };
}

/** What starts a run at a tick of now. */
function tick(): RunTrigger {
  const scheduleId = scheduleIdSchema.parse('job@only');
  return { kind: 'schedule', scheduleId, tickAt: Date.now(), wall: 'w', zone: 'UTC' };
}

/** Every text in a value. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

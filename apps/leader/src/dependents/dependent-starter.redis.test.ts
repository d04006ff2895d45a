import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema, reason, type RunHeader, type RunId } from '@petit/model';
import { KEYS } from '@petit/store/shared';
import { waitFor } from '@petit/testkit';
import { define, jobOf, TermFixture } from '../term/term.fixture.js';

const TASKS = [{ id: 'only' }];

/** A job that starts after others, by `last_success` where nothing else is said. */
function after(
  id: string,
  upstream: readonly string[],
  job: Record<string, unknown> = {},
): unknown {
  const dependsOn = upstream.map((each) => ({ job: each, condition: 'last_success' }));
  return jobOf(TASKS, { id, dependsOn, ...job });
}

const A = jobOf(TASKS, { id: 'a' });

async function headersOf(fixture: TermFixture, job: string): Promise<readonly RunHeader[]> {
  const { runs } = fixture.term.context.stores;
  const jobId = jobIdSchema.parse(job);
  return runs.readHeaders(await runs.list({ jobId, limit: 100, before: null }));
}

/** Waits until a job has so many runs, and answers them, the newest first. */
function untilRuns(
  fixture: TermFixture,
  job: string,
  count: number,
): Promise<readonly RunHeader[]> {
  return waitFor(
    async () => {
      const found = await headersOf(fixture, job);
      if (found.length !== count) throw new Error(`it has ${found.length}`);
      return found;
    },
    { what: `${job} to have ${count} runs`, timeoutMs: 15_000 },
  );
}

/** Ends a run as a cancel does, or as if its task had been run. */
async function end(fixture: TermFixture, id: RunId, how: 'cancelled' | number): Promise<void> {
  const { book } = fixture.term.runs;
  const node = fixture.term.nodes.book.all()[Symbol.iterator]().next().value?.node;
  const [key] = [...(book.get(id)?.view.tasks.keys() ?? [])];
  assert.ok(key !== undefined && node !== undefined, 'the run is live, and there is a node');
  if (how === 'cancelled') {
    const why = reason('cancel_requested', 'test');
    await book.change(id, () => [{ kind: 'cancel', reason: why, onlyBeforeStart: false }]);
    return;
  }
  await book.change(id, (view) => {
    const record = view.tasks.get(key);
    const placement = record?.state === 'placed' ? record.placement : (record?.placement ?? 0) + 1;
    const about = { key, placement, node } as const;
    const ending = { kind: 'exited', code: how } as const;
    const ended = { ending, startedAt: 1, endedAt: 2, durationMs: 1, cpuMs: null };
    return [
      ...(record?.state === 'placed' ? [] : [{ kind: 'place', key, node } as const]),
      { kind: 'leave', ...about, leftAt: 1 },
      { kind: 'end', ...about, attempt: 1, end: ended },
    ];
  });
}

/** A run of a job that has ended. */
async function runOnce(
  fixture: TermFixture,
  job: string,
  how: 'cancelled' | number = 0,
): Promise<RunId> {
  const id = await fixture.trigger(job);
  await end(fixture, id, how);
  return id;
}

/** Puts other jobs in force. */
function load(fixture: TermFixture, ...jobs: readonly unknown[]): Promise<void> {
  const definitions = jobs.map(define);
  const fingerprint = definitions.map(({ hash }) => hash).join(' ');
  return fixture.term.jobs.desk.load({ ...fixture.directory, definitions, fingerprint });
}

/** Nothing is being looked at, so that what has not started will not. */
async function untilLookedAt(fixture: TermFixture): Promise<void> {
  const { dependents } = fixture.term.jobs;
  await waitFor(() => dependents.isIdle, { what: 'nothing to be looked at' });
}

async function open(...jobs: readonly unknown[]): Promise<TermFixture> {
  const fixture = await TermFixture.open(jobs);
  await fixture.worker('cube1');
  return fixture;
}

test('a chain: each job starts when the one before it has completed, and names the run', async () => {
  await using fixture = await open(A, after('b', ['a']), after('c', ['b']));
  const first = await runOnce(fixture, 'a');
  const [b] = await untilRuns(fixture, 'b', 1);
  assert.ok(b !== undefined);
  assert.deepEqual(b.trigger, { kind: 'jobs', upstream: [{ jobId: 'a', runId: first }] });
  await untilLookedAt(fixture);
  assert.equal((await headersOf(fixture, 'c')).length, 0);
  await end(fixture, b.id, 0);
  const [c] = await untilRuns(fixture, 'c', 1);
  assert.deepEqual(c?.trigger, { kind: 'jobs', upstream: [{ jobId: 'b', runId: b.id }] });
});

test('a diamond starts its last job once, whichever branch ends last', async () => {
  await using fixture = await open(A, after('b', ['a']), after('c', ['a']), after('d', ['b', 'c']));
  for (const round of [1, 2]) {
    await runOnce(fixture, 'a');
    const [b] = await untilRuns(fixture, 'b', round);
    const [c] = await untilRuns(fixture, 'c', round);
    assert.ok(b !== undefined && c !== undefined);
    const [first, last] = round === 1 ? [b, c] : [c, b];
    await end(fixture, first.id, 0);
    await untilLookedAt(fixture);
    assert.equal((await headersOf(fixture, 'd')).length, round - 1);
    await end(fixture, last.id, 0);
    const [d] = await untilRuns(fixture, 'd', round);
    assert.ok(d !== undefined);
    assert.deepEqual(d.trigger, {
      kind: 'jobs',
      upstream: [
        { jobId: 'b', runId: b.id },
        { jobId: 'c', runId: c.id },
      ],
    });
    await end(fixture, d.id, 0);
  }
  await untilLookedAt(fixture);
  assert.equal((await headersOf(fixture, 'd')).length, 2);
});

test('a failed run starts nothing but what waits for any end; of two ends the newest is taken', async () => {
  await using fixture = await open(
    A,
    jobOf(TASKS, { id: 'other' }),
    after('both', ['a', 'other']),
    after('any', [], { dependsOn: [{ job: 'a', condition: 'last_complete' }] }),
  );
  await runOnce(fixture, 'a', 1);
  await untilRuns(fixture, 'any', 1);
  await runOnce(fixture, 'other');
  await untilLookedAt(fixture);
  assert.equal((await headersOf(fixture, 'both')).length, 0);
  await runOnce(fixture, 'other');
  const newest = await runOnce(fixture, 'a');
  const [both] = await untilRuns(fixture, 'both', 1);
  assert.ok(both?.trigger.kind === 'jobs');
  assert.equal(both.trigger.upstream[0]?.runId, newest);
});

test('P2 what a job waits for is told: what never ran, what failed, what was consumed and by which run', async () => {
  await using fixture = await open(A, jobOf(TASKS, { id: 'other' }), after('b', ['a', 'other']));
  const b = jobIdSchema.parse('b');
  const textOf = async (): Promise<string> => (await fixture.term.jobs.explainStart(b))?.text ?? '';
  assert.match(await textOf(), /waits for "a", which has not run yet; "other", which has not run/);
  const failed = await runOnce(fixture, 'a', 1);
  assert.match(
    await textOf(),
    new RegExp(`waits for "a", whose last run ${failed} is failed; "other"`),
  );
  const met = await runOnce(fixture, 'a');
  const explained = await fixture.term.jobs.explainStart(b);
  assert.deepEqual(explained?.dependencies[0], { job: 'a', isMet: true, text: `"a" (run ${met})` });
  await runOnce(fixture, 'other');
  const [run] = await untilRuns(fixture, 'b', 1);
  assert.ok(
    (await textOf()).includes(`"a", whose newest run ${met} was consumed by run ${run?.id}`),
  );
  assert.equal(await fixture.term.jobs.explainStart(jobIdSchema.parse('a')), null);
});

test('a run that finds another of its job unended waits for its turn, and is not left out', async () => {
  await using fixture = await open(A, after('b', ['a'], { overlap: 'skip' }));
  await runOnce(fixture, 'a');
  const [first] = await untilRuns(fixture, 'b', 1);
  assert.ok(first?.begunAt !== null);
  await runOnce(fixture, 'a');
  const [second] = await untilRuns(fixture, 'b', 2);
  assert.equal(second?.wait?.token, 'queued');
  assert.match(second?.wait?.text ?? '', /^it waits until the earlier runs of the job have ended$/);
});

test('what ended before a job was loaded does not start it, whoever leads; what ends after that does, whatever is loaded', async () => {
  await using fixture = await open(A);
  await runOnce(fixture, 'a');
  const b = after('b', ['a']);
  fixture.definitions = [A, b].map(define);
  for (const leader of ['leader-b', 'leader-c']) {
    await fixture.lead(leader);
    await untilLookedAt(fixture);
    assert.equal((await headersOf(fixture, 'b')).length, 0);
  }
  await runOnce(fixture, 'a');
  await untilRuns(fixture, 'b', 1);
  // Not started for now, so that a complete set is there when something else is loaded and another leader comes.
  fixture.failpoint = (name) => {
    if (name === 'leader.before_follow') throw new Error('not now');
  };
  await runOnce(fixture, 'a');
  await load(fixture, A, b, jobOf(TASKS, { id: 'unrelated' }));
  fixture.failpoint = () => undefined;
  await fixture.lead('leader-d');
  await untilRuns(fixture, 'b', 2);
});

test('a paused job is started when it is resumed, once, by what is newest then', async () => {
  await using fixture = await open(A, after('b', ['a']));
  const { pauses } = fixture.term.jobs;
  const b = jobIdSchema.parse('b');
  await pauses.pause(b, 'test');
  await runOnce(fixture, 'a');
  const newest = await runOnce(fixture, 'a');
  await untilLookedAt(fixture);
  assert.equal((await headersOf(fixture, 'b')).length, 0);
  assert.match((await fixture.term.jobs.explainStart(b))?.text ?? '', /it is paused/);
  await pauses.resume(b, 'test');
  const [run] = await untilRuns(fixture, 'b', 1);
  assert.ok(run?.trigger.kind === 'jobs');
  assert.equal(run.trigger.upstream[0]?.runId, newest);
  await untilLookedAt(fixture);
  assert.equal((await headersOf(fixture, 'b')).length, 1);
});

test('a disabled job is not started, and not by what ended meanwhile when it is enabled again', async () => {
  await using fixture = await open(A, after('b', ['a'], { enabled: false }));
  await runOnce(fixture, 'a');
  await untilLookedAt(fixture);
  await load(fixture, A, after('b', ['a']));
  fixture.term.jobs.dependents.lookAtAll();
  await untilLookedAt(fixture);
  assert.equal((await headersOf(fixture, 'b')).length, 0);
  await runOnce(fixture, 'a');
  await untilRuns(fixture, 'b', 1);
});

test('P2 P5 a leader that dies between the end and the start loses nothing, and one that comes back starts nothing twice', async () => {
  await using fixture = await open(A, after('b', ['a']));
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const stalled = new Promise<void>((reached) => {
    fixture.failpoint = (name) => {
      if (name !== 'leader.before_follow') return;
      reached();
      return held;
    };
  });
  const ended = await runOnce(fixture, 'a');
  await stalled;
  const old = fixture.term;
  fixture.failpoint = () => undefined;
  try {
    await fixture.lead('leader-b');
    const [b] = await untilRuns(fixture, 'b', 1);
    assert.deepEqual(b?.trigger, { kind: 'jobs', upstream: [{ jobId: 'a', runId: ended }] });
  } finally {
    // Also when it failed: a term is not closed while one of its starts is held.
    goOn();
  }
  await waitFor(() => old.jobs.dependents.isIdle, { what: 'the old leader to be done' });
  assert.ok(fixture.isDeposed);
  assert.equal((await headersOf(fixture, 'b')).length, 1);
  assert.ok((await fixture.counter('refused_writes')) > 0);
});

test('a start whose answer was lost is not made again', async () => {
  await using fixture = await open(A, after('b', ['a']));
  let lost = 0;
  fixture.failpoint = (name) => {
    if (name !== 'leader.after_follow' || lost > 0) return;
    lost += 1;
    throw new Error('the answer is lost');
  };
  await runOnce(fixture, 'a');
  await waitFor(() => lost > 0, { what: 'the start' });
  fixture.term.jobs.dependents.lookAtAll();
  await untilLookedAt(fixture);
  const [b] = await untilRuns(fixture, 'b', 1);
  assert.ok(b !== undefined && fixture.term.runs.book.get(b.id) !== null, 'it has the run');
});

test('marks that Redis forgot are made anew: nothing starts by what is long over', async () => {
  await using fixture = await open(A, after('b', ['a']));
  await runOnce(fixture, 'a');
  await untilRuns(fixture, 'b', 1);
  await fixture.redis.del(KEYS.consumed(jobIdSchema.parse('b')));
  fixture.term.jobs.dependents.lookAtAll();
  await untilLookedAt(fixture);
  assert.equal((await headersOf(fixture, 'b')).length, 1);
  await runOnce(fixture, 'a');
  await untilRuns(fixture, 'b', 2);
});

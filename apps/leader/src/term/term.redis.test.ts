import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateSigningKey, controlRecordSchema, parseJson } from '@petit/protocol';
import { attemptIdOf, reason, taskKeySchema } from '@petit/model';
import { KEYS } from '@petit/store/shared';
import { waitFor } from '@petit/testkit';
import { jobOf, TermFixture } from './term.fixture.js';

const OK = { kind: 'exited', code: 0 } as const;
const CHAIN = jobOf([{ id: 'first' }, { id: 'second', dependsOn: ['first'] }]);

test('a task goes from ready over placement and leave to its end, and makes the next one ready', async () => {
  await using fixture = await TermFixture.open(CHAIN);
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const first = await worker.start();
  assert.equal(first.taskKey, 'first');
  await fixture.untilTask(id, 'first', { state: 'running', node: 'cube1' });
  await fixture.untilTask(id, 'second', { state: 'pending' });
  await worker.reportEnd(first, OK);
  const second = await worker.start();
  assert.equal(second.taskKey, 'second');
  await worker.reportEnd(second, OK);
  await waitFor(() => fixture.term.runs.book.size === 0, { what: 'the run to end' });
  const stored = await fixture.term.context.stores.runs.read(id);
  assert.equal(stored?.header.state, 'completed');
  assert.equal(
    await fixture.redis.xlen(KEYS.reports),
    0,
    'every report is deleted once it is applied',
  );
});

test('a placement that a living node with room does not take is given to another', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const deaf = await fixture.worker('cube1');
  const id = await fixture.trigger();
  await fixture.untilTask(id, 'only', { state: 'placed', node: 'cube1' });
  const other = await fixture.worker('cube2');
  fixture.term.nodes.cordon(deaf.node, true);
  const envelope = await other.start();
  assert.equal(envelope.placement, 2);
  const late = await deaf.askLeave({ ...envelope, node: deaf.node, placement: 1 });
  assert.equal(late, 'refused', 'the node that did not take it gets no leave any more');
});

test('P5 a leader that was deposed writes nothing, and sees that it was', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  await fixture.worker('cube1');
  const old = fixture.term;
  const id = await fixture.trigger();
  await fixture.untilTask(id, 'only', { state: 'placed' });
  await fixture.lead('leader-b');
  const change = old.runs.book.change(id, () => [
    { kind: 'cancel', reason: reason('cancel_requested', 'test'), onlyBeforeStart: false },
  ]);
  await assert.rejects(change, { code: 'NOT_LEADER' });
  assert.ok(fixture.isDeposed);
  assert.ok((await fixture.counter('refused_writes')) > 0);
  assert.equal((await fixture.untilTask(id, 'only', { state: 'placed' })).state, 'placed');
});

test('a new leader delivers again what was placed, under the same id, and the worker starts it once', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  await fixture.untilTask(id, 'only', { state: 'placed' });
  await fixture.redis.del(...(await fixture.redis.keys('{petit}:n-cube1:*')));
  await fixture.lead('leader-b');
  const envelope = await worker.start();
  assert.equal(envelope.epoch, 2);
  await fixture.untilTask(id, 'only', { state: 'running' });
  assert.equal(
    await worker.askLeave({ ...envelope, placement: envelope.placement + 1 }),
    'refused',
  );
});

test('a report that is forged, or from a stranger, changes nothing and is counted', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const envelope = await worker.start();
  await fixture.untilTask(id, 'only', { state: 'running' });
  await worker.reportEnd(envelope, OK, generateSigningKey());
  await fixture.redis.xadd(KEYS.reports, '*', 'node', 'nobody', 'body', '{}', 'signature', 'x');
  await fixture.redis.xadd(KEYS.reports, '*', 'junk', '1');
  await waitFor(async () => (await fixture.redis.xlen(KEYS.reports)) === 0, {
    what: 'the reports to be read',
  });
  assert.equal((await fixture.untilTask(id, 'only', { state: 'running' })).state, 'running');
  assert.equal(await fixture.counter('forged_reports'), 1);
  assert.equal(await fixture.counter('reports_of_strangers'), 1);
  assert.equal(await fixture.counter('junk_reports'), 1);
  await worker.reportEnd(envelope, OK);
  await fixture.untilTask(id, 'only', { state: 'completed' });
});

test('attack 6: a worker that reports for an attempt of another worker is not believed', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const envelope = await worker.start();
  const liar = await fixture.worker('cube2');
  await liar.reportEnd(envelope, { kind: 'exited', code: 1 });
  await waitFor(async () => (await fixture.counter('late_reports')) === 1, {
    what: 'the lie to be counted',
  });
  await fixture.untilTask(id, 'only', { state: 'running', node: 'cube1' });
});

test('a report that comes twice is applied once and counted', async () => {
  await using fixture = await TermFixture.open(CHAIN);
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const envelope = await worker.start();
  await worker.reportEnd(envelope, OK);
  await worker.reportEnd(envelope, { kind: 'exited', code: 9 });
  await waitFor(async () => (await fixture.counter('late_reports')) === 1, {
    what: 'the second to be counted',
  });
  await fixture.untilTask(id, 'first', { state: 'completed' });
});

test('P2 an attempt that a live worker no longer has is lost, with the reason', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  await worker.start();
  await fixture.untilTask(id, 'only', { state: 'running' });
  worker.unfinished.length = 0;
  await worker.announce({ bootId: 'boot-2' });
  const record = await fixture.untilTask(id, 'only', { state: 'lost' });
  assert.equal(record.reason?.token, 'unknown_end');
  const stored = await fixture.term.context.stores.runs.read(id);
  assert.equal(stored?.header.state, 'interrupted');
});

test('an idempotent attempt that is lost is tried again', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only', idempotent: true }]));
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  await worker.start();
  await fixture.untilTask(id, 'only', { state: 'running' });
  worker.unfinished.length = 0;
  await worker.announce({ bootId: 'boot-2' });
  const again = await worker.start();
  assert.equal(again.attempt, 2);
  await fixture.untilTask(id, 'only', { state: 'running', attempt: 2 });
});

test('an announcement that is older than a leave says nothing about that attempt', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const envelope = await worker.take();
  // The leader reads nothing meanwhile, as when it is away.
  await fixture.term[Symbol.asyncDispose]();
  worker.unfinished.length = 0;
  await worker.announce();
  assert.equal(await worker.askLeave(envelope), 'granted');
  await fixture.lead('leader-b');
  await waitFor(async () => (await fixture.redis.xlen(KEYS.reports)) === 0, {
    what: 'the stream to be read',
  });
  assert.equal((await fixture.untilTask(id, 'only', { state: 'running' })).state, 'running');
});

test('a cancelled run: what has no leave is cancelled at once, what runs is stopped through the control record', async () => {
  await using fixture = await TermFixture.open(
    jobOf([{ id: 'runs' }, { id: 'waits', dependsOn: ['runs'] }]),
  );
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const envelope = await worker.start();
  await fixture.untilTask(id, 'runs', { state: 'running' });
  await fixture.term.runs.book.change(id, () => [
    { kind: 'cancel', reason: reason('cancel_requested', 'test'), onlyBeforeStart: false },
  ]);
  await fixture.untilTask(id, 'waits', { state: 'cancelled' });
  const control = await waitFor(
    async () => {
      const record = controlRecordSchema.parse(
        parseJson((await fixture.redis.hget(KEYS.controls, 'cube1')) ?? ''),
      );
      return record.stop.length > 0 ? record : null;
    },
    { what: 'the wish to stop it' },
  );
  assert.deepEqual(control.stop, [envelope.attemptId]);
  await worker.reportEnd(envelope, { kind: 'stopped', code: null, signal: 'SIGTERM' });
  await fixture.untilTask(id, 'runs', { state: 'cancelled' });
  const stored = await fixture.term.context.stores.runs.read(id);
  assert.equal(stored?.header.state, 'cancelled');
});

test('a cancel that meets a leave given meanwhile is planned anew, and stops the attempt', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const envelope = await worker.take();
  await fixture.untilTask(id, 'only', { state: 'placed' });
  const leave = worker.askLeave(envelope);
  const cancel = fixture.term.runs.book.change(id, () => [
    { kind: 'cancel', reason: reason('cancel_requested', 'test'), onlyBeforeStart: false },
  ]);
  const [answer] = await Promise.all([leave, cancel]);
  const wanted = answer === 'granted' ? 'running' : 'cancelled';
  await fixture.untilTask(id, 'only', { state: wanted });
});

test('an every-task runs once on each matching node, and is joined', async () => {
  const job = jobOf([
    { id: 'all', every: true, runsOn: { disk: 'ssd' } },
    { id: 'after', dependsOn: ['all'] },
  ]);
  await using fixture = await TermFixture.open(job);
  await fixture.worker('cube0');
  const workers = [
    await fixture.worker('cube1', { disk: 'ssd' }),
    await fixture.worker('cube2', { disk: 'ssd' }),
  ];
  const id = await fixture.trigger();
  const [one, two] = await Promise.all(workers.map((worker) => worker.start()));
  assert.ok(one !== undefined && two !== undefined);
  assert.deepEqual([one.taskKey, two.taskKey], ['all@cube1', 'all@cube2']);
  await workers[0]?.reportEnd(one, OK);
  await fixture.untilTask(id, 'all@cube1', { state: 'completed' });
  await fixture.untilTask(id, 'after', { state: 'pending' });
  await workers[1]?.reportEnd(two, OK);
  await fixture.untilTask(id, 'all', { state: 'completed' });
  await waitFor(async () => (await fixture.untilTask(id, 'after', {})).state !== 'pending', {
    what: 'the task behind the join to go on',
  });
});

test('after a restart of Redis nothing is placed until every live worker has announced its journal', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const first = await fixture.worker('cube1');
  const second = await fixture.worker('cube2');
  await fixture.server.kill('SIGKILL');
  await fixture.server.restart();
  await waitFor(() => fixture.term.isReconciling, { what: 'reconciliation to open' });
  await fixture.term.runs.book.loadAll();
  const id = await fixture.trigger();
  await first.announce();
  await waitFor(
    () => fixture.term.nodes.book.get(first.node)?.announcement?.redisRunId === first.redisRunId,
    { what: 'the first announcement to be taken' },
  );
  assert.ok(fixture.term.isReconciling);
  await fixture.untilTask(id, 'only', { state: 'ready' });
  await second.announce();
  await fixture.untilTask(id, 'only', { state: 'placed' });
  assert.ok(!fixture.term.isReconciling);
});

test('placed ahead on a busy node is placed anew when another has room', async () => {
  await using fixture = await TermFixture.open(
    jobOf(Array.from({ length: 4 }, (_, index) => ({ id: `t${index}` }))),
  );
  const busy = await fixture.worker('cube1');
  const id = await fixture.trigger();
  await busy.start();
  await busy.start();
  await fixture.untilTask(id, 't3', { state: 'placed', node: 'cube1' });
  const idle = await fixture.worker('cube2');
  const moved = await idle.start();
  assert.equal(moved.placement, 2);
  assert.ok(['t2', 't3'].includes(moved.taskKey));
});

test('P3 an attempt whose placement and leave Redis has forgotten goes on where it has begun, and nowhere else', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const id = await fixture.trigger();
  await fixture.untilTask(id, 'only', { state: 'ready' });
  const forgetful = await fixture.redis.dumpBuffer(KEYS.run(id));
  const holder = await fixture.worker('cube2');
  const envelope = await holder.start();
  await fixture.untilTask(id, 'only', { state: 'running', node: 'cube2' });
  // A board that would be chosen before the other.
  const free = await fixture.worker('cube1');
  await fixture.term[Symbol.asyncDispose]();
  await fixture.server.kill('SIGKILL');
  await fixture.server.restart();
  await fixture.redis.restore(KEYS.run(id), 0, forgetful, 'REPLACE');
  await fixture.lead('leader-b');
  await fixture.untilTask(id, 'only', { state: 'ready', placement: 0 });
  await free.announce();
  holder.begun.push(envelope.attemptId);
  await holder.announce();
  await fixture.untilTask(id, 'only', { state: 'placed', node: 'cube2' });
  const again = await holder.take();
  assert.equal(again.attemptId, envelope.attemptId);
  assert.equal(await holder.askLeave(again), 'granted');
  await holder.reportEnd(again, OK);
  await fixture.untilTask(id, 'only', { state: 'completed' });
});

test('what is bound to a busy board is not taken back because another has room', async () => {
  const job = jobOf(['a', 'b', 'c'].map((id) => ({ id })));
  await using fixture = await TermFixture.open(job);
  const busy = await fixture.worker('cube2');
  const id = await fixture.trigger();
  const ends = [await busy.start(), await busy.start()].map(({ taskKey }) => taskKey);
  const waits = ['a', 'b', 'c'].find((key) => !ends.some((each) => each === key)) ?? '';
  const { placement } = await fixture.untilTask(id, waits, { state: 'placed' });
  for (const key of ends) await fixture.untilTask(id, key, { state: 'running' });
  busy.begun.push(attemptIdOf(id, taskKeySchema.parse(waits), 1));
  await busy.announce();
  await fixture.worker('cube1');
  fixture.term.runs.watch.look();
  const [, now] = [...(fixture.term.runs.book.get(id)?.view.tasks ?? [])].find(
    ([key]) => key === waits,
  ) ?? ['', null];
  assert.deepEqual([now?.state, now?.placement], ['placed', placement]);
});

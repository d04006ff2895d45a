import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHeaderSchema, type RunId } from '@petit/model';
import { controlRecordSchema, parseJson } from '@petit/protocol';
import { KEYS } from '@petit/store/shared';
import { waitFor } from '@petit/testkit';
import { jobOf, TermFixture } from './term.fixture.js';

test('P2 a run whose definition is gone is ended by the leader that finds it, with reason, and what runs is stopped', async () => {
  await using fixture = await TermFixture.open(
    jobOf([
      { id: 'runs' },
      { id: 'waits', dependsOn: ['runs'] },
      { id: 'left', needs: { slots: 2 } },
    ]),
  );
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const envelope = await worker.start();
  assert.equal(envelope.taskKey, 'runs');
  await fixture.untilTask(id, 'runs', { state: 'running' });
  await forgetDefinition(fixture, id);
  await fixture.lead('leader-b');

  const stored = await fixture.term.context.stores.runs.read(id);
  assert.equal(stored?.header.state, 'cancelled');
  assert.equal(stored.header.reason?.token, 'definition_gone');
  assert.deepEqual(
    { ...stored.header.counts },
    { open: 0, completed: 0, failed: 0, skipped: 0, cancelled: 2, lost: 1 },
  );
  await fixture.untilTask(id, 'runs', { state: 'lost' });
  await fixture.untilTask(id, 'waits', { state: 'cancelled' });
  assert.equal(await fixture.redis.sismember(KEYS.liveRuns, id), 0, 'it is live no more');
  assert.equal(fixture.term.runs.book.size, 0);
  assert.ok(
    fixture.events.some((event) => event.kind === 'run' && event.run.state === 'cancelled'),
    'who looks at the page sees it',
  );

  assert.deepEqual(await stopsOf(fixture, 1), [envelope.attemptId], 'what runs is told to stop');
  await worker.reportEnd(envelope, { kind: 'stopped', code: null, signal: 'SIGTERM' });
  await stopsOf(fixture, 0);
  assert.equal(await fixture.counter('late_reports'), 1, 'its end is late, and counted');
});

test('P2 a leave that was given while the definition went is a fact: the task is lost, not cancelled', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const envelope = await worker.start();
  await fixture.untilTask(id, 'only', { state: 'running' });
  // As if the word of the leave had not come yet.
  const key = KEYS.run(id);
  const record = JSON.parse((await fixture.redis.hget(key, 'task:only')) ?? '');
  await fixture.redis.hset(key, 'task:only', JSON.stringify({ ...record, state: 'placed' }));
  await forgetDefinition(fixture, id, { state: 'pending', startedAt: null });
  await fixture.lead('leader-b');
  await fixture.untilTask(id, 'only', { state: 'lost' });
  const stored = await fixture.term.context.stores.runs.read(id);
  assert.equal(stored?.header.state, 'interrupted');
  assert.deepEqual(await stopsOf(fixture, 1), [envelope.attemptId]);
});

/** Lets a stored run name a definition that nobody has. */
async function forgetDefinition(fixture: TermFixture, id: RunId, change = {}): Promise<void> {
  const key = KEYS.run(id);
  const header = runHeaderSchema.parse(parseJson((await fixture.redis.hget(key, 'header')) ?? ''));
  const forgotten = { ...header, ...change, definitionHash: 'nobody-has-this' };
  await fixture.redis.hset(key, 'header', JSON.stringify(forgotten));
}

async function stopsOf(fixture: TermFixture, count: number): Promise<readonly string[]> {
  const control = await waitFor(
    async () => {
      const text = await fixture.redis.hget(KEYS.controls, 'cube1');
      const record = controlRecordSchema.parse(parseJson(text ?? ''));
      return record.stop.length === count ? record : null;
    },
    { what: `${count} attempts to be told to stop` },
  );
  return control.stop;
}

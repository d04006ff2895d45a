import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  newRun,
  reason,
  runIdSchema,
  scheduleIdSchema,
  type RunHeader,
  type RunId,
} from '@petit/model';
import { waitFor } from '@petit/testkit';
import { createRun } from '../runs/create-run.js';
import { jobOf, TermFixture } from '../term/term.fixture.js';

const OK = { kind: 'exited', code: 0 } as const;
const scheduleId = scheduleIdSchema.parse('schedule');

/** A run of the tick `number`, as the planner starts it. */
async function createTick(
  fixture: TermFixture,
  number: number,
  start: Partial<Pick<RunHeader, 'notBefore' | 'wait' | 'cancelsPrevious'>> = {},
): Promise<RunId> {
  const id = runIdSchema.parse(`${String(number).padStart(8, '0')}-2222-8222-8222-222222222222`);
  const { job, hash, graph } = fixture.definition;
  const now = Date.now();
  const tickAt = now - 1_000 + number;
  const trigger = { kind: 'schedule', scheduleId, tickAt, wall: 'w', zone: 'UTC' } as const;
  const run = { id, jobId: job.id, definitionHash: hash, graph, trigger, now, ...start };
  await createRun(fixture.term, { definition: fixture.definition, view: newRun(run), unmet: null });
  return id;
}

async function headerOf(fixture: TermFixture, id: RunId): Promise<RunHeader> {
  const [header] = await fixture.term.context.stores.runs.readHeaders([id]);
  assert.ok(header !== undefined);
  return header;
}

async function untilBegun(fixture: TermFixture, id: RunId): Promise<RunHeader> {
  return waitFor(
    async () => {
      const header = await headerOf(fixture, id);
      return header.begunAt === null ? null : header;
    },
    { what: `run ${id} to begin` },
  );
}

test('runs of a job wait for one another and begin in order, also under another leader', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }], { overlap: 'queue_all' }));
  const worker = await fixture.worker('cube1');
  const first = await createTick(fixture, 1);
  const later = [await createTick(fixture, 2), await createTick(fixture, 3)];
  assert.equal((await headerOf(fixture, first)).wait, null);
  for (const id of later) assert.equal((await headerOf(fixture, id)).wait?.token, 'queued');
  const envelope = await worker.start();
  assert.equal(envelope.runId, first);
  await fixture.lead('leader-b');
  await worker.announce();
  await worker.reportEnd(envelope, OK);
  for (const id of later) {
    const next = await worker.start();
    assert.equal(next.runId, id);
    const header = await headerOf(fixture, id);
    assert.deepEqual([header.wait, header.begunAt === null], [null, false]);
    await worker.reportEnd(next, OK);
  }
  await waitFor(() => fixture.term.runs.book.size === 0, { what: 'all runs to end' });
});

test('a run begins at its instant, not before, and says until then what it waits for', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const notBefore = Date.now() + 700;
  const wait = reason('caught_up', 'released later');
  const id = await createTick(fixture, 1, { notBefore, wait });
  assert.deepEqual((await headerOf(fixture, id)).wait, wait);
  const { begunAt } = await untilBegun(fixture, id);
  assert.ok(begunAt !== null && begunAt >= notBefore);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTaskEnded, type RunId } from '@petit/model';
import type { Envelope } from '@petit/protocol';
import { waitFor } from '@petit/testkit';
import type { HandWorker } from '../term/hand-worker.fixture.js';
import { jobOf, TermFixture } from '../term/term.fixture.js';

const OK = { kind: 'exited', code: 0 } as const;

test('max_concurrent_tasks: as many tasks as it allows are placed or run over all boards, the oldest first', async () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  // In turn for one board and the other, so that they do not wait in one group.
  const disks = ['ssd', 'hdd'];
  const job = jobOf(ids.map((id, index) => ({ id, runsOn: { disk: disks[index % 2] } })));
  const limits = { maxConcurrentJobs: null, maxConcurrentTasks: 2 };
  await using fixture = await TermFixture.open(job, null, limits);
  const ssd = await fixture.worker('cube1', { disk: 'ssd' });
  const hdd = await fixture.worker('cube2', { disk: 'hdd' });
  const id = await fixture.trigger();
  const running: Envelope[] = [];
  for (const [index, key] of ids.entries()) {
    const worker = index % 2 === 0 ? ssd : hdd;
    const envelope = await worker.start();
    assert.equal(envelope.taskKey, key);
    running.push(envelope);
    assert.ok(running.length <= 2);
    assert.ok(underWay(fixture, id) <= 2);
    if (running.length < 2) continue;
    assert.equal(underWay(fixture, id), 2);
    await reportFirst(running, [ssd, hdd]);
  }
  await reportFirst(running, [ssd, hdd]);
  await waitFor(() => fixture.term.runs.book.size === 0, { what: 'the run to end' });
  assert.equal((await fixture.header(id)).state, 'completed');
});

async function reportFirst(running: Envelope[], workers: readonly HandWorker[]): Promise<void> {
  const first = running.shift();
  const worker = workers.find(({ node }) => node === first?.node);
  assert.ok(first !== undefined && worker !== undefined);
  await worker.reportEnd(first, OK);
}

/** How many tasks of a run are placed or run. */
function underWay(fixture: TermFixture, id: RunId): number {
  const tasks = [...(fixture.term.runs.book.get(id)?.view.tasks.values() ?? [])];
  return tasks.filter(({ node, state }) => node !== null && !isTaskEnded(state)).length;
}

test('max_concurrent_tasks: what waits for it says so, and goes on when it is raised', async () => {
  const limits = { maxConcurrentJobs: null, maxConcurrentTasks: 1 };
  await using fixture = await TermFixture.open(jobOf([{ id: 'a' }, { id: 'b' }]), null, limits);
  const worker = await fixture.worker('cube1');
  const id = await fixture.trigger();
  const first = await worker.start();
  const next = first.taskKey === 'a' ? 'b' : 'a';
  const record = await waitFor(
    async () => {
      const task = await fixture.untilTask(id, next, { state: 'ready' });
      return task.reason === null ? null : task;
    },
    { what: 'the reason to be stored' },
  );
  assert.equal(record.reason?.token, 'max_concurrent_tasks');
  const raised = { ...limits, maxConcurrentTasks: 2 };
  await fixture.term.jobs.desk.load({ ...fixture.directory, limits: raised });
  assert.equal((await worker.start()).taskKey, next);
});

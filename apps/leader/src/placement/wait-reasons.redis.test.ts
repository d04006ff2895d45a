import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunId, TaskKey } from '@petit/model';
import { waitFor } from '@petit/testkit';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import { explainRun } from '../views/explain.js';

const WAITING = 40;
const FAN = jobOf(
  Array.from({ length: WAITING }, (_, index) => ({ id: `t${index}`, runsOn: { disk: 'tape' } })),
);

test('P12 why ready tasks wait is stored once for a wish, and another leader explains it by the same words', async () => {
  await using fixture = await TermFixture.open(FAN);
  await fixture.worker('cube1');
  const id = await fixture.trigger();
  await untilStored(fixture, id, 'no_fitting_node');
  const before = explained(fixture, id);
  assert.equal(before.length, WAITING, 'each of them is explained');
  assert.equal(new Set(before.map(({ text }) => text)).size, 1);

  // Many looks, each of which finds the same: nothing more is written.
  const revBefore = await revOf(fixture, id);
  const records = await storedReasons(fixture, id);
  for (let look = 0; look < 50; look += 1) {
    fixture.term.runs.placer.pass();
    fixture.term.runs.placer.look();
  }
  assert.equal(records.length, 1, 'one of them carries it');
  assert.equal(await revOf(fixture, id), revBefore);
  assert.ok(revBefore <= 3, `${WAITING} waiting tasks cost ${revBefore - 1} moves`);

  await fixture.lead('leader-b');
  fixture.term.runs.placer.hold();
  const after = explained(fixture, id);
  assert.ok(after.length > 0);
  for (const { key, text } of after)
    assert.equal(text, before.find((one) => one.key === key)?.text, key);
});

test('P12 another reason takes the place of the stored one, and a placed task has none', async () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  await using fixture = await TermFixture.open(
    jobOf(ids.map((id) => ({ id, needs: { slots: 2 } }))),
  );
  const id = await fixture.trigger();
  await untilStored(fixture, id, 'no_fitting_node');
  const worker = await fixture.worker('cube1');
  const first = await worker.start();
  await fixture.untilTask(id, first.taskKey, { state: 'running', reason: null });
  await untilStored(fixture, id, 'no_room');
  assert.deepEqual(await storedReasons(fixture, id), ['no_room'], 'of the next one alone');
});

/** Waits until the reason of the next ready task is stored; the looks are the leader's own. */
async function untilStored(fixture: TermFixture, id: RunId, token: string): Promise<void> {
  await waitFor(async () => (await storedReasons(fixture, id)).includes(token), {
    what: `the reason ${token} to be stored`,
    timeoutMs: 10_000,
  });
}

async function storedReasons(fixture: TermFixture, id: RunId): Promise<string[]> {
  const stored = await fixture.term.context.stores.runs.read(id);
  return [...(stored?.tasks.values() ?? [])].flatMap(({ state, reason }) =>
    state === 'ready' && reason !== null ? [reason.token] : [],
  );
}

async function revOf(fixture: TermFixture, id: RunId): Promise<number> {
  return (await fixture.term.context.stores.runs.read(id))?.rev ?? 0;
}

function explained(
  fixture: TermFixture,
  id: RunId,
): readonly { readonly key: string; readonly text: string }[] {
  const run = fixture.term.runs.book.get(id);
  if (run === null) throw new Error(`run ${id} is not live`);
  const { waits } = explainRun({
    ...run.view,
    tick: null,
    waitReason: (key: TaskKey) => fixture.term.runs.placer.waitReason(id, key),
    startDeadlineAt: 0,
  });
  return waits.map(({ key, reason }) => ({ key, text: reason.text }));
}

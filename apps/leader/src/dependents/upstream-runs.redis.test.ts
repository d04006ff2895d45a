import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeDependency, reason, type JobDependency, type RunId } from '@petit/model';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import { UpstreamRuns } from './upstream-runs.js';

const NOON = Date.UTC(2026, 10, 25, 12);
const MINUTE_MS = 60_000;

/** Ends a run by a cancel at an instant, or as if its task had been done. */
async function endAt(
  fixture: TermFixture,
  id: RunId,
  { at, completed }: { readonly at: number; readonly completed: boolean },
): Promise<void> {
  fixture.wallAt = at;
  const { book } = fixture.term.runs;
  const [known] = [...fixture.term.nodes.book.all()];
  assert.ok(known !== undefined);
  const { node } = known;
  const why = reason('cancel_requested', 'test');
  await book.change(id, (view) => {
    if (!completed) return [{ kind: 'cancel', reason: why, onlyBeforeStart: false }];
    const [key] = [...view.tasks.keys()];
    const record = key === undefined ? undefined : view.tasks.get(key);
    if (key === undefined || record === undefined) return [];
    const isPlaced = record.state === 'placed';
    const about = { key, node, placement: record.placement + (isPlaced ? 0 : 1) };
    const end = {
      ending: { kind: 'exited', code: 0 },
      startedAt: at,
      endedAt: at,
      durationMs: 1,
      cpuMs: null,
    } as const;
    return [
      ...(isPlaced ? [] : [{ kind: 'place', key, node } as const]),
      { kind: 'leave', ...about, leftAt: at },
      { kind: 'end', ...about, attempt: 1, end },
    ];
  });
}

test('a window sees the one run that completed in it, behind many newer ones, however long before it was created', async () => {
  await using fixture = await TermFixture.open(
    jobOf([{ id: 'only' }], { startDeadlineMs: 86_400_000 }),
    NOON,
  );
  await fixture.worker('cube1');
  const { job } = fixture.definition;
  const old = await fixture.trigger();
  // Sixty others are created after it; half of them end before it, half after it, none of them well.
  for (let index = 1; index <= 60; index += 1) {
    if (index === 31) await endAt(fixture, old, { at: NOON + 31 * MINUTE_MS, completed: true });
    const id = await fixture.trigger();
    await endAt(fixture, id, { at: NOON + index * MINUTE_MS, completed: false });
  }
  const unended = await fixture.trigger();
  const upstream = new UpstreamRuns(fixture.term.context.stores.runs);
  const windowOf = (minutes: number): JobDependency => ({
    job: job.id,
    condition: 'within_window',
    windowMs: minutes * MINUTE_MS,
  });
  const now = NOON + 60 * MINUTE_MS;
  const inside = await upstream.read(windowOf(29), now);
  const verdict = judgeDependency(windowOf(29), inside, now);
  assert.ok(verdict.kind === 'met');
  assert.equal(verdict.run.id, old);
  const outside = await upstream.read(windowOf(28), now);
  assert.equal(judgeDependency(windowOf(28), outside, now).kind, 'unmet');
  assert.ok(outside.length <= 41, `${outside.length} runs were read for 29 in the window`);
  const newest = await upstream.read({ job: job.id, condition: 'last_complete' }, now);
  assert.deepEqual(
    newest.map(({ endedAt }) => endedAt),
    [now],
    'the newest end alone is read',
  );
  assert.notEqual(newest[0]?.id, unended);
});

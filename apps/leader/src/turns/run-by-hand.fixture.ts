import assert from 'node:assert/strict';
import { nodeNameSchema, type RunEvent, type RunHeader, type RunId } from '@petit/model';
import { waitFor } from '@petit/testkit';
import type { TermFixture } from '../term/term.fixture.js';

const node = nodeNameSchema.parse('cube1');

/** Lets the only task of a run start, as a board would. */
export async function startRun(fixture: TermFixture, id: RunId): Promise<void> {
  await fixture.term.runs.book.change(id, ({ tasks }): readonly RunEvent[] => {
    const [[key, record] = []] = [...tasks];
    assert.ok(key !== undefined && record !== undefined);
    const placement = record.placement + 1;
    return [
      { kind: 'place', key, node },
      { kind: 'leave', key, node, placement, leftAt: 1 },
    ];
  });
}

/** Lets the only task of a run end: stopped where that was asked for, else well. */
export async function endRun(fixture: TermFixture, id: RunId): Promise<void> {
  await fixture.term.runs.book.change(id, ({ header, tasks }): readonly RunEvent[] => {
    const [[key, record] = []] = [...tasks];
    assert.ok(key !== undefined && record !== undefined);
    const { attempt, placement } = record;
    const ending =
      header.cancelRequestedAt === null
        ? ({ kind: 'exited', code: 0 } as const)
        : ({ kind: 'stopped', code: null, signal: 'SIGTERM' } as const);
    const end = { ending, startedAt: 1, endedAt: 2, durationMs: 1, cpuMs: null };
    return [{ kind: 'end', key, node, attempt, placement, end }];
  });
}

/** The headers of all runs, in the order of their ticks. */
export async function allRuns(fixture: TermFixture): Promise<readonly RunHeader[]> {
  const { runs } = fixture.term.context.stores;
  const headers = await runs.readHeaders(
    await runs.list({ jobId: null, limit: 100, before: null }),
  );
  return headers.toSorted((a, b) => tickAt(a) - tickAt(b));
}

/** Starts and ends whatever begins, one run after the other, until none is left; answers their ticks in that order. */
export async function endAllRuns(fixture: TermFixture): Promise<readonly string[]> {
  const order: string[] = [];
  for (;;) {
    const unended = [...fixture.term.runs.book.all()].map(({ view }) => view.header);
    const begun = unended.filter(({ begunAt }) => begunAt !== null);
    const [next] = begun.toSorted((a, b) => tickAt(a) - tickAt(b));
    if (next === undefined) {
      if (unended.length === 0) return order;
      await waitFor(() => [...fixture.term.runs.book.all()].some(isBegun), {
        what: 'a run to begin',
      });
      continue;
    }
    order.push(timeOf(next));
    await startRun(fixture, next.id);
    await endRun(fixture, next.id);
  }
}

/** `12:00 completed`, `12:01 cancelled: replaced`, `12:02 waits: queued`. */
export function lineOfRun(header: RunHeader): string {
  const { state, begunAt, endedAt, reason, wait } = header;
  if (endedAt === null && begunAt === null)
    return `${timeOf(header)} waits: ${wait?.token ?? 'for nothing'}`;
  return `${timeOf(header)} ${state}${reason === null ? '' : `: ${reason.token}`}`;
}

function isBegun({ view }: { readonly view: { readonly header: RunHeader } }): boolean {
  return view.header.begunAt !== null;
}

function tickAt({ trigger, createdAt }: RunHeader): number {
  return trigger.kind === 'schedule' ? trigger.tickAt : createdAt;
}

function timeOf(header: RunHeader): string {
  return new Date(tickAt(header)).toISOString().slice(11, 16);
}

import { ALL_JOBS, type JobId, type TickOutcome, type TickRecord } from '@petit/model';
import type { PauseChangeView, PauseView } from '@petit/protocol';
import type { HoldingPause } from '../pauses/pause-book.js';

/** A pause that goes on as the API shows it. */
export function viewOfPause({ target, record }: HoldingPause): PauseView {
  return { of: target === ALL_JOBS ? 'all' : 'job', fromAt: record.fromAt, by: record.by };
}

/** What became of a wish to pause or to resume, as the API shows it. */
export function viewOfPauseChange(change: {
  readonly jobId: JobId | null;
  readonly changed: boolean;
  readonly decided: readonly TickRecord[];
  readonly holding: readonly HoldingPause[];
}): PauseChangeView {
  const counts = new Map<TickOutcome, number>();
  for (const { outcome, count } of change.decided)
    counts.set(outcome, (counts.get(outcome) ?? 0) + count);
  return {
    jobId: change.jobId,
    changed: change.changed,
    pauses: change.holding.map(viewOfPause),
    decided: [...counts].map(([outcome, count]) => ({ outcome, count })),
  };
}

import type { RunView } from '@petit/protocol';

/**
 * What started a run, in few words: `schedule 02:00`, `by hand (page)`. The zone is named when it is not `zone`, that of
 * all other times on the page.
 */
export function describeTrigger({ trigger }: RunView, zone: string): string {
  switch (trigger.kind) {
    case 'manual':
      return `by hand (${trigger.by})`;
    case 'jobs':
      return `after ${trigger.upstream.map(({ jobId }) => jobId).join(', ')}`;
    case 'schedule':
    case 'backfill': {
      const time = trigger.wall.slice(11).replace(/:00$/, '');
      const text = trigger.zone === zone ? time : `${time} ${trigger.zone}`;
      return trigger.kind === 'schedule'
        ? `schedule ${text}`
        : `backfill ${trigger.wall.slice(0, 10)} ${text}`;
    }
    default:
      return trigger satisfies never;
  }
}

/** How many tasks a run has and how many have ended. */
export function taskProgress(run: RunView): { readonly ended: number; readonly all: number } {
  const { open, completed, failed, skipped, cancelled, lost } = run.counts;
  const ended = completed + failed + skipped + cancelled + lost;
  return { ended, all: ended + open };
}

/** The tasks of a run by how they ended, as in `7 completed, 1 failed`. */
export function describeCounts(run: RunView): string {
  const named = Object.entries(run.counts).filter(([, count]) => count > 0);
  return named.map(([name, count]) => `${count} ${name}`).join(', ');
}

/** How long a run took, or takes until `now`; null before it started. */
export function runDurationMs(run: RunView, now: number): number | null {
  if (run.startedAt === null) return null;
  return (run.endedAt ?? now) - run.startedAt;
}

/** The first group of a run id: enough to tell runs on one page apart. */
export function shortRunId(id: string): string {
  return id.slice(0, 8);
}

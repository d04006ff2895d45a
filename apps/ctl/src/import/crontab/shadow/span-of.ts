import type { Span } from './compare-log.js';
import type { CronLog } from './read-cron-log.js';

const MINUTE_MS = 60_000;

/**
 * The time that is compared: what is asked for, else the whole minutes that the log is of. Its first and its last minute
 * may be cut in the middle of what cron started in them.
 */
export function spanOf(
  log: CronLog,
  asked: { readonly since: number | undefined; readonly until: number | undefined },
): Span | null {
  if (log.span === null) return null;
  const { firstAt, lastAt } = log.span;
  const from = asked.since ?? Math.ceil(firstAt / MINUTE_MS) * MINUTE_MS;
  const until = asked.until ?? Math.floor(lastAt / MINUTE_MS) * MINUTE_MS;
  return from < until ? { from, until } : null;
}

import { readStamp, type Stamp } from './read-stamp.js';
import { wallInstants } from './wall-instants.js';

/** A start of a command, as cron has logged it. */
export interface LoggedCommand {
  readonly at: number;
  readonly user: string;
  /** As the log has it: cron writes what is not printable another way. */
  readonly command: string;
}

/** What a log says of cron, and the time it is of. */
export interface CronLog {
  readonly commands: readonly LoggedCommand[];
  /** The first and the last line with a time, whoever wrote it; null: there is none. */
  readonly span: { readonly firstAt: number; readonly lastAt: number } | null;
}

/** `host CRON[123]: (user) CMD (command)`, of the crons of Debian, cronie, SUSE and busybox's like. */
const STARTED = /^\S+ \S*cron[d]?\[\d+\]: \(([^)]*)\) CMD \((.*)\)\s*$/i;
const DAY_MS = 86_400_000;

/**
 * Reads the lines of cron from a log: of `journalctl -o short-iso`, of rsyslog, or of the syslog of old, whose times
 * have neither year nor zone. Those are taken as of `zone`, in the order in which they stand where an hour comes twice,
 * and of the last year in which they are not later than a day after `latestAt`.
 */
export function readCronLog(
  text: string,
  { zone, latestAt }: { readonly zone: string; readonly latestAt: number },
): CronLog {
  const commands: LoggedCommand[] = [];
  let firstAt: number | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const line of text.split('\n')) {
    const stamp = readStamp(line);
    if (stamp === null) continue;
    const at = instantOf(stamp, { zone, latestAt: latestAt + DAY_MS, lastAt });
    if (at === null) continue;
    firstAt ??= at;
    lastAt = Math.max(at, lastAt);
    const [, user, command] = STARTED.exec(stamp.rest) ?? [];
    if (user !== undefined && command !== undefined) commands.push({ at, user, command });
  }
  return { commands, span: firstAt === null ? null : { firstAt, lastAt } };
}

interface Bounds {
  readonly zone: string;
  readonly latestAt: number;
  /** Of the line before. */
  readonly lastAt: number;
}

/** Null for a day that is in no year within reach. */
function instantOf(stamp: Stamp, bounds: Bounds): number | null {
  switch (stamp.kind) {
    case 'instant':
      return stamp.at;
    case 'wall':
      return inOrder(wallInstants(stamp.wallMs, bounds.zone), bounds.lastAt);
    case 'day': {
      const thisYear = new Date(bounds.latestAt).getUTCFullYear();
      // The 29th of February is in one year of eight at the worst.
      for (let year = thisYear + 1; year > thisYear - 9; year--) {
        const wallMs = Date.parse(`${year}-${stamp.monthDay}T${stamp.time}Z`);
        if (new Date(wallMs).toISOString().slice(5, 10) !== stamp.monthDay) continue;
        const at = inOrder(wallInstants(wallMs, bounds.zone), bounds.lastAt);
        if (at !== null && at <= bounds.latestAt) return at;
      }
      return null;
    }
    default:
      return stamp satisfies never;
  }
}

/** Of two instants the one that is not before the line above, so that an hour that comes twice is read as two. */
function inOrder(instants: readonly number[], lastAt: number): number | null {
  return instants.find((at) => at >= lastAt) ?? instants[0] ?? null;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A stretch of time in the two units that matter: `40 ms`, `1.2 s`, `12 s`, `2 m 05 s`, `3 h 20 m`, `2 d 4 h`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < 950) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / SECOND_MS).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${twoDigits(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${twoDigits(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The same for a count that ticks on the page: whole seconds only. */
export function formatElapsed(elapsedMs: number): string {
  const ms = Math.max(0, elapsedMs);
  return ms < 9_950 ? `${Math.floor(ms / SECOND_MS)} s` : formatDuration(ms);
}

/** How long ago, roughly: `just now`, `12 s ago`, `5 m ago`, `3 h ago`, `2 d ago`. */
export function formatAgo(agoMs: number): string {
  if (agoMs < 2 * SECOND_MS) return 'just now';
  return `${roughly(agoMs)} ago`;
}

/** How soon: `now`, `in 12 s`, `in 5 m 10 s`, `in 3 h 20 m`. */
export function formatIn(inMs: number): string {
  return inMs < SECOND_MS ? 'now' : `in ${formatElapsed(inMs)}`;
}

/** Wall times in one zone: the browser's, or one given for tests. */
export interface Clock {
  readonly zone: string;
  /** `14:02:11`. */
  time(at: number): string;
  /** `14:02` today, `Mon 14:02` within six days, else `3 Mar 14:02`. */
  short(at: number, now: number): string;
  /** Everything, for a tooltip. */
  full(at: number): string;
}

/** Wall times as the page writes them: 24 hours, in `zone` or the browser's own. */
export function createClock(zone?: string): Clock {
  const part = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat('en-GB', zone === undefined ? options : { ...options, timeZone: zone });
  const time = part({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const minute = part({ hour: '2-digit', minute: '2-digit' });
  const weekday = part({ weekday: 'short' });
  const date = part({ day: 'numeric', month: 'short' });
  const day = part({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const full = part({ dateStyle: 'full', timeStyle: 'long' });
  return {
    zone: time.resolvedOptions().timeZone,
    time: (at) => time.format(at),
    short: (at, now) => {
      if (day.format(at) === day.format(now)) return minute.format(at);
      const near = Math.abs(at - now) < 6 * DAY_MS;
      return `${(near ? weekday : date).format(at)} ${minute.format(at)}`;
    },
    full: (at) => full.format(at),
  };
}

function roughly(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} m`;
  return ms < DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} d`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

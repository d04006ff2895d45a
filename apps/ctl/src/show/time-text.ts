const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A stretch of time: `0.42 s`, `12.3 s`, `4 min 05 s`, `3 h 20 min`, `2 d 4 h`. */
export function durationText(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < 10 * SECOND_MS) return `${(ms / SECOND_MS).toFixed(ms < SECOND_MS ? 2 : 1)} s`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS)
    return `${Math.floor(ms / MINUTE_MS)} min ${padded((ms % MINUTE_MS) / SECOND_MS)} s`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ${padded((ms % HOUR_MS) / MINUTE_MS)} min`;
  return `${Math.floor(ms / DAY_MS)} d ${Math.floor((ms % DAY_MS) / HOUR_MS)} h`;
}

/** How long ago, or how soon: `just now`, `40 s ago`, `in 3 min`, `2 d ago`. */
export function relativeText(at: number, now: number): string {
  const distanceMs = Math.abs(now - at);
  if (distanceMs < SECOND_MS) return 'just now';
  const text = roughText(distanceMs);
  return at > now ? `in ${text}` : `${text} ago`;
}

function roughText(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 10 * HOUR_MS)
    return `${Math.floor(ms / HOUR_MS)} h ${padded((ms % HOUR_MS) / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} d`;
}

/** An instant as local wall time: the time alone for today, with the date for other days. */
export function clockText(at: number, now: number): string {
  const [day, time] = [localDay(new Date(at)), localTime(new Date(at))];
  return day === localDay(new Date(now)) ? time : `${day} ${time}`;
}

/** Local wall time and distance: `14:02:11, 3 min ago`. */
export function momentText(at: number, now: number): string {
  return `${clockText(at, now)}, ${relativeText(at, now)}`;
}

function localDay(date: Date): string {
  return `${date.getFullYear()}-${padded(date.getMonth() + 1)}-${padded(date.getDate())}`;
}

function localTime(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(padded).join(':');
}

function padded(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

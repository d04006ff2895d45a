import { dayOfDate, daysInMonth, DAY_MS } from './calendar.js';
import { read, unread, type Read } from './problem.js';

const INSTANT_PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.0+)?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const WANTED =
  'an instant of RFC 3339 in whole seconds with its offset, such as 2026-12-24T18:00:00+01:00';

/** Reads the instant of `@at`, in milliseconds since the epoch; `offset` is where `text` stands in the schedule. */
export function parseAt(text: string, offset: number): Read<number> {
  const at = instantOf(text);
  if (at !== null) return read(at);
  return unread({
    field: 'shortcut',
    offset,
    found: text,
    wanted: WANTED,
    message: `@at must be ${WANTED}, not "${text}"`,
  });
}

function instantOf(text: string): number | null {
  const match = INSTANT_PATTERN.exec(text);
  if (match === null) return null;
  const number = (group: number): number => Number(match[group] ?? '0');
  const [year, month, day] = [number(1), number(2), number(3)];
  const [hour, minute, second] = [number(4), number(5), number(6)];
  const [aheadHours, aheadMinutes] = [number(8), number(9)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59 || aheadHours > 23 || aheadMinutes > 59) return null;
  const aheadMs = (aheadHours * 60 + aheadMinutes) * 60_000 * (match[7] === '-' ? -1 : 1);
  return (
    dayOfDate(year, month, day) * DAY_MS + (hour * 3_600 + minute * 60 + second) * 1_000 - aheadMs
  );
}

/** The time at the beginning of a line of a log, and what follows it. */
export type Stamp =
  | { readonly kind: 'instant'; readonly at: number; readonly rest: string }
  /** What the clock on the wall showed, in milliseconds since 1970-01-01T00:00 on it. */
  | { readonly kind: 'wall'; readonly wallMs: number; readonly rest: string }
  /** `11-25` and `09:17:01`: the syslog of old has no year. */
  | {
      readonly kind: 'day';
      readonly monthDay: string;
      readonly time: string;
      readonly rest: string;
    };

const ISO =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,]\d{1,9})?(Z|[+-]\d{2}:?\d{2})? +(\S.*)$/;
const OLD = /^(?:<\d+>)?([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) +(\S.*)$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Reads the time of a line, or answers null where it has none: a line of `journalctl` about itself, a torn one. */
export function readStamp(line: string): Stamp | null {
  const [, date, clock, offset, rest] = ISO.exec(line) ?? [];
  if (date !== undefined && rest !== undefined) {
    const colon = offset?.replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2');
    const at = Date.parse(`${date}T${clock}${colon ?? 'Z'}`);
    if (Number.isNaN(at)) return null;
    return offset === undefined
      ? { kind: 'wall', wallMs: at, rest }
      : { kind: 'instant', at, rest };
  }
  const [, month = '', day = '', time, after] = OLD.exec(line) ?? [];
  const number = MONTHS.indexOf(month) + 1;
  if (number === 0 || time === undefined || after === undefined) return null;
  const monthDay = `${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`;
  // Of a leap year, so that every day passes that some year has.
  const exists = !Number.isNaN(Date.parse(`2028-${monthDay}T${time}Z`));
  return exists ? { kind: 'day', monthDay, time, rest: after } : null;
}

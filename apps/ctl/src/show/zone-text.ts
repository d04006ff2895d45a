const MINUTE_MS = 60_000;

/** An abbreviation is one of a language's; these know most of those that English has. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-ZA', 'en-IN'];
const formats = new Map<string, Intl.DateTimeFormat>();

/** What people call the offset of a zone at an instant, such as `CEST`, or null where they have no word for it. */
export function zoneAbbreviation(zone: string, at: number): string | null {
  try {
    for (const locale of LOCALES) {
      const parts = formatFor(locale, zone).formatToParts(at);
      const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
      if (/^[A-Z]{2,5}$/.test(name)) return name;
    }
  } catch (error) {
    // A leader may know a zone that this runtime does not.
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

function formatFor(locale: string, zone: string): Intl.DateTimeFormat {
  const key = `${locale} ${zone}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' });
  formats.set(key, format);
  return format;
}

/** An offset ahead of UTC: `+02:00`. */
export function offsetText(offsetMinutes: number): string {
  const size = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? '-' : '+'}${padded(size / 60)}:${padded(size % 60)}`;
}

/** `CEST`, or the offset where there is no word for it. */
export function zoneWord(zone: string, at: number, offsetMinutes: number): string {
  return zoneAbbreviation(zone, at) ?? offsetText(offsetMinutes);
}

/** `CEST +02:00`, `+05:45`, `UTC`. */
export function zoneText(zone: string, at: number, offsetMinutes: number): string {
  const name = zoneAbbreviation(zone, at);
  if (name === null) return offsetText(offsetMinutes);
  return offsetMinutes === 0 && name === 'UTC' ? name : `${name} ${offsetText(offsetMinutes)}`;
}

/** What clocks with that offset show: `Sun 2027-03-28 03:00`, with seconds where they are not zero. */
export function wallDayText(at: number, offsetMinutes: number): string {
  return `${wallDate(at, offsetMinutes)} ${wallTime(at, offsetMinutes)}`;
}

/** `Sun 2027-03-28`. */
export function wallDate(at: number, offsetMinutes: number): string {
  const wall = new Date(at + offsetMinutes * MINUTE_MS);
  return `${DAYS[wall.getUTCDay()]} ${wall.toISOString().slice(0, 10)}`;
}

/** `03:00`, or `03:00:30`. */
export function wallTime(at: number, offsetMinutes: number): string {
  return shortTime(new Date(at + offsetMinutes * MINUTE_MS).toISOString());
}

/** The time of a wall time as text: `02:30` of `2027-03-28T02:30:00`. */
export function shortTime(wall: string): string {
  return wall.slice(11, 19).replace(/:00$/, '');
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function padded(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

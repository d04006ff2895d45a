const OFFSET_PATTERN = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * A function that asks the runtime's zone data how far a zone's wall time is ahead of UTC at an instant, in
 * milliseconds. One call costs about a microsecond. Throws a RangeError when the runtime does not know the zone.
 */
export function offsetReader(zone: string): (at: number) => number {
  // The hour is asked for because it makes the text, and so the call, as short as it gets.
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    timeZoneName: 'longOffset',
    hour: 'numeric',
  });
  return (at) => parseOffset(format.format(at));
}

function parseOffset(text: string): number {
  const match = OFFSET_PATTERN.exec(text);
  if (match === null)
    throw new RangeError(`the runtime wrote an offset as "${text}", wanted GMT+hh:mm`);
  const [, sign, hours, minutes, seconds] = match;
  if (sign === undefined) return 0;
  const size = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -size : size) * 1_000;
}

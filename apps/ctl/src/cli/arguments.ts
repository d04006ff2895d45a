import { PetitError } from '@petit/model';
import { parseSchedule } from '@petit/schedule';

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const LONGEST_MS = 2 ** 31 - 1;

/** Reads `90s`, `5m`, `1h30m` as milliseconds; throws BAD_REQUEST. */
export function durationArgument(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  const whole = parts.map(([part]) => part).join('') === text && parts.length > 0;
  const sumMs = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS_MS[unit ?? ''] ?? 0),
    0,
  );
  if (!whole || sumMs <= 0 || sumMs > LONGEST_MS) {
    throw new PetitError(
      'BAD_REQUEST',
      `duration ${JSON.stringify(text)}: wanted 90s, 5m, 1h30m, 24 days at most`,
    );
  }
  return Math.round(sumMs);
}

/** A reader of whole numbers within bounds, both included; it throws BAD_REQUEST. */
export function countArgument(min: number, max: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (count >= min && count <= max) return count;
    throw new PetitError('BAD_REQUEST', `number ${JSON.stringify(text)}: wanted ${min} to ${max}`);
  };
}

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads an instant of RFC 3339, with or without seconds, or a date alone, which is its midnight in UTC; as milliseconds
 * since the epoch. Throws BAD_REQUEST.
 */
export function instantArgument(text: string): number {
  const match = INSTANT.exec(text);
  const at = match === null ? Number.NaN : Date.parse(text);
  // The runtime takes the 30th of February as a day in March.
  const day = new Date(`${text.slice(0, 10)}T00:00Z`);
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
  if (!Number.isNaN(at) && exists) return at;
  throw new PetitError(
    'BAD_REQUEST',
    `instant ${JSON.stringify(text)}: wanted 2027-03-28T01:00Z, 2027-03-28T01:00:00+01:00, or 2027-03-28 for its midnight in UTC`,
  );
}

/** Reads the name of a time zone; throws BAD_REQUEST. */
export function zoneArgument(text: string): string {
  const parsed = parseSchedule('@hourly', { zone: text, jobId: '' });
  if (parsed.ok) return text;
  throw new PetitError('BAD_REQUEST', parsed.problems.map(({ message }) => message).join('\n'));
}

import { PetitError } from '@petit/model';
import { parseSchedule } from '@petit/schedule';

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

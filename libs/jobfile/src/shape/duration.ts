const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** How a duration is written. */
export const DURATION_PATTERN =
  /^(?=.)(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?$/u;

/** The same, with at least one digit that is not 0. */
export const POSITIVE_DURATION_PATTERN: RegExp = new RegExp(
  DURATION_PATTERN.source.replace('(?=.)', '(?=.*[1-9])'),
  'u',
);

/** Ten years. */
export const MAX_DURATION_MS = 3_653 * 86_400_000;

/** What a duration looks like, for messages. */
export const DURATION_RULE = 'a duration such as 90s, 5m or 1h30m';

/** How long one may be, for messages. */
export const MAX_DURATION_RULE = 'at most ten years (3653d)';

/** Reads `90s`, `5m`, `1h30m`, `1d`, `250ms` into milliseconds; null when `text` is none or longer than ten years. */
export function parseDuration(text: string): number | null {
  const totalMs = addUp(text);
  return totalMs !== null && totalMs <= MAX_DURATION_MS ? totalMs : null;
}

/** Whether `text` is written as a duration, and is longer than one may be. */
export function isTooLong(text: string): boolean {
  return (addUp(text) ?? 0) > MAX_DURATION_MS;
}

function addUp(text: string): number | null {
  const match = DURATION_PATTERN.exec(text);
  if (match === null) return null;
  return UNITS.reduce((sum, [, unitMs], index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0);
}

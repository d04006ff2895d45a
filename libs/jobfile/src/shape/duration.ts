const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const PATTERN = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;

/** Ten years. */
export const MAX_DURATION_MS = 3_653 * 86_400_000;

/** What a duration looks like, for messages. */
export const DURATION_RULE = 'a duration such as 90s, 5m or 1h30m';

/** Reads `90s`, `5m`, `1h30m`, `1d`, `250ms` into milliseconds; null when `text` is none or longer than ten years. */
export function parseDuration(text: string): number | null {
  const match = PATTERN.exec(text);
  if (match === null || text === '') return null;
  const totalMs = UNITS.reduce(
    (sum, [, unitMs], index) => sum + Number(match[index + 1] ?? 0) * unitMs,
    0,
  );
  return totalMs <= MAX_DURATION_MS ? totalMs : null;
}

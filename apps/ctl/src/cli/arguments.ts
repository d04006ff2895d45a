import { PetitError } from '@petit/model';

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

/** Numbers from 0 to 1 that are always the same for a seed (mulberry32 over a hash of it). */
export type Random = () => number;

export function seededRandom(seed: string): Random {
  let state = Array.from(seed).reduce(
    (sum, each) => Math.imul(sum ^ (each.codePointAt(0) ?? 0), 16_777_619),
    1,
  );
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of `values`, of which there must be some. */
export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

/** A whole number, both bounds included. */
export function pickNumber(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** True so often: 0 never, 1 always. */
export function chance(random: Random, probability: number): boolean {
  return random() < probability;
}

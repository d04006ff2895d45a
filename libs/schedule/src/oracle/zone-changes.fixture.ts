/** A change of how far a zone's wall is ahead of UTC. */
export interface WallChange {
  /** The first instant of the new one. */
  readonly at: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

const LOOK_EVERY_MS = 6 * 3_600_000;

/**
 * Every change of a zone in (after, until], found by asking for the wall time every six hours; two that take each other
 * back within six hours would go unseen.
 */
export function changesBetween(
  wallAt: (at: number) => number,
  range: { readonly after: number; readonly until: number },
): readonly WallChange[] {
  const changes: WallChange[] = [];
  const aheadAt = (at: number): number => wallAt(at) - at;
  // A wall shows no milliseconds.
  let from = Math.floor(range.after / 1_000) * 1_000;
  const until = Math.floor(range.until / 1_000) * 1_000;
  let beforeMs = aheadAt(from);
  while (from < until) {
    const to = Math.min(until, from + LOOK_EVERY_MS);
    const afterMs = aheadAt(to);
    if (afterMs !== beforeMs) {
      let [low, high] = [from, to];
      while (high - low > 1_000) {
        const middle = low + Math.floor((high - low) / 2_000) * 1_000;
        if (aheadAt(middle) === beforeMs) low = middle;
        else high = middle;
      }
      changes.push({ at: high, beforeMs, afterMs });
    }
    [from, beforeMs] = [to, afterMs];
  }
  return changes;
}

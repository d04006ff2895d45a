/** A stretch of time in which ticks are held: those in (fromAt, untilAt]. Milliseconds since the epoch. */
export interface Pause {
  readonly fromAt: number;
  /** Null: it goes on. */
  readonly untilAt: number | null;
}

/**
 * The same time as pauses that neither overlap nor touch, in the order of time. Of a job that was paused both by itself
 * and with all others, a tick is held as long as either goes on, and what was held is decided once both are over.
 */
export function mergePauses(pauses: readonly Pause[]): readonly Pause[] {
  const merged: Pause[] = [];
  for (const pause of pauses.toSorted((a, b) => a.fromAt - b.fromAt)) {
    const last = merged.at(-1);
    if (last === undefined || endOf(last) < pause.fromAt) merged.push(pause);
    else if (endOf(pause) > endOf(last))
      merged[merged.length - 1] = { fromAt: last.fromAt, untilAt: pause.untilAt };
  }
  return merged;
}

/** The one of some pauses that an instant falls into, or null. */
export function pauseAt(pauses: readonly Pause[], at: number): Pause | null {
  return pauses.find((pause) => at > pause.fromAt && at <= endOf(pause)) ?? null;
}

/** Since when ticks are held: the beginning of the merged pause that goes on; null when none does. */
export function heldSince(merged: readonly Pause[]): number | null {
  const last = merged.at(-1);
  return last === undefined || last.untilAt !== null ? null : last.fromAt;
}

function endOf({ untilAt }: Pause): number {
  return untilAt ?? Infinity;
}

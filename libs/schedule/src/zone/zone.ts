import { SECOND_MS } from '../calendar.js';

/**
 * A stretch of time in which a zone's offset does not change. Instants are milliseconds since the epoch, offsets are
 * milliseconds that wall time is ahead of UTC. Either end may be a change of the offset or only the end of what was
 * looked at; then the offset beyond it is the same.
 */
export interface ZoneSegment {
  /** The first instant in it. */
  readonly startAt: number;
  /** The first instant after it. */
  readonly endAt: number;
  readonly offsetMs: number;
  readonly offsetBeforeMs: number;
  readonly offsetAfterMs: number;
}

/**
 * No two changes of a zone's offset since 1970 are nearer than 7 days (America/Boa_Vista, Recife and Noronha in October
 * 2000), so probes 2 days apart see every change; `zone.test.ts` walks a zone hour by hour against this.
 */
const PROBE_MS = 2 * 86_400_000;
/** Changes are looked for in pages of 256 days, and kept: 0.1 ms each when first asked for. */
const PAGE_MS = 128 * PROBE_MS;
/** No offset changes by more than the 24 hours of a zone that moves to the other side of the date line. */
const LARGEST_SHIFT_MS = 2 * 86_400_000;
/** About 180 years; a look-up that jumps about in millennia only does its work again. */
const PAGE_LIMIT = 256;

/** A change of offset: `at` is the first instant of the new one. */
interface OffsetChange {
  readonly at: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** A time zone: what its offset is when, remembered in the order in which it is asked. */
export class Zone {
  /** The name as it was asked for. */
  readonly name: string;
  readonly #offsetAt: (at: number) => number;
  readonly #pages = new Map<number, readonly OffsetChange[]>();
  #last: ZoneSegment | null = null;

  /**
   * @param name a name that `findZone` has accepted
   * @param offsetAt how far wall time is ahead of UTC at an instant, in milliseconds
   */
  constructor(name: string, offsetAt: (at: number) => number) {
    this.name = name;
    this.#offsetAt = offsetAt;
  }

  /** The stretch of constant offset around an instant; it reaches 254 days to either side unless the offset changes. */
  segmentAt(at: number): ZoneSegment {
    const last = this.#last;
    if (last !== null && at >= last.startAt && at < last.endAt) return last;
    const segment = this.#findSegment(at);
    this.#last = segment;
    return segment;
  }

  #findSegment(at: number): ZoneSegment {
    const page = Math.floor(at / PAGE_MS);
    const before = this.#lastChange(page, at) ?? this.#lastChange(page - 1, at);
    const after = this.#firstChange(page, at) ?? this.#firstChange(page + 1, at);
    const offsetMs = before?.afterMs ?? after?.beforeMs ?? this.#offsetAt(at);
    return {
      // Where no change was seen, the segment stops short of the pages looked at, so that no wall time in it is one
      // that a change just beyond them repeats.
      startAt: before?.at ?? (page - 1) * PAGE_MS + LARGEST_SHIFT_MS,
      endAt: after?.at ?? (page + 2) * PAGE_MS - LARGEST_SHIFT_MS,
      offsetMs,
      offsetBeforeMs: before?.beforeMs ?? offsetMs,
      offsetAfterMs: after?.afterMs ?? offsetMs,
    };
  }

  #lastChange(page: number, at: number): OffsetChange | undefined {
    return this.#changesOf(page).findLast((change) => change.at <= at);
  }

  #firstChange(page: number, at: number): OffsetChange | undefined {
    return this.#changesOf(page).find((change) => change.at > at);
  }

  #changesOf(page: number): readonly OffsetChange[] {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    const changes = findChanges(this.#offsetAt, page * PAGE_MS);
    if (this.#pages.size >= PAGE_LIMIT) this.#pages.clear();
    this.#pages.set(page, changes);
    return changes;
  }
}

/** The changes from `fromAt` on, for the length of a page. */
function findChanges(offsetAt: (at: number) => number, fromAt: number): readonly OffsetChange[] {
  const changes: OffsetChange[] = [];
  let probeAt = fromAt - SECOND_MS;
  let beforeMs = offsetAt(probeAt);
  while (probeAt < fromAt + PAGE_MS - SECOND_MS) {
    const nextAt = probeAt + PROBE_MS;
    const afterMs = offsetAt(nextAt);
    if (afterMs !== beforeMs) {
      changes.push({
        at: bisect({ offsetAt, fromAt: probeAt, untilAt: nextAt, beforeMs }),
        beforeMs,
        afterMs,
      });
    }
    probeAt = nextAt;
    beforeMs = afterMs;
  }
  return changes;
}

/** The first whole second in (fromAt, untilAt] whose offset is not `beforeMs`. */
function bisect(input: {
  readonly offsetAt: (at: number) => number;
  readonly fromAt: number;
  readonly untilAt: number;
  readonly beforeMs: number;
}): number {
  let same = input.fromAt / SECOND_MS;
  let changed = input.untilAt / SECOND_MS;
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (input.offsetAt(middle * SECOND_MS) === input.beforeMs) same = middle;
    else changed = middle;
  }
  return changed * SECOND_MS;
}

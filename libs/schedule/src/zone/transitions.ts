import { findZone } from './find-zone.js';
import type { Zone } from './zone.js';

/** A change of a zone's offset. Instants in milliseconds since the epoch, offsets in minutes ahead of UTC. */
export interface ZoneTransition {
  /** The first instant of the new offset. */
  readonly at: number;
  readonly offsetBeforeMinutes: number;
  readonly offsetAfterMinutes: number;
}

/** How far the wall time of a zone is ahead of UTC at an instant, in minutes. Throws a RangeError for an unknown zone. */
export function zoneOffsetAt(zone: string, at: number): number {
  return zoneOf(zone).segmentAt(at).offsetMs / 60_000;
}

/** The changes of a zone's offset in (after, until], at most `limit`. Throws a RangeError for an unknown zone. */
export function transitionsBetween(input: {
  readonly zone: string;
  readonly after: number;
  readonly until: number;
  readonly limit: number;
}): readonly ZoneTransition[] {
  const zone = zoneOf(input.zone);
  const found: ZoneTransition[] = [];
  let segment = zone.segmentAt(input.after);
  while (segment.endAt <= input.until && found.length < input.limit) {
    if (segment.offsetAfterMs !== segment.offsetMs) {
      found.push({
        at: segment.endAt,
        offsetBeforeMinutes: segment.offsetMs / 60_000,
        offsetAfterMinutes: segment.offsetAfterMs / 60_000,
      });
    }
    segment = zone.segmentAt(segment.endAt);
  }
  return found;
}

function zoneOf(name: string): Zone {
  const found = findZone(name);
  if (!found.ok) throw new RangeError(found.problem.message);
  return found.value;
}

import { zoneOffsetAt } from '@petit/schedule';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * The instants at which the clocks of a zone show a wall time, the earliest first: two where it comes twice. One that
 * they never show, which a log should not hold, is taken as the clock before the change would have had it.
 */
export function wallInstants(wallMs: number, zone: string): readonly number[] {
  const around = [wallMs - DAY_MS, wallMs, wallMs + DAY_MS].map((at) => zoneOffsetAt(zone, at));
  const offsets = [...new Set(around)];
  const instants = offsets
    .filter((minutes) => zoneOffsetAt(zone, wallMs - minutes * MINUTE_MS) === minutes)
    .map((minutes) => wallMs - minutes * MINUTE_MS);
  const [before = 0] = offsets;
  return instants.length > 0 ? instants.toSorted((a, b) => a - b) : [wallMs - before * MINUTE_MS];
}

const UNITS = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1_000 },
] as const;

/** A duration for people, in its two largest units: `3d2h`, `24h`, `1m30s`, `250ms`. */
export function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${durationMs}ms`;
  const largest = UNITS.findIndex(({ ms }) => durationMs >= ms);
  let rest = durationMs;
  let text = '';
  for (const { unit, ms } of UNITS.slice(largest, largest + 2)) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}

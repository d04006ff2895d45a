/** The value in the middle; of an even number of values the higher one of the two. */
export function median(values) {
  return quantile(values, 0.5);
}

/** The value below which `share` of the values are; `NaN` of none. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** `median (least to most)` with so many digits behind the point. */
export function spread(values, digits) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

/** What each of `ours` is beside the floor of the same round, so that what slows the machine down slows both. */
export function ratios(ours, floor) {
  return ours.map((value, round) => value / floor[round]);
}

import { CronExpressionParser } from 'cron-parser';
import type { CronField, CronFieldName } from './field.js';

/** The numbers that a field stands for, with the two look-ups that finding and counting need. */
export interface ValueSet {
  /** Ascending, each once. */
  readonly values: readonly number[];
  /** Which of 0 to 31 are in it, one bit each; of use for days, months and weekdays. */
  readonly mask: number;
  /** `next[v]` is the smallest value from `v` on, or -1. One longer than the field, so that `v + 1` may be asked. */
  readonly next: Int8Array;
  /** `below[v]` is how many values are smaller than `v`. */
  readonly below: Uint8Array;
}

/** Enough for every field that people write; what is thrown away is only work. */
const CACHE_LIMIT = 2_048;
const cache = new Map<string, ValueSet>();

/**
 * The set of a field's items (`*`, `5`, `1-5`, `0-59/15`, in numbers). Sets are shared: 100,000 schedules use a few
 * hundred different fields. Sunday is 0 in the result.
 */
export function valueSetOf(field: CronField, items: readonly string[]): ValueSet {
  const key = `${field.name} ${items.join(',')}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const set = buildSet(items.flatMap((item) => expandItem(field.name, item)));
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, set);
  return set;
}

// One item at a time, because cron-parser refuses lists whose items meet (1,1 or two steps that share a value), and with
// the other fields left at their wildcards, because it judges days by the month beside them.
function expandItem(name: CronFieldName, item: string): readonly number[] {
  const { fields } = CronExpressionParser.parse(patternWith(name, item));
  switch (name) {
    case 'second':
      return fields.second.values;
    case 'minute':
      return fields.minute.values;
    case 'hour':
      return fields.hour.values;
    case 'day_of_month':
      return fields.dayOfMonth.values.filter((value) => typeof value === 'number');
    case 'month':
      return fields.month.values;
    case 'day_of_week':
      return fields.dayOfWeek.values
        .filter((value) => typeof value === 'number')
        .map((value) => value % 7);
  }
}

const POSITIONS: Readonly<Record<CronFieldName, number>> = {
  second: 0,
  minute: 1,
  hour: 2,
  day_of_month: 3,
  month: 4,
  day_of_week: 5,
};

function patternWith(name: CronFieldName, item: string): string {
  return ['*', '*', '*', '*', '*', '*'].with(POSITIONS[name], item).join(' ');
}

function buildSet(found: readonly number[]): ValueSet {
  const values = [...new Set(found)].sort((a, b) => a - b);
  const next = new Int8Array(62).fill(-1);
  const below = new Uint8Array(62);
  let mask = 0;
  for (const value of values) if (value < 32) mask |= 1 << value;
  for (let at = 60; at >= 0; at -= 1) next[at] = values.includes(at) ? at : (next[at + 1] ?? -1);
  for (let at = 1; at < 62; at += 1) below[at] = values.filter((value) => value < at).length;
  return { values, mask, next, below };
}

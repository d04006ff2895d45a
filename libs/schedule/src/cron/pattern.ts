import type { DayRule } from './day-rule.js';
import type { ValueSet } from './value-set.js';

/** A cron pattern, compiled: which wall times it names, whatever the zone. */
export interface CronPattern {
  readonly second: ValueSet;
  readonly minute: ValueSet;
  readonly hour: ValueSet;
  readonly month: ValueSet;
  readonly days: DayRule;
  /**
   * Whether hour and minute are named without `*` and without a step: then a person means that time of day, and a
   * change of the clocks must not lose or double it. Otherwise the pattern is a rhythm.
   */
  readonly fixedTime: boolean;
}

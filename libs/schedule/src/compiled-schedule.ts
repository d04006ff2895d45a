import type { CronPattern } from './cron/pattern.js';
import type { DstPolicy } from './dst-policy.js';
import type { Zone } from './zone/zone.js';

/** When a schedule is due. */
export type Timing =
  | { readonly kind: 'cron'; readonly pattern: CronPattern; readonly dst: DstPolicy }
  /** At every multiple of the period since the epoch, so that a restart does not shift it. */
  | { readonly kind: 'every'; readonly periodMs: number }
  /** Once. */
  | { readonly kind: 'at'; readonly at: number };

/** A schedule that was read without a mistake; made by `parseSchedule` and never checked again. */
export interface CompiledSchedule {
  /** The text, with each run of blanks as one space. */
  readonly text: string;
  readonly zone: Zone;
  readonly timing: Timing;
}

import type { CronFieldName } from './cron/field.js';

/** The part of a schedule that a problem is about: a field, the pattern as a whole, an `@` word, or the zone. */
export type ScheduleProblemField = CronFieldName | 'pattern' | 'shortcut' | 'zone';

/** A mistake in the text of a schedule, or in its zone. */
export interface ScheduleProblem {
  readonly field: ScheduleProblemField;
  /** Where it is, counted from 0 in the schedule's text as it was given (in the zone's text for `zone`). */
  readonly offset: number;
  /** What stands there. */
  readonly found: string;
  /** What could stand there instead. */
  readonly wanted: string;
  /** One line for people, without the place: `minute must be 0-59, not "61"`. */
  readonly message: string;
}

/** A value that was read, or what is wrong with it. */
export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: ScheduleProblem };

/** A value that was read. */
export function read<Value>(value: Value): Read<Value> {
  return { ok: true, value };
}

/** A value that could not be read. */
export function unread(problem: ScheduleProblem): {
  readonly ok: false;
  readonly problem: ScheduleProblem;
} {
  return { ok: false, problem };
}

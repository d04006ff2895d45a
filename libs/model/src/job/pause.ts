import { z } from 'zod';
import type { JobId } from '../ids.js';

/** What is paused when all jobs are; no job can be called so. */
export const ALL_JOBS = '*';
/** One job, or all of them. */
export type PauseTarget = JobId | typeof ALL_JOBS;

export const pauseRecordSchema = z.strictObject({
  /** Ticks after this instant are held, milliseconds since the epoch. */
  fromAt: z.int(),
  by: z.string(),
  /** The last instant whose ticks are held; null while the pause goes on. */
  untilAt: z.int().nullable(),
  resumedBy: z.string().nullable(),
});
/** A stretch of time in which the ticks of a job, or of all jobs, are held, with who wanted it so. */
export type PauseRecord = z.infer<typeof pauseRecordSchema>;

export const pausesSchema = z.strictObject({
  v: z.literal(1),
  /** In the order of time; all but the last have ended. */
  pauses: z.array(pauseRecordSchema).min(1),
});

/** Who changes a pause, and when (milliseconds since the epoch). */
export interface PauseChange {
  readonly by: string;
  readonly at: number;
}

/** The pause that goes on, or null. */
export function ongoingPause(pauses: readonly PauseRecord[]): PauseRecord | null {
  const last = pauses.at(-1);
  return last === undefined || last.untilAt !== null ? null : last;
}

/** The pauses with a new one. What is paused already stays so, since its first instant. */
export function beginPause(
  pauses: readonly PauseRecord[],
  { by, at }: PauseChange,
): readonly PauseRecord[] {
  if (ongoingPause(pauses) !== null) return pauses;
  // A clock that was set back must not make one pause begin in another.
  const fromAt = Math.max(at, pauses.at(-1)?.untilAt ?? at);
  return [...pauses, { fromAt, by, untilAt: null, resumedBy: null }];
}

/** The pauses with the one that goes on ended; the same where none does. */
export function endPause(
  pauses: readonly PauseRecord[],
  { by, at }: PauseChange,
): readonly PauseRecord[] {
  const ongoing = ongoingPause(pauses);
  if (ongoing === null) return pauses;
  const untilAt = Math.max(at, ongoing.fromAt);
  return [...pauses.slice(0, -1), { ...ongoing, untilAt, resumedBy: by }];
}

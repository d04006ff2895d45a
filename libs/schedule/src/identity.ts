import { createHash } from 'node:crypto';
import {
  runIdOfHash,
  scheduleIdSchema,
  type JobId,
  type RunId,
  type ScheduleId,
} from '@petit/model';
import { normalizeText } from './parse-schedule.js';
import type { Tick } from './tick/tick.js';

/**
 * What a schedule is known by, across reloads and leaders: `job@id` when its file gives it an `id:`, else a hash of job,
 * text and zone (22 characters, never an `@`). `zone` is the one that is used, so that another default zone makes another
 * schedule. Blanks in the text do not count.
 */
export function scheduleIdentity(input: {
  readonly jobId: JobId;
  readonly text: string;
  readonly zone: string;
  readonly id: string | null;
}): ScheduleId {
  if (input.id !== null) return scheduleIdSchema.parse(`${input.jobId}@${input.id}`);
  const parts = [input.jobId, normalizeText(input.text), input.zone];
  return scheduleIdSchema.parse(sha256(parts).toString('base64url').slice(0, 22));
}

/**
 * The run that a tick makes: a UUID of version 8 from a hash of schedule, instant and wall time, so that the same tick
 * is the same run even if Redis forgot it.
 */
export function tickRunId(scheduleId: ScheduleId, tick: Pick<Tick, 'at' | 'wall'>): RunId {
  return runIdOfHash(sha256([scheduleId, tick.at, tick.wall]));
}

/**
 * The run of a tick that somebody asks for again. `again` is null for the first time; with another key the same tick is
 * another run.
 */
export function backfillRunId(
  scheduleId: ScheduleId,
  tick: Pick<Tick, 'at' | 'wall'>,
  again: string | null,
): RunId {
  return runIdOfHash(sha256([scheduleId, tick.at, tick.wall, 'backfill', again ?? '']));
}

function sha256(parts: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

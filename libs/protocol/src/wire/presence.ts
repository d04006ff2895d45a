import { attemptIdSchema, nodeNameSchema } from '@petit/model';
import { z } from 'zod';

/** How often a worker beats, and after how long without one it is suspect and lost. Milliseconds. */
export const PRESENCE = { beatMs: 5_000, suspectAfterMs: 15_000, lostAfterMs: 30_000 } as const;

export const labelsSchema = z.record(
  z.string().max(64),
  // By characters, as a job file's selector counts them.
  z.string().regex(/^[\s\S]{0,256}$/u),
);

const who = {
  v: z.literal(1),
  node: nodeNameSchema,
  /** The kernel's boot id and a random id kept beside the journal. */
  bootId: z.string().max(120),
  /** This agent process; another one after every restart. */
  agentId: z.string().max(64),
};

export const announcementSchema = z.strictObject({
  ...who,
  version: z.string().max(40),
  labels: labelsSchema,
  slots: z.int().positive(),
  /** Why it takes nothing new, or null. */
  closed: z.string().max(200).nullable(),
  /** The `run_id` of the Redis that it is connected to. */
  redisRunId: z.string().max(64),
  /** The highest epoch that it has seen. */
  epoch: z.int().nonnegative(),
  /** Every attempt of its journal whose end the run record does not show yet. */
  unfinished: z.array(attemptIdSchema),
  /**
   * Those of its journal that leave was given for, and to another run of Redis also those whose end a record showed:
   * what must not be begun on another board, whatever Redis has forgotten. Workers of an older version do not say it.
   */
  begun: z.array(attemptIdSchema).default([]),
  /** Its count of announcements, rising within one agent. */
  seq: z.int().nonnegative(),
});
/** What a worker says of itself when it connects, and again when something in it changes. Stored. */
export type Announcement = z.infer<typeof announcementSchema>;

export const beatSchema = z.strictObject({
  ...who,
  seq: z.int().nonnegative(),
  /** The board's wall clock when it was sent, milliseconds since the epoch. */
  wallAt: z.int(),
  /** `seq` of the last announcement, so that a leader that missed it reads it again. */
  announcement: z.int().nonnegative(),
  /** `rev` of the control record that it acts by. */
  controlRev: z.int().nonnegative(),
  /** A hash of its unfinished attempts; see `hashAttempts`. */
  unfinished: z.string().max(64),
});
/** A sign of life. Published, never stored. */
export type Beat = z.infer<typeof beatSchema>;

export const controlRecordSchema = z.strictObject({
  v: z.literal(1),
  rev: z.int().nonnegative(),
  /** Attempts that are to end. */
  stop: z.array(attemptIdSchema),
  /** Take nothing new. */
  cordon: z.boolean(),
  /** Attempts whose output is wanted as it comes. */
  follow: z.array(attemptIdSchema),
});
/** What a leader wants of a worker: a level, not an edge, so that nothing in it can be missed. */
export type ControlRecord = z.infer<typeof controlRecordSchema>;

export const logChunkSchema = z.strictObject({
  v: z.literal(1),
  attemptId: attemptIdSchema,
  stream: z.enum(['stdout', 'stderr']),
  /** The place of the first byte in the whole stream. */
  fromByte: z.int().nonnegative(),
  /** The bytes, base64. */
  bytes: z.string().max(200_000),
});
/** A piece of output of an attempt that somebody follows. Published, never stored. */
export type LogChunk = z.infer<typeof logChunkSchema>;

/** The kernel's part of a `bootId`: equal for all workers on one machine, containers included. */
export function kernelBootIdOf(bootId: string): string {
  return bootId.split('.', 1)[0] ?? '';
}

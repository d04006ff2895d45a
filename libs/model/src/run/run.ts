import { z } from 'zod';
import { attemptEndSchema } from '../attempt/ending.js';
import {
  jobIdSchema,
  nodeNameSchema,
  runIdSchema,
  scheduleIdSchema,
  taskKeySchema,
} from '../ids.js';
import { RUN_STATES, TASK_STATES } from './moves.js';
import { reasonSchema } from './reason.js';

export const runTriggerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('schedule'),
    scheduleId: scheduleIdSchema,
    /** The due instant, milliseconds since the epoch. */
    tickAt: z.int(),
    /** The nominal wall time, `YYYY-MM-DDTHH:MM:SS`. */
    wall: z.string(),
    zone: z.string(),
  }),
  z.strictObject({
    kind: z.literal('manual'),
    by: z.string(),
    idempotencyKey: z.string().nullable(),
  }),
  /** A due instant of the past that somebody asked for again. */
  z.strictObject({
    kind: z.literal('backfill'),
    by: z.string(),
    scheduleId: scheduleIdSchema,
    tickAt: z.int(),
    wall: z.string(),
    zone: z.string(),
  }),
  /** The runs of other jobs that the job was waiting for, in the order of its `dependsOn`. */
  z.strictObject({
    kind: z.literal('jobs'),
    upstream: z.array(z.strictObject({ jobId: jobIdSchema, runId: runIdSchema })).min(1),
  }),
]);
/** What a run was started by. */
export type RunTrigger = z.infer<typeof runTriggerSchema>;

const counts = z.strictObject({
  /** Tasks that have not ended yet. */
  open: z.int().nonnegative(),
  completed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
  cancelled: z.int().nonnegative(),
  lost: z.int().nonnegative(),
});
/** How many tasks of a run ended how, so that its end is known without looking at all of them. */
export type TaskCounts = z.infer<typeof counts>;

export const runHeaderSchema = z.strictObject({
  v: z.literal(1),
  id: runIdSchema,
  jobId: jobIdSchema,
  /** The content address of the definition that the run was started from. */
  definitionHash: z.string(),
  trigger: runTriggerSchema,
  state: z.enum(RUN_STATES),
  createdAt: z.int(),
  /** It does not begin before; null is no bound. */
  notBefore: z.int().nullable(),
  /** When its first tasks were made ready; null while it waits for its turn. */
  begunAt: z.int().nullable(),
  /** What it waits for while it has not begun. */
  wait: reasonSchema.nullable(),
  /** It makes up for a tick that was missed: a run of a tick that is decided in its time never waits for it. */
  caughtUp: z.boolean(),
  /** Once only earlier runs of its job hold it back, those are cancelled for it. */
  cancelsPrevious: z.boolean(),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  cancelRequestedAt: z.int().nullable(),
  reason: reasonSchema.nullable(),
  counts,
});
/** What a run is as a whole. Instants are milliseconds since the epoch. */
export type RunHeader = z.infer<typeof runHeaderSchema>;

export const taskRecordSchema = z.strictObject({
  state: z.enum(TASK_STATES),
  /** The try that is made or was made last, from 1; 0 before the first. */
  attempt: z.int().nonnegative(),
  /** How often this task was bound to a node: the `n` of its last delivery. */
  placement: z.int().nonnegative(),
  node: nodeNameSchema.nullable(),
  /** Since when it is in this state. */
  stateAt: z.int(),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  /** When leave was given for the placement, by Redis' clock: what an announcement made before it cannot know. */
  leftAt: z.int().nullable(),
  /** When `retrying`: from when it may be made ready. */
  retryAt: z.int().nullable(),
  /** When `running` on a node that is lost: until when its report is waited for. */
  heldUntil: z.int().nullable(),
  /** How the last attempt ended. */
  end: attemptEndSchema.nullable(),
  reason: reasonSchema.nullable(),
  /** The instances of an `every: true` task, once it has fanned out. */
  instances: z.array(taskKeySchema),
});
/** What a task of a run is. Instants are milliseconds since the epoch. */
export type TaskRecord = z.infer<typeof taskRecordSchema>;

/** A task that waits for what it depends on, since `now`. */
export function pendingTask(now: number): TaskRecord {
  return {
    state: 'pending',
    attempt: 0,
    placement: 0,
    node: null,
    stateAt: now,
    startedAt: null,
    endedAt: null,
    leftAt: null,
    retryAt: null,
    heldUntil: null,
    end: null,
    reason: null,
    instances: [],
  };
}

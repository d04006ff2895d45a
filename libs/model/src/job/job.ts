import { z } from 'zod';
import { jobIdSchema, taskIdSchema } from '../ids.js';

/** Any JSON value. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

/** When a task may start, looking at how everything it depends on has ended. */
export const TASK_CONDITIONS = ['all_success', 'on_failure', 'all_done', 'always'] as const;
export type TaskCondition = (typeof TASK_CONDITIONS)[number];

/** When a failed attempt is tried again. */
export const RETRY_CONDITIONS = ['always', 'transient_only', 'never'] as const;
export type RetryCondition = (typeof RETRY_CONDITIONS)[number];

/** What happens at a tick while an earlier run of the job is still going on. */
export const OVERLAP_POLICIES = ['skip', 'queue', 'queue_all', 'cancel_previous', 'allow'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** Which ticks of an outage or a pause run once it is over. */
export const CATCHUP_POLICIES = ['none', 'latest', 'all'] as const;
export type CatchupPolicy = (typeof CATCHUP_POLICIES)[number];

/** What becomes of a tick at which another job is not as this one needs it. */
export const UNMET_POLICIES = ['skip', 'wait'] as const;
export type UnmetPolicy = (typeof UNMET_POLICIES)[number];

/** What happens to the wall times that a forward change of the clocks leaves out. */
export const GAP_POLICIES = ['run_once', 'skip'] as const;
export type GapPolicy = (typeof GAP_POLICIES)[number];

/** Which of the two instants is meant when a backward change of the clocks repeats a wall time. */
export const REPEAT_POLICIES = ['first', 'last', 'both'] as const;
export type RepeatPolicy = (typeof REPEAT_POLICIES)[number];

const environment = z.record(z.string(), z.string());

export const actionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('command'),
    command: z.string(),
    args: z.array(z.string()),
    workingDir: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal('python'),
    script: z.string(),
    inline: z.boolean(),
    workingDir: z.string().nullable(),
  }),
]);
/** What a task does when it runs. */
export type Action = z.infer<typeof actionSchema>;

export const retryPolicySchema = z.strictObject({
  /** Tries after the first one. */
  maxRetries: z.int().nonnegative(),
  delayMs: z.int().nonnegative(),
  condition: z.enum(RETRY_CONDITIONS),
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

export const taskSchema = z.strictObject({
  id: taskIdSchema,
  name: z.string(),
  action: actionSchema,
  dependsOn: z.array(taskIdSchema),
  condition: z.enum(TASK_CONDITIONS),
  environment,
  retry: retryPolicySchema,
  timeoutMs: z.int().positive().nullable(),
  killGraceMs: z.int().nonnegative(),
  /** Labels that a node must have, each with this value. */
  runsOn: z.record(z.string(), z.string()),
  /** Once on every matching node, with one join. */
  every: z.boolean(),
  needs: z.strictObject({ slots: z.int().positive() }),
  /** May be started again when nobody knows how it ended. */
  idempotent: z.boolean(),
});
/** A node of a job's graph, every default filled in. */
export type Task = z.infer<typeof taskSchema>;

export const scheduleTextSchema = z.strictObject({
  /** `id:` of the file, or null: then the schedule is known by a hash of job, text and zone. */
  id: z.string().nullable(),
  text: z.string(),
  /** IANA name, or null for the leader's default. */
  zone: z.string().nullable(),
  /** How it goes through a change of the clocks; null: as its pattern asks for. */
  dst: z.strictObject({
    gap: z.enum(GAP_POLICIES).nullable(),
    overlap: z.enum(REPEAT_POLICIES).nullable(),
  }),
});
/** A schedule as its file states it. */
export type ScheduleText = z.infer<typeof scheduleTextSchema>;

export const jobDependencySchema = z.discriminatedUnion('condition', [
  z.strictObject({ job: jobIdSchema, condition: z.enum(['last_success', 'last_complete']) }),
  z.strictObject({
    job: jobIdSchema,
    condition: z.literal('within_window'),
    windowMs: z.int().positive(),
  }),
]);
/** What a job asks of another job before it may run. */
export type JobDependency = z.infer<typeof jobDependencySchema>;

export const jobSchema = z.strictObject({
  v: z.literal(1),
  id: jobIdSchema,
  name: z.string(),
  description: z.string().nullable(),
  enabled: z.boolean(),
  schedules: z.array(scheduleTextSchema),
  dependsOn: z.array(jobDependencySchema),
  overlap: z.enum(OVERLAP_POLICIES),
  catchup: z.strictObject({
    policy: z.enum(CATCHUP_POLICIES),
    /** How late a missed tick may still run. */
    windowMs: z.int().nonnegative(),
    /** How many missed ticks run at most, the newest. */
    max: z.int().positive(),
  }),
  /** What becomes of a tick at which `dependsOn` is not met. */
  onUnmet: z.enum(UNMET_POLICIES),
  /** Runs of a tick begin up to so long after it, each schedule always by the same part of it. */
  jitterMs: z.int().nonnegative(),
  /** Runs of this job at once, whoever asked for them; null is no limit. */
  maxConcurrency: z.int().positive().nullable(),
  /**
   * How long after its tick, or after it was asked for, a run may still start its first task, before it is cancelled.
   * Null: `JOB_DEFAULTS.startDeadlineMs` after it was created, however late that was.
   */
  startDeadlineMs: z.int().positive().nullable(),
  config: z.record(z.string(), z.json()),
  environment,
  tasks: z.array(taskSchema).min(1),
});
/** A job, every default filled in: what a definition set holds and a run was started from. */
export type Job = z.infer<typeof jobSchema>;

/** What a file that does not say gets. Durations are milliseconds. */
export const JOB_DEFAULTS = {
  startDeadlineMs: 24 * 3_600_000,
  catchupWindowMs: 24 * 3_600_000,
  catchupMax: 100,
  killGraceMs: 10_000,
  retryDelayMs: 0,
} as const;

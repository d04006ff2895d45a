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
export const OVERLAP_POLICIES = ['skip', 'allow'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

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
  /** Runs of this job at once, whoever asked for them; null is no limit. */
  maxConcurrency: z.int().positive().nullable(),
  /** How long a run may wait for its first task to start, before it is cancelled. */
  startDeadlineMs: z.int().positive(),
  config: z.record(z.string(), z.json()),
  environment,
  tasks: z.array(taskSchema).min(1),
});
/** A job, every default filled in: what a definition set holds and a run was started from. */
export type Job = z.infer<typeof jobSchema>;

/** What a file that does not say gets. Durations are milliseconds. */
export const JOB_DEFAULTS = {
  startDeadlineMs: 24 * 3_600_000,
  killGraceMs: 10_000,
  retryDelayMs: 0,
} as const;

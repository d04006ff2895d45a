import {
  CATCHUP_POLICIES,
  GAP_POLICIES,
  NAME_PATTERN,
  NAME_RULE,
  OVERLAP_POLICIES,
  REPEAT_POLICIES,
  RETRY_CONDITIONS,
  TASK_CONDITIONS,
  UNMET_POLICIES,
} from '@petit/model';
import { z } from 'zod';
import {
  DURATION_PATTERN,
  DURATION_RULE,
  isTooLong,
  MAX_DURATION_MS,
  MAX_DURATION_RULE,
  POSITIVE_DURATION_PATTERN,
} from './duration.js';
import { patternMeta, type Scalars } from './text-meta.js';

/**
 * What a person may write in a job file, key by key, in petit's words. The one source of what loads, of the JSON Schema
 * that editors use, and of `docs/reference/job-file.md`; what each key is for stands in `../reference`. That a rule
 * about one value says what it wants in `params.wanted` is what messages are made of. A key without a value is as if it
 * were not there.
 */

interface TextRule {
  /** What such a text is called in the reference. */
  readonly title: string;
  readonly pattern: RegExp;
  /** The pattern in words, for messages. */
  readonly wanted: string;
  /** Which numbers and truth values, taken as they are written, can fit the pattern. */
  readonly scalars: Scalars;
}

/** Text that a pattern is about. Editors are given the same pattern. */
function text({ title, pattern, wanted, scalars }: TextRule): z.ZodString {
  return z
    .string()
    .refine((value) => pattern.test(value), { params: { wanted } })
    .meta(patternMeta({ title, pattern, scalars }));
}

function durationOf(pattern: RegExp, wanted: string): z.ZodString {
  return z
    .string()
    .refine((value) => pattern.test(value), { params: { wanted } })
    .refine((value) => !isTooLong(value), {
      params: { wanted: MAX_DURATION_RULE, code: 'too_long' },
    })
    .meta(patternMeta({ title: 'duration', pattern, scalars: 'none' }));
}

const filled = text({
  title: 'text',
  pattern: /\S/u,
  wanted: 'text that is not empty',
  scalars: 'all',
});
const name = text({
  title: 'name',
  pattern: NAME_PATTERN,
  wanted: NAME_RULE,
  scalars: 'not_negative',
});
const duration = durationOf(DURATION_PATTERN, DURATION_RULE);
const positiveDuration = durationOf(
  POSITIVE_DURATION_PATTERN,
  `${DURATION_RULE}, longer than nothing`,
);
const seconds = z
  .int()
  .min(0)
  .max(MAX_DURATION_MS / 1_000);
const positiveSeconds = z
  .int()
  .min(1)
  .max(MAX_DURATION_MS / 1_000);

const variableName = text({
  title: 'variable',
  pattern: /^[^=]+$/u,
  wanted: 'the name of an environment variable, without "="',
  scalars: 'all',
});
export const environmentShape = z.record(variableName, z.string());

export const retryShape = z.strictObject({
  max_attempts: z.int().min(0).max(100_000),
  delay: duration.nullish(),
  delay_secs: seconds.nullish(),
  condition: z.enum(RETRY_CONDITIONS).nullish(),
});
/** `retry:` as a file has it. */
export type RetryShape = z.infer<typeof retryShape>;

const labelName = text({
  title: 'label',
  pattern: /^[A-Za-z0-9][A-Za-z0-9_./-]{0,63}$/u,
  wanted: 'the name of a label: letters, digits, "_", ".", "/" or "-"',
  scalars: 'not_negative',
});
const labelValue = text({
  title: 'text of 1 to 256 characters',
  pattern: /^[\s\S]{1,256}$/u,
  wanted: 'text of 1 to 256 characters',
  scalars: 'all',
});

export const needsShape = z.strictObject({ slots: z.int().min(1).max(1_024).nullish() });

/** What a task of any type may say. */
export const taskKeys = {
  id: name,
  name: filled.nullish(),
  depends_on: z.array(z.string()).nullish(),
  condition: z.enum(TASK_CONDITIONS).nullish(),
  environment: environmentShape.nullish(),
  retry: retryShape.nullish(),
  timeout: positiveDuration.nullish(),
  timeout_secs: positiveSeconds.nullish(),
  kill_grace: duration.nullish(),
  working_dir: filled.nullish(),
  runs_on: z.record(labelName, labelValue).nullish(),
  every: z.boolean().nullish(),
  needs: needsShape.nullish(),
  idempotent: z.boolean().nullish(),
};

export const commandTaskShape = z.strictObject({
  ...taskKeys,
  type: z.literal('command'),
  command: filled,
  args: z.array(z.string()).nullish(),
});
export const pythonTaskShape = z.strictObject({
  ...taskKeys,
  type: z.literal('python'),
  script: filled,
  inline: z.boolean().nullish(),
});

export const taskShape = z.discriminatedUnion('type', [commandTaskShape, pythonTaskShape]);
/** A task as a file has it. */
export type TaskShape = z.infer<typeof taskShape>;

/** What every task may say, whatever its type: what can be judged of one whose type is not known. */
export const untypedTaskShape = z.looseObject(taskKeys);

/** Schedules of one job. */
export const MAX_SCHEDULES = 100;

export const dstShape = z.strictObject({
  gap: z.enum(GAP_POLICIES).nullish(),
  overlap: z.enum(REPEAT_POLICIES).nullish(),
});
/** `dst:` of a job or of one schedule, as a file has it. */
export type DstShape = z.infer<typeof dstShape>;

export const scheduleMapShape = z.strictObject({
  id: name.nullish(),
  cron: filled,
  timezone: filled.nullish(),
  dst: dstShape.nullish(),
});
export const scheduleShape = z.union([filled, scheduleMapShape]);
/** One schedule as a file has it. */
export type ScheduleShape = z.infer<typeof scheduleShape>;

export const windowShape = z.strictObject({ seconds: positiveSeconds });
export const withinShape = z.strictObject({
  within_window: z.union([positiveDuration, windowShape]),
});
export const dependencyMapShape = z.strictObject({
  job: name.nullish(),
  job_id: name.nullish(),
  condition: z.union([z.enum(['last_success', 'last_complete']), withinShape]).nullish(),
});
export const dependencyShape = z.union([name, dependencyMapShape]);
/** What a job asks of another one, as a file has it. */
export type DependencyShape = z.infer<typeof dependencyShape>;

export const jobShape = z.strictObject({
  id: name,
  name: filled,
  description: z.string().nullish(),
  schedule: z
    .union([filled, scheduleMapShape, z.array(scheduleShape).min(1).max(MAX_SCHEDULES)])
    .nullish(),
  enabled: z.boolean().nullish(),
  max_concurrency: z.int().min(1).nullish(),
  overlap: z.enum(OVERLAP_POLICIES).nullish(),
  catchup: z.enum(CATCHUP_POLICIES).nullish(),
  catchup_window: duration.nullish(),
  max_catchup: z.int().min(1).max(1_000).nullish(),
  jitter: duration.nullish(),
  dst: dstShape.nullish(),
  on_unmet: z.enum(UNMET_POLICIES).nullish(),
  start_deadline: positiveDuration.nullish(),
  depends_on: z.array(dependencyShape).nullish(),
  config: z.record(z.string(), z.json()).nullish(),
  environment: environmentShape.nullish(),
  tasks: z.array(taskShape).min(1),
});
/** A job file as it is written. */
export type JobShape = z.infer<typeof jobShape>;

export const defaultsShape = z.strictObject({
  default_timezone: filled.nullish(),
  default_retry: retryShape.nullish(),
  environment: environmentShape.nullish(),
  max_concurrent_jobs: z.int().min(1).nullish(),
  max_concurrent_tasks: z.int().min(1).nullish(),
  storage: z.json().nullish(),
});
/** The file that holds what all jobs of a directory share, as it is written: petit's global file. */
export type DefaultsShape = z.infer<typeof defaultsShape>;

import {
  jobSchema,
  JOB_DEFAULTS,
  type Action,
  type Job,
  type RetryPolicy,
  type ScheduleText,
} from '@petit/model';
import type { z } from 'zod';
import { parseDuration } from '../shape/duration.js';
import type {
  DependencyShape,
  DstShape,
  JobShape,
  RetryShape,
  ScheduleShape,
  TaskShape,
} from '../shape/file-shape.js';
import type { FileDefaults } from './file-defaults.js';

type JobInput = z.input<typeof jobSchema>;

/** A job as its file means it, every default filled in. The file was found to be without a mistake before. */
export function compileJob(file: JobShape, defaults: FileDefaults): Job {
  const schedule = file.schedule ?? [];
  const schedules = Array.isArray(schedule) ? schedule : [schedule];
  return jobSchema.parse({
    v: 1,
    id: file.id,
    name: file.name,
    description: file.description ?? null,
    enabled: file.enabled ?? true,
    schedules: schedules.map((one) => compileSchedule(one, file.dst ?? {}, defaults)),
    dependsOn: (file.depends_on ?? []).map(compileDependency),
    // Who allows several runs at once by a number does not want a tick left out because there is one.
    overlap: file.overlap ?? ((file.max_concurrency ?? 1) > 1 ? 'allow' : 'skip'),
    maxConcurrency: file.max_concurrency ?? null,
    catchup: {
      policy: file.catchup ?? 'latest',
      windowMs: durationMs(file.catchup_window) ?? JOB_DEFAULTS.catchupWindowMs,
      max: file.max_catchup ?? JOB_DEFAULTS.catchupMax,
    },
    onUnmet: file.on_unmet ?? 'skip',
    jitterMs: durationMs(file.jitter) ?? 0,
    startDeadlineMs: durationMs(file.start_deadline),
    config: file.config ?? {},
    environment: { ...defaults.environment, ...file.environment },
    tasks: file.tasks.map((task) => compileTask(task, defaults)),
  });
}

/** A retry policy as its file means it. */
export function compileRetry(retry: RetryShape): RetryPolicy {
  return {
    maxRetries: retry.max_attempts,
    delayMs: durationMs(retry.delay) ?? secondsMs(retry.delay_secs) ?? JOB_DEFAULTS.retryDelayMs,
    condition: retry.condition ?? 'always',
  };
}

/** `dst` is what the job says for all its schedules; what a schedule says itself wins, key by key. */
function compileSchedule(
  schedule: ScheduleShape,
  dst: DstShape,
  defaults: FileDefaults,
): ScheduleText {
  const own: Exclude<ScheduleShape, string> =
    typeof schedule === 'string' ? { cron: schedule } : schedule;
  return {
    id: own.id ?? null,
    text: own.cron,
    zone: own.timezone ?? defaults.timezone,
    dst: {
      gap: own.dst?.gap ?? dst.gap ?? null,
      overlap: own.dst?.overlap ?? dst.overlap ?? null,
    },
  };
}

function compileDependency(dependency: DependencyShape): JobInput['dependsOn'][number] {
  if (typeof dependency === 'string') return { job: dependency, condition: 'last_success' };
  const job = dependency.job ?? dependency.job_id ?? '';
  const condition = dependency.condition ?? 'last_success';
  if (typeof condition === 'string') return { job, condition };
  const window = condition.within_window;
  const windowMs = typeof window === 'string' ? durationMs(window) : secondsMs(window.seconds);
  return { job, condition: 'within_window', windowMs: windowMs ?? 0 };
}

function compileTask(task: TaskShape, defaults: FileDefaults): JobInput['tasks'][number] {
  return {
    id: task.id,
    name: task.name ?? task.id,
    action: compileAction(task),
    dependsOn: task.depends_on ?? [],
    condition: task.condition ?? 'all_success',
    environment: task.environment ?? {},
    retry: task.retry == null ? defaults.retry : compileRetry(task.retry),
    timeoutMs: durationMs(task.timeout) ?? secondsMs(task.timeout_secs),
    killGraceMs: durationMs(task.kill_grace) ?? JOB_DEFAULTS.killGraceMs,
    runsOn: task.runs_on ?? {},
    every: task.every ?? false,
    needs: { slots: task.needs?.slots ?? 1 },
    idempotent: task.idempotent ?? false,
  };
}

function compileAction(task: TaskShape): Action {
  const workingDir = task.working_dir ?? null;
  switch (task.type) {
    case 'command':
      return { type: 'command', command: task.command, args: task.args ?? [], workingDir };
    case 'python':
      return { type: 'python', script: task.script, inline: task.inline ?? false, workingDir };
    default:
      return task satisfies never;
  }
}

function durationMs(text: string | null | undefined): number | null {
  return text == null ? null : parseDuration(text);
}

function secondsMs(seconds: number | null | undefined): number | null {
  return seconds == null ? null : seconds * 1_000;
}

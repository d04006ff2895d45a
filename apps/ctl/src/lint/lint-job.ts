import type { TickRulesView } from '@petit/protocol';
import type { CompiledSchedule, Timing } from '@petit/schedule';

/** What the rules look at, from a file or from a cluster. */
export interface LintJob {
  readonly id: string;
  readonly enabled: boolean;
  readonly rules: TickRulesView;
  readonly schedules: readonly CompiledSchedule[];
}

/** A schedule that is a cron pattern. */
export interface CronSchedule extends CompiledSchedule {
  readonly timing: Extract<Timing, { kind: 'cron' }>;
}

/** The schedules of a job that are cron patterns, with their index. */
export function cronSchedules(job: LintJob): readonly (readonly [number, CronSchedule])[] {
  return job.schedules.flatMap((schedule, index) => {
    const { timing } = schedule;
    return timing.kind === 'cron' ? [[index, { ...schedule, timing }] as const] : [];
  });
}

import type { Job } from '@petit/model';
import type { ScheduleView, TickRulesView } from '@petit/protocol';
import type { LiveSchedule } from '../ticks/ticker.js';

/** A schedule in force as the API shows it. */
export function viewOfSchedule(
  { id, schedule }: LiveSchedule,
  nextAt: number | null,
): ScheduleView {
  const { text, zone, timing } = schedule;
  return {
    id,
    name: nameOf(id),
    text,
    zone: zone.name,
    dst: timing.kind === 'cron' ? timing.dst : null,
    nextAt,
  };
}

/** What a job says of its ticks. */
export function rulesOfJob(job: Job): TickRulesView {
  const { overlap, catchup, onUnmet, jitterMs, maxConcurrency, startDeadlineMs } = job;
  return { overlap, catchup, onUnmet, jitterMs, maxConcurrency, startDeadlineMs };
}

/** An identity is `job@name` where the file names its schedule, and has no `@` where it does not. */
function nameOf(id: string): string | null {
  const at = id.indexOf('@');
  return at === -1 ? null : id.slice(at + 1);
}

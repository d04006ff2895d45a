import type { Job } from '@petit/model';
import type { JobOutline } from '../http/port.js';

/** A job in short. */
export function outlineOfJob({ id, name, enabled, schedules, tasks }: Job): JobOutline {
  return { id, name, enabled, scheduled: schedules.length > 0, taskCount: tasks.length };
}

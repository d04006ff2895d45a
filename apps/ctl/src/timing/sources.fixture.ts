import assert from 'node:assert/strict';
import { parseSchedule } from '@petit/schedule';
import type { ScheduleSource } from './schedule-source.js';

/** A schedule of a job, in a zone. */
export function sourceOf(jobId: string, text: string, zone = 'UTC'): ScheduleSource {
  const parsed = parseSchedule(text, { zone, jobId });
  assert.ok(parsed.ok, `${text}: ${JSON.stringify(parsed)}`);
  return { jobId, name: null, schedule: parsed.schedule };
}

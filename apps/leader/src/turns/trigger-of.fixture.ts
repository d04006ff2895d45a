import { jobIdSchema, runIdSchema, scheduleIdSchema, type RunTrigger } from '@petit/model';

/** What starts a run. */
export function triggerOf(kind: RunTrigger['kind'], tickAt: number): RunTrigger {
  const scheduleId = scheduleIdSchema.parse('s');
  const tick = { scheduleId, tickAt, wall: 'w', zone: 'UTC' };
  switch (kind) {
    case 'schedule':
      return { kind, ...tick };
    case 'backfill':
      return { kind, by: 'world', ...tick };
    case 'manual':
      return { kind, by: 'world', idempotencyKey: null };
    case 'jobs':
      return {
        kind,
        upstream: [
          {
            jobId: jobIdSchema.parse('job0'),
            runId: runIdSchema.parse('99999999-1111-8111-8111-111111111111'),
          },
        ],
      };
    default:
      return kind satisfies never;
  }
}

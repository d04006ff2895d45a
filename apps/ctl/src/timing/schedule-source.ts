import { PetitError } from '@petit/model';
import type { JobView } from '@petit/protocol';
import { parseSchedule, type CompiledSchedule, type ScheduleProblem } from '@petit/schedule';

/** A schedule that due instants are computed of, and what it is called. */
export interface ScheduleSource {
  /** Null for a text of the command line. */
  readonly jobId: string | null;
  /** `id:` of the file, or null. */
  readonly name: string | null;
  readonly schedule: CompiledSchedule;
}

/** What `H` is spread by where no job is named. */
export const NO_JOB = 'example';

/** The schedules of a job as a leader tells them. Throws CORRUPT_RECORD for a text that this version cannot read. */
export function sourcesOfJob({ id, schedules }: JobView): readonly ScheduleSource[] {
  return schedules.map(({ name, text, zone, dst }) => {
    const parsed = parseSchedule(text, { zone, jobId: id, dst: dst ?? {} });
    if (parsed.ok) return { jobId: id, name, schedule: parsed.schedule };
    const why = parsed.problems.map(({ message }) => message).join('; ');
    throw new PetitError(
      'CORRUPT_RECORD',
      `job ${id}: the leader has the schedule ${JSON.stringify(text)}, which this petit-ctl cannot read: ${why}`,
    );
  });
}

/** A schedule of the command line. Throws BAD_REQUEST with every mistake and its place. */
export function sourceOfText(text: string, zone: string): ScheduleSource {
  const parsed = parseSchedule(text, { zone, jobId: NO_JOB });
  if (parsed.ok) return { jobId: null, name: null, schedule: parsed.schedule };
  throw new PetitError(
    'BAD_REQUEST',
    parsed.problems.map((problem) => describe(text, problem)).join('\n'),
  );
}

function describe(text: string, { field, message, offset }: ScheduleProblem): string {
  if (field === 'zone') return message;
  const line = `schedule ${JSON.stringify(text)}: ${message}`;
  return text.includes('\n') ? line : `${line}\n${text}\n${' '.repeat(offset)}^`;
}

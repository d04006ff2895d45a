import { openJobPlaces, type CompiledDirectory, type SourceFile } from '@petit/jobfile';
import type { ScheduleText } from '@petit/model';
import type { JobsView } from '@petit/protocol';
import { parseSchedule, type DstOptions } from '@petit/schedule';
import { sourcesOfJob } from '../timing/schedule-source.js';
import type { Finding, FindingTarget } from './finding.js';
import type { LintJob } from './lint-job.js';

/** Where a finding is: in a file, or in a job of a cluster. */
export type FindingPlace =
  | { readonly kind: 'file'; readonly path: string; readonly line: number; readonly column: number }
  | { readonly kind: 'job'; readonly jobId: string };

/** Jobs to be looked at, and where what is found in them stands. */
export interface LintSource {
  readonly jobs: readonly LintJob[];
  readonly placeOf: (finding: Finding) => FindingPlace;
}

/** The jobs that a cluster has in force. */
export function sourceOfCluster({ jobs }: JobsView): LintSource {
  return {
    jobs: jobs.map((job) => ({
      id: job.id,
      enabled: job.enabled,
      rules: job.rules,
      schedules: sourcesOfJob(job).map(({ schedule }) => schedule),
    })),
    placeOf: ({ jobId }) => ({ kind: 'job', jobId }),
  };
}

/** The jobs of a directory that load. */
export function sourceOfFiles(input: {
  readonly compiled: CompiledDirectory;
  readonly files: readonly SourceFile[];
  readonly defaultZone: string;
}): LintSource {
  const { compiled, files, defaultZone } = input;
  const pathOf = new Map<string, string>(compiled.jobs.map(({ job, path }) => [job.id, path]));
  return {
    jobs: compiled.jobs.map(({ job }) => ({
      id: job.id,
      enabled: job.enabled,
      rules: job,
      schedules: job.schedules.flatMap(({ text, zone, dst }) => {
        const options = { zone, defaultZone, jobId: job.id, dst: statedDst(dst) };
        const parsed = parseSchedule(text, options);
        return parsed.ok ? [parsed.schedule] : [];
      }),
    })),
    placeOf: ({ jobId, target }) => {
      const path = pathOf.get(jobId) ?? '';
      const file = files.find((each) => each.path === path);
      const position = file === undefined ? null : positionIn(file, target);
      return { kind: 'file', path, ...(position ?? { line: 1, column: 1 }) };
    },
  };
}

/** A key that the file leaves to its default is told at the schedule that it is about. */
function positionIn(
  file: SourceFile,
  target: FindingTarget,
): { readonly line: number; readonly column: number } | null {
  const places = openJobPlaces(file);
  return target.kind === 'schedule'
    ? places.schedule(target.index, target.field)
    : (places.key(target.key) ?? places.schedule(0, null));
}

function statedDst({ gap, overlap }: ScheduleText['dst']): DstOptions {
  return { ...(gap === null ? {} : { gap }), ...(overlap === null ? {} : { overlap }) };
}

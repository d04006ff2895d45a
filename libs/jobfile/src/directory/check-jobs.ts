import { checkGraph, type Job, type JobId } from '@petit/model';
import { describeCycle } from '../compile/check-graph.js';
import { jobIdOf, type OpenedFile } from '../parse-job-file.js';
import { suggestion } from '../problem/nearest.js';
import { quote } from '../problem/quote.js';
import { offsetOf } from '../text/place.js';

/** A file of a directory, with the job that it defines when it is right by itself. */
export interface JobFile {
  readonly file: OpenedFile;
  readonly job: Job | null;
}

/**
 * Tells the mistakes that lie between files: two that define one job, a job that waits for one that no file defines,
 * and jobs that wait for each other. A job that another file defines, be it with a mistake, is there: the one that
 * waits for it loads, since nothing is wrong with it and the mistake is told where it is.
 */
export function checkJobs(files: readonly JobFile[]): void {
  const byId = new Map<JobId, OpenedFile[]>();
  for (const { file } of files) {
    const id = jobIdOf(file);
    if (id === null) continue;
    const same = byId.get(id);
    if (same === undefined) byId.set(id, [file]);
    else same.push(file);
  }
  for (const [id, same] of byId) if (same.length > 1) addDuplicates(id, same);
  for (const { file, job } of files) if (job !== null) addUnknown(file, job, byId);
  addCycles(files);
}

/** None of the files can be the right one by guess, so each of them is told of another. */
function addDuplicates(id: JobId, files: readonly OpenedFile[]): void {
  for (const file of files) {
    const other = files.find((one) => one !== file);
    file.problems.add({
      offset: placeOf(file, ['id']),
      code: 'duplicate_job',
      message: `job ${quote(id)} is defined in ${quote(other?.path ?? '')} too`,
      found: id,
    });
  }
}

function addUnknown(file: OpenedFile, job: Job, byId: ReadonlyMap<JobId, unknown>): void {
  for (const [index, dependency] of job.dependsOn.entries()) {
    if (byId.has(dependency.job)) continue;
    file.problems.add(() => ({
      offset: placeOf(file, ['depends_on', index]),
      code: 'unknown_job',
      message: `job ${quote(job.id)} depends on ${quote(dependency.job)}, which no file defines${suggestion(dependency.job, byId.keys())}`,
      found: dependency.job,
    }));
  }
}

/** Each job of a circle is told, at what it waits for. */
function addCycles(files: readonly JobFile[]): void {
  const byId = new Map(
    files.flatMap(({ file, job }) => (job === null ? [] : [[job.id, { file, job }] as const])),
  );
  const links = [...byId.values()].map(({ job }) => ({
    id: job.id,
    dependsOn: job.dependsOn.map((dependency) => dependency.job),
  }));
  for (const problem of checkGraph(links)) {
    if (problem.kind !== 'cycle') continue;
    const circle = problem.path.slice(1).reverse();
    for (const [index, id] of circle.entries()) {
      const member = byId.get(id);
      const turned = [...circle.slice(index), ...circle.slice(0, index)];
      const at = member?.job.dependsOn.findIndex((one) => one.job === (turned[1] ?? id)) ?? 0;
      member?.file.problems.add(() => ({
        offset: placeOf(member.file, ['depends_on', at]),
        code: 'job_cycle',
        message: `job ${describeCycle(turned)}`,
      }));
    }
  }
}

function placeOf({ tree }: OpenedFile, path: readonly (string | number)[]): number {
  return tree === null ? 0 : offsetOf(tree.root, path);
}

import { checkGraph, type JobId } from '@petit/model';
import { describeCycle } from '../compile/check-graph.js';
import { suggestion } from '../problem/nearest.js';
import type { Problem, ProblemCode } from '../problem/problem.js';
import { ProblemList } from '../problem/problem-list.js';
import { quote } from '../problem/quote.js';
import { LineIndex } from '../text/line-index.js';
import type { Position } from '../text/line-index.js';
import type { JobFile } from './compile-file.js';

/**
 * Tells the mistakes that lie between files, by file: two that define one job, a job that waits for one that no file
 * defines, and jobs that wait for each other. A job that another file defines, be it with a mistake, is there: the one
 * that waits for it loads, since nothing is wrong with it and the mistake is told where it is.
 */
export function checkJobs(files: readonly JobFile[]): ReadonlyMap<JobFile, readonly Problem[]> {
  const found = new Findings();
  const byId = new Map<JobId, JobFile[]>();
  for (const file of files) {
    if (file.jobId === null) continue;
    const same = byId.get(file.jobId);
    if (same === undefined) byId.set(file.jobId, [file]);
    else same.push(file);
  }
  for (const [id, same] of byId) if (same.length > 1) addDuplicates(found, id, same);
  for (const file of files) addUnknown(found, file, byId);
  addCycles(found, files);
  return found.problems();
}

interface BetweenFiles {
  readonly place: Position | undefined;
  readonly code: ProblemCode;
  readonly message: string;
  readonly found?: string;
}

/** What was found so far, in the files that it is told in. */
class Findings {
  readonly #lists = new Map<JobFile, ProblemList>();

  add(file: JobFile, find: () => BetweenFiles): void {
    let list = this.#lists.get(file);
    if (list === undefined) {
      list = new ProblemList(file.path, new LineIndex(''));
      this.#lists.set(file, list);
    }
    list.addAt(() => {
      const { place, ...rest } = find();
      return { ...(place ?? { line: 1, column: 1 }), ...rest };
    });
  }

  problems(): ReadonlyMap<JobFile, readonly Problem[]> {
    return new Map([...this.#lists].map(([file, list]) => [file, list.problems]));
  }
}

/** None of the files can be the right one by guess, so each of them is told of another. */
function addDuplicates(found: Findings, id: JobId, files: readonly JobFile[]): void {
  const [first, second] = files;
  for (const file of files) {
    const other = file === first ? second : first;
    found.add(file, () => ({
      place: file.places.id,
      code: 'duplicate_job',
      message: `job ${quote(id)} is defined in ${quote(other?.path ?? '')} too`,
      found: id,
    }));
  }
}

function addUnknown(found: Findings, file: JobFile, byId: ReadonlyMap<JobId, unknown>): void {
  const { compiled, places } = file;
  if (compiled === null) return;
  for (const [index, { job: wanted }] of compiled.job.dependsOn.entries()) {
    if (byId.has(wanted)) continue;
    found.add(file, () => ({
      place: places.dependsOn[index],
      code: 'unknown_job',
      message: `job ${quote(compiled.job.id)} depends on ${quote(wanted)}, which no file defines${suggestion(wanted, byId.keys())}`,
      found: wanted,
    }));
  }
}

/** Each job of a circle is told, at what it waits for. */
function addCycles(found: Findings, files: readonly JobFile[]): void {
  const byId = new Map(
    files.flatMap((file) =>
      file.compiled === null ? [] : [[file.compiled.job.id, { file, ...file.compiled }] as const],
    ),
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
      if (member === undefined) continue;
      const turned = [...circle.slice(index), ...circle.slice(0, index)];
      const at = member.job.dependsOn.findIndex((one) => one.job === (turned[1] ?? id));
      found.add(member.file, () => ({
        place: member.file.places.dependsOn[at],
        code: 'job_cycle',
        message: `job ${describeCycle(turned)}`,
      }));
    }
  }
}

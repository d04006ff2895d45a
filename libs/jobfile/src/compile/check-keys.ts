import type { Finding, ProblemList } from '../problem/problem-list.js';
import { quote } from '../problem/quote.js';
import { labelOf } from '../shape/label.js';
import { isMap, valueAt } from '../shape/shape-issue.js';
import { keyOffsetOf, offsetOf, type Path } from '../text/place.js';
import type { Plain, Tree } from '../text/read-tree.js';

/** Pairs of keys that say the same in two ways, of which a map may have one. */
export const SAME_MEANING = [
  ['timeout', 'timeout_secs'],
  ['delay', 'delay_secs'],
  ['job', 'job_id'],
] as const;

/** Tells the mistakes that lie between keys, each of which is right by itself. */
export function checkKeys(tree: Tree, problems: ProblemList): void {
  const tasks = valueAt(tree.plain, ['tasks']);
  for (const index of Array.isArray(tasks) ? tasks.keys() : []) checkTask(index, tree, problems);
  checkJobDependencies(tree, problems);
}

/** Tells of a `retry:` map, wherever it stands. */
export function checkRetry(path: Path, tree: Tree, problems: ProblemList): void {
  addAll(problems, sameMeaning(path, tree));
}

function checkTask(index: number, tree: Tree, problems: ProblemList): void {
  const path: Path = ['tasks', index];
  const task = valueAt(tree.plain, path);
  if (!isMap(task)) return;
  addAll(problems, sameMeaning(path, tree));
  checkRetry([...path, 'retry'], tree, problems);
  const dependsOn = task['depends_on'] ?? [];
  if (task['condition'] !== 'on_failure' || !Array.isArray(dependsOn) || dependsOn.length > 0)
    return;
  problems.add({
    offset: offsetOf(tree.root, [...path, 'condition']),
    code: 'missing_key',
    message: `${labelOf(path, tree.plain)}: the condition "on_failure" needs "depends_on", for it is about what failed before`,
  });
}

function checkJobDependencies(tree: Tree, problems: ProblemList): void {
  const dependencies = valueAt(tree.plain, ['depends_on']);
  if (!Array.isArray(dependencies)) return;
  const seen = new Set<string>();
  for (const [index, dependency] of dependencies.entries()) {
    const path: Path = ['depends_on', index];
    addAll(problems, sameMeaning(path, tree));
    const job = dependedOnJob(dependency);
    const offset = offsetOf(tree.root, path);
    if (job === null) {
      if (isMap(dependency) && isUnset(dependency['job']) && isUnset(dependency['job_id'])) {
        const message = `${labelOf(path, tree.plain)} has no "job"; it must name the job that is waited for`;
        problems.add({ offset, code: 'missing_key', message });
      }
    } else if (job === valueAt(tree.plain, ['id'])) {
      problems.add({
        offset,
        code: 'job_cycle',
        message: `job ${quote(job)} waits for itself`,
        found: job,
      });
    } else if (seen.has(job)) {
      const message = `this job depends on ${quote(job)} twice`;
      problems.add({ offset, code: 'duplicate_dependency', message, found: job });
    } else seen.add(job);
  }
}

/** The job that an entry of `depends_on` names, in any of its forms, or null. */
export function dependedOnJob(dependency: Plain): string | null {
  const job = isMap(dependency) ? (dependency['job'] ?? dependency['job_id']) : dependency;
  return typeof job === 'string' ? job : null;
}

function sameMeaning(path: Path, tree: Tree): Finding[] {
  const map = valueAt(tree.plain, path);
  if (!isMap(map)) return [];
  return SAME_MEANING.filter(([one, other]) => !isUnset(map[one]) && !isUnset(map[other])).map(
    ([one, other]) => ({
      offset: keyOffsetOf(tree.root, [...path, other]),
      code: 'conflicting_keys',
      message: `${labelOf(path, tree.plain)} has both ${quote(one)} and ${quote(other)}, which mean the same: write one`,
    }),
  );
}

function isUnset(value: Plain | undefined): boolean {
  return value === undefined || value === null;
}

function addAll(problems: ProblemList, findings: readonly Finding[]): void {
  for (const finding of findings) problems.add(finding);
}

import type { z } from 'zod';
import type { ProblemList } from '../problem/problem-list.js';
import { findPlace, type Path } from '../text/place.js';
import type { Plain, Tree } from '../text/read-tree.js';
import { nearest } from '../problem/nearest.js';
import { FILE_LIMITS } from '../text/limits.js';
import { describeIssue } from './describe-issue.js';
import { knownKeysAt } from './known-keys.js';
import type { FileKind, Source } from './file-kind.js';
import { untypedTaskShape } from './file-shape.js';
import { isMap, shapeIssues, valueAt, type ShapeIssue } from './shape-issue.js';

/** So many unknown keys are held against the missing ones, and so many tasks without a known type are looked at. */
const MAX_MISSPELT = 10 * FILE_LIMITS.problems;

/** Repairs can uncover others one level further in, and a job file has no more levels than this. */
const MAX_PASSES = 8;

/**
 * Reads the plain values of a file as a file of `kind`, or tells every mistake. Two things that are no mistakes are put right in
 * the tree on the way: a number or a truth value where text is wanted is taken as it is written (`PORT: 8080`,
 * `VERSION: 1.10`), and keys that begin with `x-` are left out.
 */
export function readShape<T>(kind: FileKind<T>, tree: Tree, problems: ProblemList): T | null {
  takeAsWritten(tree);
  const source: Source = { ...tree, top: kind };
  for (let pass = 1; ; pass += 1) {
    const parsed = safeParse(kind, tree.plain);
    if (parsed === null) {
      const message = 'the file has too many mistakes in its values to tell them';
      problems.add({ offset: tree.root.offset, code: 'too_complex', message });
      return null;
    }
    if (parsed.success) return parsed.data;
    const shape = shapeIssues(parsed.error.issues, tree.plain, []);
    const variants = shape.filter(({ kind: what }) => what === 'variant').slice(0, MAX_MISSPELT);
    const issues = [...shape, ...variants.flatMap((issue) => untypedIssues(issue, tree))];
    const repaired = issues.filter((issue) => repair(issue, tree)).length;
    if (repaired > 0 && pass < MAX_PASSES) continue;
    const misspelt = misspeltKeys(issues, source);
    for (const issue of issues) {
      if (!misspelt.has(JSON.stringify(issue.path)))
        problems.add(() => describeIssue(issue, source));
    }
    return null;
  }
}

/**
 * Null when there are more issues than zod can hand on: it passes those of a list or a map as the arguments of one call,
 * and 100,000 of them are more than a stack holds.
 */
function safeParse<T>(kind: FileKind<T>, plain: Plain): z.ZodSafeParseResult<T> | null {
  try {
    return kind.shape.safeParse(plain);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What else is wrong with a task whose type is not known. */
function untypedIssues(issue: ShapeIssue, { plain }: Tree): ShapeIssue[] {
  if (issue.kind !== 'variant') return [];
  const path = issue.path.slice(0, -1);
  const task = valueAt(plain, path);
  if (task === undefined) return [];
  const parsed = untypedTaskShape.safeParse(task);
  return parsed.success ? [] : shapeIssues(parsed.error.issues, task, path);
}

/** The paths of keys that are missing only because another key of their map was meant to be them. */
function misspeltKeys(issues: readonly ShapeIssue[], source: Source): Set<string> {
  const unknown = issues.filter((issue) => issue.kind === 'unknown_key').slice(0, MAX_MISSPELT);
  const meant = unknown.flatMap(({ path }) => {
    const within = path.slice(0, -1);
    const near = nearest(String(path.at(-1)), knownKeysAt(within, source).keys);
    const isMissing = near !== null && valueAt(source.plain, [...within, near]) === undefined;
    return isMissing ? [JSON.stringify([...within, near])] : [];
  });
  return new Set(meant);
}

/**
 * Numbers and truth values where people write them most, without a mistake being made of each first: 100,000 arguments
 * are no reason for 100,000 objects.
 */
function takeAsWritten(tree: Tree): void {
  const tasks = valueAt(tree.plain, ['tasks']);
  const indexes = Array.isArray(tasks) ? [...tasks.keys()] : [];
  const ofTasks = indexes.flatMap((index) =>
    ['args', 'environment'].map((key): Path => ['tasks', index, key]),
  );
  for (const path of [['environment'], ...ofTasks]) {
    const owner = valueAt(tree.plain, path);
    const keys = Array.isArray(owner) ? owner.keys() : isMap(owner) ? Object.keys(owner) : [];
    for (const key of keys)
      repair({ kind: 'type', path: [...path, key], expected: ['string'] }, tree);
  }
}

/** Puts right what is no mistake; answers whether it was that. */
function repair(issue: ShapeIssue, tree: Tree): boolean {
  const { path } = issue;
  const key = path.at(-1);
  const owner = valueAt(tree.plain, path.slice(0, -1));
  if (issue.kind === 'unknown_key') {
    if (!isMap(owner) || typeof key !== 'string' || !key.startsWith('x-')) return false;
    return delete owner[key];
  }
  if (issue.kind !== 'type' || !issue.expected.includes('string')) return false;
  const value = valueAt(tree.plain, path);
  if (typeof value !== 'number' && typeof value !== 'boolean') return false;
  setValue(owner, key, rawText(tree, path) ?? String(value));
  return true;
}

function setValue(owner: Plain | undefined, key: string | number | undefined, value: string): void {
  if (Array.isArray(owner) && typeof key === 'number') owner[key] = value;
  else if (isMap(owner) && typeof key === 'string') owner[key] = value;
}

function rawText({ root }: Tree, path: Path): string | null {
  return findPlace(root, path)?.raw ?? null;
}

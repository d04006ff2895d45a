import { NO_LIMITS, type ClusterLimits } from '@petit/model';
import { parseSchedule } from '@petit/schedule';
import { suggestZone } from '../compile/check-schedules.js';
import { checkRetry } from '../compile/check-keys.js';
import { compileRetry } from '../compile/compile-job.js';
import { NO_DEFAULTS, type FileDefaults } from '../compile/file-defaults.js';
import type { OpenedFile } from '../parse-job-file.js';
import { DEFAULTS_FILE } from '../shape/file-kind.js';
import type { DefaultsShape } from '../shape/file-shape.js';
import { readShape } from '../shape/read-shape.js';
import { isMap, valueAt } from '../shape/shape-issue.js';
import { keyOffsetOf, offsetOf } from '../text/place.js';
import type { Tree } from '../text/read-tree.js';

/** What a file of defaults says. */
export interface ReadDefaults {
  readonly defaults: FileDefaults;
  readonly limits: ClusterLimits;
}

/** A directory without a file of defaults. */
export const NOTHING_SHARED: ReadDefaults = { defaults: NO_DEFAULTS, limits: NO_LIMITS };

const DEFAULTS_NAMES: ReadonlySet<string> = new Set(['defaults', 'petit']);

/**
 * Whether a file is the one with what all jobs of its directory share: it has keys of that file and no others, or it
 * is called `defaults` or `petit` and does not look like a job.
 */
export function isDefaultsFile(path: string, tree: Tree): boolean {
  const keys = isMap(tree.plain) ? Object.keys(tree.plain) : [];
  const own = keys.filter((key) => !key.startsWith('x-'));
  if (own.length > 0 && own.every((key) => DEFAULTS_FILE.keys.includes(key))) return true;
  return hasDefaultsName(path) && !own.some((key) => key === 'id' || key === 'tasks');
}

/** Whether a file is called as the one with what all jobs share usually is. */
export function hasDefaultsName(path: string): boolean {
  const name = /([^/\\]+)\.ya?ml$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return DEFAULTS_NAMES.has(name);
}

/** Reads the file of defaults: petit's global file. Null when its problems say why not. */
export function readDefaults({ tree, problems }: OpenedFile): ReadDefaults | null {
  if (tree === null) return null;
  const file = readShape(DEFAULTS_FILE, tree, problems);
  checkRetry(['default_retry'], tree, problems);
  for (const finding of zoneProblems(tree)) problems.add(finding);
  if (file === null) return null;
  for (const note of notesOf(file, tree)) problems.addNote(note);
  if (!problems.isEmpty) return null;
  return {
    defaults: {
      timezone: file.default_timezone ?? null,
      retry: file.default_retry == null ? NO_DEFAULTS.retry : compileRetry(file.default_retry),
      environment: file.environment ?? {},
    },
    limits: {
      maxConcurrentJobs: file.max_concurrent_jobs ?? null,
      maxConcurrentTasks: file.max_concurrent_tasks ?? null,
    },
  };
}

type OnProblem = Parameters<OpenedFile['problems']['add']>[0];
type OnNote = Parameters<OpenedFile['problems']['addNote']>[0];

function zoneProblems({ plain, root }: Tree): OnProblem[] {
  const zone = valueAt(plain, ['default_timezone']);
  if (typeof zone !== 'string' || zone.trim() === '') return [];
  const parsed = parseSchedule('@hourly', { zone, jobId: '' });
  return (parsed.ok ? [] : parsed.problems).map((problem) => ({
    offset: offsetOf(root, ['default_timezone']),
    code: 'schedule',
    message: `default_timezone: ${problem.message}${suggestZone(problem)}`,
    found: problem.found,
    wanted: problem.wanted,
  }));
}

function notesOf(file: DefaultsShape, { root }: Tree): OnNote[] {
  if (file.storage == null) return [];
  const message = '"storage" has no meaning here: runs are kept in Redis';
  return [{ offset: keyOffsetOf(root, ['storage']), code: 'no_meaning', message }];
}

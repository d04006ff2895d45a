import type { Path } from '../text/place.js';
import type { Plain } from '../text/read-tree.js';
import {
  dependencyMapShape,
  dstShape,
  jobShape,
  retryShape,
  scheduleMapShape,
  commandTaskShape,
  pythonTaskShape,
} from './file-shape.js';
import type { Source } from './file-kind.js';
import { valueAt } from './shape-issue.js';

/** What the map at a path may hold, and what of Petit's later versions a person might write there already. */
export interface KnownKeys {
  readonly keys: readonly string[];
  readonly later: readonly string[];
  /** What tasks of another type may hold. */
  readonly elsewhere: readonly string[];
  /** Keys that a person might write here and that stand in another map, with its name. */
  readonly homes: ReadonlyMap<string, string>;
}

const NO_HOMES: ReadonlyMap<string, string> = new Map();
/** What a job says once for all its schedules. */
const HOMES_OF_SCHEDULE_KEYS: ReadonlyMap<string, string> = new Map(
  Object.keys(jobShape.shape).map((key) => [key, 'the job']),
);
const HOMES_OF_JOB_KEYS: ReadonlyMap<string, string> = new Map([
  ['cron', '"schedule"'],
  ['timezone', '"schedule"'],
]);

const TASK_KEYS = [
  ...new Set([...Object.keys(commandTaskShape.shape), ...Object.keys(pythonTaskShape.shape)]),
];

const LATER_TASK_KEYS = [
  'on_lost',
  'on_disconnect',
  'run_as',
  'secrets',
  'shell',
  'max_parallel',
  'max_failures',
  'handler',
  'config',
];

/** The keys that the map at `path` may hold. */
export function knownKeysAt(path: Path, { plain, top }: Source): KnownKeys {
  const last = path.at(-1);
  if (path.length === 0) return { ...known(top.keys, top.later), homes: HOMES_OF_JOB_KEYS };
  if (path[0] === 'tasks' && path.length === 2) {
    const keys = taskKeys(valueAt(plain, [...path, 'type']));
    const elsewhere = TASK_KEYS.filter((key) => !keys.includes(key));
    return { keys, later: LATER_TASK_KEYS, elsewhere, homes: NO_HOMES };
  }
  if (last === 'retry' || last === 'default_retry')
    return known(Object.keys(retryShape.shape), ['backoff', 'max_delay', 'jitter', 'exit_codes']);
  if (last === 'needs') return known(['slots'], ['memory']);
  if (last === 'dst') return known(Object.keys(dstShape.shape));
  if (path[0] === 'schedule') {
    const keys = Object.keys(scheduleMapShape.shape);
    return { ...known(keys), homes: HOMES_OF_SCHEDULE_KEYS };
  }
  if (last === 'condition') return known(['within_window']);
  if (last === 'within_window') return known(['seconds']);
  return path[0] === 'depends_on' ? known(Object.keys(dependencyMapShape.shape)) : known([]);
}

function known(keys: readonly string[], later: readonly string[] = []): KnownKeys {
  return { keys, later, elsewhere: [], homes: NO_HOMES };
}

function taskKeys(type: Plain | undefined): string[] {
  if (type === 'command') return Object.keys(commandTaskShape.shape);
  if (type === 'python') return Object.keys(pythonTaskShape.shape);
  return TASK_KEYS;
}

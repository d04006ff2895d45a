import { quote } from '../problem/quote.js';
import type { Path } from '../text/place.js';
import type { Plain } from '../text/read-tree.js';
import type { Source } from './file-kind.js';
import { valueAt } from './shape-issue.js';

/** What a path is called in a message: `schedule`, `task "extract"`, `task "extract": retry.delay`. */
export function labelOf(path: Path, plain: Plain): string {
  const [first, index] = path;
  if (first !== 'tasks' || typeof index !== 'number') return joinPath(path);
  const task = taskLabel(index, plain);
  return path.length === 2 ? task : `${task}: ${joinPath(path.slice(2))}`;
}

/** What the map at a path is called: `the job`, `task "extract"`, `retry of task "extract"`. */
export function mapLabelOf(path: Path, { plain, top }: Source): string {
  const [first, index] = path;
  if (path.length === 0) return top.label;
  if (first !== 'tasks' || typeof index !== 'number') return joinPath(path);
  const task = taskLabel(index, plain);
  return path.length === 2 ? task : `${joinPath(path.slice(2))} of ${task}`;
}

/** `task "extract"`, or `task 3` when it has no id that could be shown. */
export function taskLabel(index: number, plain: Plain): string {
  const id = valueAt(plain, ['tasks', index, 'id']);
  return typeof id === 'string' && id !== '' ? `task ${quote(id)}` : `task ${index + 1}`;
}

function joinPath(path: Path): string {
  const joined = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return quote(joined.replace(/^\./, '')).slice(1, -1);
}

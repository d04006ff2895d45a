import type { TaskView } from '@petit/protocol';

/** A task with the branches that lead to it. */
export interface TreeRow {
  readonly task: TaskView;
  /** What stands in front of the name, as `│ ├ `. */
  readonly branch: string;
  /** What else it depends on, beside the one it hangs from. */
  readonly alsoAfter: readonly string[];
}

interface Strokes {
  readonly fork: string;
  readonly last: string;
  readonly through: string;
}

interface OpenTask {
  readonly task: TaskView;
  readonly branch: string;
  /** What stands in front of the branches of its children. */
  readonly below: string;
}

const UNICODE: Strokes = { fork: '├ ', last: '└ ', through: '│ ' };
const ASCII: Strokes = { fork: '|-', last: '`-', through: '| ' };
const NOTHING = '  ';
// Deeper tasks stand below their parent without a branch, so that a long chain does not leave the screen.
const DEEPEST = 10;

/**
 * The tasks of a run as a tree, in graph order. A task hangs from the deepest of those it depends on (the one it most
 * likely waits for last) and names the others beside it; an instance (`task@node`) hangs from its task.
 */
export function taskTree(tasks: readonly TaskView[], unicode: boolean): readonly TreeRow[] {
  const parentOf = findParents(tasks);
  const childrenOf = groupByParent(tasks, parentOf);
  const rows: TreeRow[] = [];
  const roots = childrenOf.get(null) ?? [];
  // A stack and not recursion: a chain of 10,000 tasks is a tree of that depth.
  const open: OpenTask[] = roots.map((task) => ({ task, branch: '', below: '' })).toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { task, branch } = next;
    rows.push({ task, branch, alsoAfter: othersOf(task, parentOf.get(task.key)) });
    const children = childrenOf.get(task.key) ?? [];
    open.push(...openChildren(children, next, unicode ? UNICODE : ASCII).toReversed());
  }
  return rows;
}

function openChildren(
  children: readonly TaskView[],
  parent: OpenTask,
  strokes: Strokes,
): OpenTask[] {
  if (parent.below.length >= DEEPEST * NOTHING.length) {
    return children.map((task) => ({ task, branch: parent.below, below: parent.below }));
  }
  return children.map((task, at) => {
    const isLast = at === children.length - 1;
    return {
      task,
      branch: parent.below + (isLast ? strokes.last : strokes.fork),
      below: parent.below + (isLast ? NOTHING : strokes.through),
    };
  });
}

function findParents(tasks: readonly TaskView[]): ReadonlyMap<string, string> {
  const depthOf = new Map<string, number>();
  const parentOf = new Map<string, string>();
  for (const task of tasks) {
    let depth = 0;
    for (const key of above(task)) {
      const parentDepth = depthOf.get(key);
      if (parentDepth === undefined || parentDepth + 1 < depth) continue;
      depth = parentDepth + 1;
      parentOf.set(task.key, key);
    }
    depthOf.set(task.key, depth);
  }
  return parentOf;
}

function above({ key, dependsOn }: TaskView): readonly string[] {
  const at = key.indexOf('@');
  return at < 0 ? dependsOn : [key.slice(0, at)];
}

function othersOf(task: TaskView, parent: string | undefined): readonly string[] {
  return above(task).filter((key) => key !== parent);
}

function groupByParent(
  tasks: readonly TaskView[],
  parentOf: ReadonlyMap<string, string>,
): ReadonlyMap<string | null, readonly TaskView[]> {
  const groups = new Map<string | null, TaskView[]>();
  for (const task of tasks) {
    const parent = parentOf.get(task.key) ?? null;
    const group = groups.get(parent);
    if (group === undefined) groups.set(parent, [task]);
    else group.push(task);
  }
  return groups;
}

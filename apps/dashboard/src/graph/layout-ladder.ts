import type { TaskView } from '@petit/protocol';

/** One row of the ladder. */
export interface LadderRow {
  readonly task: TaskView;
  /** Which upright line the task's dot sits on, from 0. */
  readonly lane: number;
  /** One node's instance of the task above. */
  readonly isInstance: boolean;
}

/** A dependency, from a row to a row further down. */
export interface LadderEdge {
  readonly fromRow: number;
  readonly toRow: number;
}

export interface Ladder {
  readonly rows: readonly LadderRow[];
  readonly edges: readonly LadderEdge[];
  readonly laneCount: number;
}

// More lines side by side than this cannot be told apart, and would leave no room on a phone.
const MAX_LANES = 7;
// Beyond this the lines are a blot; the levels still show the order.
const MAX_EDGES = 1_500;

/**
 * Lays a run's tasks out as rows from what depends on nothing down to what depends on most, each on an upright line
 * that it keeps until the last task that depends on it. Instances stand behind their task.
 */
export function layoutLadder(tasks: readonly TaskView[]): Ladder {
  const parents = tasks.filter(({ key }) => !key.includes('@'));
  const levels = levelsOf(parents);
  const sorted = parents.toSorted((a, b) => (levels.get(a.key) ?? 0) - (levels.get(b.key) ?? 0));
  const instances = instancesByTask(tasks);
  const rows = sorted.flatMap((task) => [task, ...(instances.get(task.key) ?? [])]);
  const rowOf = new Map(rows.map((task, row) => [task.key, row]));
  const edges = sorted.flatMap((task) =>
    task.dependsOn.flatMap((id) => {
      const [fromRow, toRow] = [rowOf.get(id), rowOf.get(task.key)];
      return fromRow === undefined || toRow === undefined ? [] : [{ fromRow, toRow }];
    }),
  );
  const lanes = assignLanes(rows, edges);
  return {
    rows: rows.map((task, row) => ({
      task,
      lane: lanes[row] ?? 0,
      isInstance: task.key.includes('@'),
    })),
    edges: edges.length > MAX_EDGES ? [] : edges,
    laneCount: Math.max(0, ...lanes) + 1,
  };
}

function instancesByTask(tasks: readonly TaskView[]): ReadonlyMap<string, readonly TaskView[]> {
  const instances = new Map<string, TaskView[]>();
  for (const task of tasks) {
    const [parent = '', node] = task.key.split('@');
    if (node === undefined) continue;
    const known = instances.get(parent);
    if (known === undefined) instances.set(parent, [task]);
    else known.push(task);
  }
  return instances;
}

/** How many tasks stand before each at the longest. Tasks come in graph order, so one pass is enough. */
function levelsOf(tasks: readonly TaskView[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const { key, dependsOn } of tasks) {
    const above = dependsOn.map((id) => levels.get(id) ?? -1);
    levels.set(key, Math.max(-1, ...above) + 1);
  }
  return levels;
}

function assignLanes(rows: readonly TaskView[], edges: readonly LadderEdge[]): readonly number[] {
  const lastUse = new Map<number, number>();
  for (const { fromRow, toRow } of edges) {
    lastUse.set(fromRow, Math.max(toRow, lastUse.get(fromRow) ?? 0));
  }
  const busyUntil: number[] = [];
  const lanes: number[] = [];
  for (const [row, task] of rows.entries()) {
    if (task.key.includes('@')) {
      lanes.push(lanes.at(-1) ?? 0);
      continue;
    }
    const free = busyUntil.findIndex((until) => until <= row);
    const lane = Math.min(free < 0 ? busyUntil.length : free, MAX_LANES - 1);
    busyUntil[lane] = Math.max(busyUntil[lane] ?? 0, lastUse.get(row) ?? row + 1);
    lanes.push(lane);
  }
  return lanes;
}

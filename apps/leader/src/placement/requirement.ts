import {
  splitTaskKey,
  type Requirement,
  type RunView,
  type Task,
  type TaskKey,
} from '@petit/model';

const ONE_SLOT_ANYWHERE: Requirement = { runsOn: {}, slots: 1, node: null };

/** What a task asks of a node is asked for at each of its moves, so it is made once for each task of a definition. */
const requirements = new WeakMap<Task, Requirement>();
const wishes = new WeakMap<Requirement, string>();

/** What a task asks of a node. */
export function requirementOf(view: RunView, key: TaskKey): Requirement {
  const { task, node } = splitTaskKey(key);
  const definition = view.graph.tasks.get(task);
  const anywhere = definition === undefined ? ONE_SLOT_ANYWHERE : requirementOfTask(definition);
  return node === null ? anywhere : { ...anywhere, node };
}

/** A text that is the same for those, and only those, who ask for the same. */
export function wishOf(need: Requirement): string {
  const known = wishes.get(need);
  if (known !== undefined) return known;
  const labels = Object.entries(need.runsOn).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const wish = JSON.stringify([need.node, need.slots, labels]);
  wishes.set(need, wish);
  return wish;
}

function requirementOfTask(task: Task): Requirement {
  const known = requirements.get(task);
  if (known !== undefined) return known;
  const requirement: Requirement = { runsOn: task.runsOn, slots: task.needs.slots, node: null };
  requirements.set(task, requirement);
  return requirement;
}

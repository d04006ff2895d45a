import type {
  ClusterEvent,
  HealthView,
  JobsView,
  JobView,
  NextTickView,
  NodeView,
  RunDetailView,
  RunView,
  TaskView,
} from '@petit/protocol';

/** What the page knows of the cluster. */
export interface ClusterState {
  readonly health: HealthView | null;
  readonly jobs: readonly JobView[];
  /** How many jobs there are besides. */
  readonly moreJobs: number;
  readonly problems: JobsView['problems'];
  /** Newest first. */
  readonly runs: readonly RunView[];
  /** Whether there may be runs older than those. */
  readonly hasOlder: boolean;
  /** Tasks of the runs that go on. */
  readonly tasks: ReadonlyMap<string, readonly TaskView[]>;
  /** The run whose details are open. */
  readonly lookedAt: RunDetailView | null;
  readonly nodes: readonly NodeView[];
  readonly ticks: readonly NextTickView[];
  /** Whether everything above was read once. */
  readonly loaded: boolean;
}

export const EMPTY_STATE: ClusterState = {
  health: null,
  jobs: [],
  moreJobs: 0,
  problems: [],
  runs: [],
  hasOlder: false,
  tasks: new Map(),
  lookedAt: null,
  nodes: [],
  ticks: [],
  loaded: false,
};

/** Everything, as it was read at one time. */
export interface Snapshot {
  readonly jobs: JobsView;
  readonly runs: readonly RunView[];
  readonly hasOlder: boolean;
  readonly details: readonly RunDetailView[];
  readonly nodes: readonly NodeView[];
  readonly ticks: readonly NextTickView[];
}

// A page left open for weeks must not grow.
const MAX_RUNS = 500;

/** The state with all that was read put in place of what was known. Runs that were paged in stay. */
export function withSnapshot(state: ClusterState, snapshot: Snapshot): ClusterState {
  const oldest = snapshot.runs.at(-1)?.createdAt ?? 0;
  const older = state.runs.filter(({ createdAt }) => createdAt < oldest);
  return {
    health: state.health,
    jobs: snapshot.jobs.jobs,
    moreJobs: snapshot.jobs.more,
    problems: snapshot.jobs.problems,
    runs: newestFirst([...snapshot.runs, ...older]),
    // Once paged to the end it stays the end.
    hasOlder: older.length === 0 ? snapshot.hasOlder : state.hasOlder,
    tasks: new Map(snapshot.details.map(({ run, tasks }) => [run.id, tasks])),
    lookedAt: state.lookedAt,
    nodes: snapshot.nodes,
    ticks: snapshot.ticks,
    loaded: true,
  };
}

/** The state after a change that the leader told. `hello` and `health` carry health; `pulse` and `tick` nothing. */
export function withEvent(state: ClusterState, event: ClusterEvent): ClusterState {
  switch (event.kind) {
    case 'hello':
    case 'health':
      return { ...state, health: event.health };
    case 'run':
      return withRunChange(state, event);
    case 'node':
      return { ...state, nodes: withNode(state.nodes, event.node) };
    case 'jobs':
    case 'tick':
    case 'pulse':
      return state;
    default:
      return event satisfies never;
  }
}

/** The state with a run as it is now and the tasks of it that changed. */
export function withRunChange(state: ClusterState, change: RunDetailView): ClusterState {
  const { run } = change;
  const known = state.lookedAt?.run.id === run.id ? state.lookedAt.tasks : state.tasks.get(run.id);
  return withRun(state, { run, tasks: mergeTasks(known ?? [], change.tasks) });
}

/** The state with a run and all its tasks as they are now. */
export function withRun(state: ClusterState, detail: RunDetailView): ClusterState {
  const { run } = detail;
  const runs = newestFirst([run, ...state.runs.filter(({ id }) => id !== run.id)]);
  const jobs = state.jobs.map((job) => (job.id === run.jobId ? withLastRun(job, runs) : job));
  const tasks = new Map(state.tasks);
  if (run.endedAt === null) tasks.set(run.id, detail.tasks);
  else tasks.delete(run.id);
  const lookedAt = state.lookedAt?.run.id === run.id ? detail : state.lookedAt;
  return { ...state, runs, jobs, tasks, lookedAt };
}

/** The state with a page of older runs behind those it has. */
export function withOlderRuns(
  state: ClusterState,
  older: readonly RunView[],
  hasOlder: boolean,
): ClusterState {
  const known = new Set(state.runs.map(({ id }) => id));
  const added = older.filter(({ id }) => !known.has(id));
  return { ...state, runs: newestFirst([...state.runs, ...added]), hasOlder };
}

/** Runs that have not ended: those that run before those that wait, then newest first. */
export function liveRuns(state: ClusterState): readonly RunView[] {
  const live = state.runs.filter(({ endedAt }) => endedAt === null);
  return live.toSorted((a, b) => Number(a.startedAt === null) - Number(b.startedAt === null));
}

/** Tasks with those that changed in their place; a new instance of a task goes behind the others of it. */
function mergeTasks(known: readonly TaskView[], changed: readonly TaskView[]): readonly TaskView[] {
  const merged = new Map(known.map((task) => [task.key, task]));
  for (const task of changed) merged.set(task.key, task);
  const places = new Map([...merged.keys()].map((key, place) => [key, place]));
  const placeOf = ({ key }: TaskView): number => places.get(key.split('@', 1)[0] ?? key) ?? 0;
  return [...merged.values()].toSorted((a, b) => placeOf(a) - placeOf(b));
}

function withLastRun(job: JobView, runs: readonly RunView[]): JobView {
  const own = runs.filter(({ jobId }) => jobId === job.id);
  const unended = own.filter(({ endedAt }) => endedAt === null);
  const begun = unended.filter(({ begunAt }) => begunAt !== null).length;
  const lastRun = own[0] ?? job.lastRun;
  return { ...job, lastRun, liveRuns: begun, waitingRuns: unended.length - begun };
}

function withNode(nodes: readonly NodeView[], node: NodeView): readonly NodeView[] {
  const others = nodes.filter((one) => one.node !== node.node);
  return [...others, node].toSorted((a, b) => (a.node < b.node ? -1 : 1));
}

function newestFirst(runs: readonly RunView[]): readonly RunView[] {
  return runs.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, MAX_RUNS);
}

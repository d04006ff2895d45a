/** Who may lose its power. A supervisor only where it is itself at the boundary: that one loses what it runs. */
export const VICTIMS = ['leader', 'worker', 'redis', 'supervisor'] as const;
export type Victim = (typeof VICTIMS)[number];

/** How a boundary is brought about while a run is in flight. */
export type Provocation =
  /** The run itself passes it. */
  | 'run'
  /** The clock: it is passed each second. */
  | 'tick'
  /** The leader is killed and started again. */
  | 'leader_restart'
  /** Redis is killed and started again. */
  | 'redis_restart'
  /** The run is cancelled. */
  | 'cancel'
  /** The worker is nudged. */
  | 'nudge';

/** A place between two steps of a run's way (design section 5) at which the house may lose power. */
export interface Boundary {
  /** Of the design's section 5. */
  readonly step: number;
  /** As the failpoint is called. */
  readonly name: string;
  /** Whose failpoint it is. */
  readonly owner: 'leader' | 'worker' | 'supervisor';
  readonly provocation: Provocation;
  /** The passes at which to act: within these, eight tasks and more are in flight. */
  readonly passes: readonly [number, number];
}

type Row = readonly [
  step: number,
  name: string,
  provocation?: Provocation,
  passes?: readonly [number, number],
];

const LEADER: readonly Row[] = [
  [1, 'leader.after_lease', 'leader_restart', [1, 1]],
  [2, 'leader.before_tick', 'tick', [1, 1]],
  [3, 'leader.after_tick', 'tick', [1, 1]],
  [4, 'leader.before_commit', 'run', [4, 20]],
  [4, 'leader.after_commit', 'run', [4, 20]],
  [4, 'leader.before_deliver', 'run', [9, 20]],
  [4, 'leader.after_deliver', 'run', [9, 20]],
  [9, 'leader.before_apply', 'run', [4, 20]],
  [10, 'leader.before_control', 'cancel', [1, 1]],
  [10, 'leader.after_control', 'cancel', [1, 1]],
  [12, 'leader.before_settled', 'redis_restart', [1, 1]],
];

const WORKER: readonly Row[] = [
  [5, 'worker.after_take', 'run', [5, 9]],
  [5, 'worker.after_accept', 'run', [4, 8]],
  [6, 'worker.before_leave', 'run', [4, 8]],
  [6, 'worker.after_leave', 'run', [4, 8]],
  [7, 'worker.before_start', 'run', [4, 8]],
  [7, 'runner.before_start_request', 'run', [4, 8]],
  [7, 'runner.after_start_answer', 'run', [4, 8]],
  [7, 'worker.after_start', 'run', [4, 8]],
  [8, 'worker.before_report', 'run', [2, 6]],
  [8, 'worker.after_report', 'run', [2, 6]],
  [8, 'worker.after_shown', 'run', [1, 4]],
  [10, 'worker.after_control', 'cancel', [1, 1]],
  [11, 'worker.before_beat', 'nudge', [1, 1]],
  [11, 'worker.after_beat', 'nudge', [1, 1]],
  [12, 'worker.before_announce', 'redis_restart', [1, 1]],
  [12, 'worker.after_announce', 'redis_restart', [1, 1]],
];

const SUPERVISOR: readonly Row[] = [
  [7, 'before_token', 'run', [4, 8]],
  [7, 'after_token', 'run', [4, 8]],
  [8, 'before_end', 'run', [2, 6]],
  [8, 'after_end', 'run', [2, 6]],
];

/** Every boundary, in the order of the design's steps. */
export const BOUNDARIES: readonly Boundary[] = [
  ...LEADER.map((row) => boundaryOf('leader', row)),
  ...WORKER.map((row) => boundaryOf('worker', row)),
  ...SUPERVISOR.map((row) => boundaryOf('supervisor', row)),
].sort((a, b) => a.step - b.step);

/** Who is killed at a boundary. */
export function victimsOf({ owner }: Boundary): readonly Victim[] {
  return VICTIMS.filter((victim) => victim !== 'supervisor' || owner === 'supervisor');
}

function boundaryOf(
  owner: Boundary['owner'],
  [step, name, provocation = 'run', passes = [1, 1]]: Row,
): Boundary {
  return { step, name, owner, provocation, passes };
}

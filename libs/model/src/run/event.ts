import type { AttemptEnd } from '../attempt/ending.js';
import type { NodeName, TaskId, TaskKey } from '../ids.js';
import type { Reason } from './reason.js';
import type { RunHeader, TaskRecord } from './run.js';

/** What can happen to a run from outside. Instants are milliseconds since the epoch. */
export type RunEvent =
  /** It is the run's turn: what waits for nothing becomes ready. */
  | { readonly kind: 'begin' }
  /** It is not its turn yet, for another reason than the one on record. */
  | { readonly kind: 'wait'; readonly reason: Reason; readonly notBefore: number | null }
  | { readonly kind: 'place'; readonly key: TaskKey; readonly node: NodeName }
  /** A placement is taken back: only legal while no leave was given, which the store checks again. */
  | {
      readonly kind: 'withdraw';
      readonly key: TaskKey;
      readonly placement: number;
      readonly reason: Reason;
    }
  | {
      readonly kind: 'leave';
      readonly key: TaskKey;
      readonly placement: number;
      readonly node: NodeName;
      /** Redis' clock when it gave the leave, milliseconds since the epoch. */
      readonly leftAt: number;
    }
  | {
      readonly kind: 'end';
      readonly key: TaskKey;
      readonly attempt: number;
      readonly placement: number;
      readonly node: NodeName;
      readonly end: AttemptEnd;
    }
  /** The node is lost; its report is waited for until `heldUntil`. */
  | {
      readonly kind: 'hold';
      readonly key: TaskKey;
      readonly heldUntil: number;
      readonly reason: Reason;
    }
  /** The node is back and still has the attempt. */
  | { readonly kind: 'regain'; readonly key: TaskKey; readonly attempt: number }
  /** Nobody will say how the attempt ended. */
  | {
      readonly kind: 'lose';
      readonly key: TaskKey;
      readonly attempt: number;
      readonly reason: Reason;
    }
  | { readonly kind: 'fan_out'; readonly key: TaskKey; readonly nodes: readonly NodeName[] }
  | { readonly kind: 'retry_due'; readonly key: TaskKey }
  /** A ready task finds no node: for another reason than the one on record, or for the first time. */
  | { readonly kind: 'task_wait'; readonly key: TaskKey; readonly reason: Reason }
  /** `onlyBeforeStart`: for a deadline, which a run that has started no longer has. */
  | { readonly kind: 'cancel'; readonly reason: Reason; readonly onlyBeforeStart: boolean };

/** What the leader has to do once the move is stored. */
export type Effect =
  | { readonly kind: 'ready'; readonly key: TaskKey }
  | { readonly kind: 'retry_at'; readonly key: TaskKey; readonly at: number }
  | { readonly kind: 'hold_until'; readonly key: TaskKey; readonly at: number }
  | { readonly kind: 'stop'; readonly key: TaskKey }
  | { readonly kind: 'run_ended' };

/** Why an event changed nothing. */
export type Ignored =
  | 'run_ended'
  | 'task_ended'
  | 'unknown_task'
  | 'stale_attempt'
  | 'stale_placement'
  | 'not_in_that_state';

/** The next state of a run, or that there is none. */
export type Advance =
  | {
      readonly kind: 'moved';
      readonly header: RunHeader;
      /** The tasks that changed, whole. */
      readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
      readonly unsettled: ReadonlyMap<TaskId, number>;
      readonly effects: readonly Effect[];
      /** Tasks taken from a placement: the store refuses the whole move if one of them was given leave. */
      readonly withoutLeave: readonly TaskKey[];
    }
  | { readonly kind: 'ignored'; readonly why: Ignored };

/** What is derived of a run together with what was decided about it. */
export type Moved = Extract<Advance, { kind: 'moved' }>;

import type { JobId, RunView, ScheduleId, TickRecord } from '@petit/model';
import type { CompiledSchedule, Pause, TickClock } from '@petit/schedule';
import type { TickStore } from '@petit/store/leader';
import type { Leadership } from '../election/leadership.js';
import type { RedisGate } from '../redis/redis-gate.js';
import type { Definition } from '../runs/definition-source.js';
import type { JobRuns } from '../runs/job-runs.js';
import type { Turns } from '../turns/turns.js';
import type { UnmetDependencies } from './dependencies.js';

/** A schedule that is in force. */
export interface LiveSchedule {
  readonly id: ScheduleId;
  readonly definition: Definition;
  readonly schedule: CompiledSchedule;
  /** Up to this instant everything is decided. */
  watermarkAt: number;
}

/** A decided plan, to be told to whoever listens. */
export interface DecidedTicks {
  readonly schedule: LiveSchedule;
  readonly records: readonly TickRecord[];
  readonly runs: readonly RunView[];
}

export interface TickerOptions {
  readonly store: TickStore;
  readonly leadership: Leadership;
  readonly gate: RedisGate;
  readonly clock: TickClock & { readonly isHeld: boolean };
  readonly monotonicNow: () => number;
  readonly jobRuns: JobRuns;
  /** The pauses that a tick of a job may have fallen into. */
  readonly pausesOf: (jobId: JobId) => readonly Pause[];
  readonly turns: Turns;
  readonly unmet: UnmetDependencies;
  readonly nextCommitId: () => string;
  readonly decided: (ticks: DecidedTicks) => void;
  /** Redis knew more than this leader, as after a lost answer: runs that it does not know may be there. */
  readonly outdated: () => Promise<void>;
  readonly deposed: () => void;
  readonly failpoint: (name: string) => void | Promise<void>;
  readonly log: { warn(fields: object, message: string): void };
}

import { runIdSchema, type RunId } from '../ids.js';
import type { RunState } from '../run/moves.js';
import type { EndedRun } from './ended-run.js';

/** Ended runs of one job as they are read, the last end first, from a list in the order of their ends. */
export function history(ended: readonly (readonly [RunState, number])[]): readonly EndedRun[] {
  return ended.map(([state, endedAt]) => endedRun(state, endedAt)).toReversed();
}

/** A run that is known by when it ended. */
export function endedRun(state: RunState, endedAt: number): EndedRun {
  return { id: runIdOf(endedAt), state, endedAt, endOrder: endedAt };
}

export function runIdOf(number: number): RunId {
  return runIdSchema.parse(`${String(number).padStart(8, '0')}-1111-8111-8111-111111111111`);
}

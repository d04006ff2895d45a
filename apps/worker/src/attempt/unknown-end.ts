import type { AttemptEnd, StartFailure } from '@petit/model';

/** The end of an attempt of which nobody saw the end. Instants by the board's wall clock. */
export function unknownEnd(reason: string, startedAt: number | null, now: number): AttemptEnd {
  return {
    ending: { kind: 'unknown', reason },
    startedAt,
    endedAt: now,
    durationMs: null,
    cpuMs: null,
  };
}

/** The end of an attempt that was allowed to start and certainly never did. */
export function startFailedEnd(reason: StartFailure, message: string, now: number): AttemptEnd {
  return {
    ending: { kind: 'start_failed', reason, message },
    startedAt: null,
    endedAt: now,
    durationMs: null,
    cpuMs: null,
  };
}

import { newRun, type RunView, type TickRecord } from '@petit/model';
import { tickRunId, type TickDecision } from '@petit/schedule';
import type { LiveSchedule } from './ticker.js';

/** Decisions about ticks as they are to be stored, with the runs that they lead to. */
export interface RecordedTicks {
  readonly records: readonly TickRecord[];
  readonly runs: readonly RunView[];
}

/** Makes the records of decisions, and their runs, which wait for their turn. */
export function recordTicks(
  schedule: LiveSchedule,
  decisions: readonly TickDecision[],
  now: number,
): RecordedTicks {
  const runs: RunView[] = [];
  const records = decisions.map((decision): TickRecord => {
    const run = runOf(schedule, decision, now);
    if (run !== null) runs.push(run);
    return {
      v: 1,
      scheduleId: schedule.id,
      jobId: schedule.definition.job.id,
      at: decision.last.at,
      from: decision.first.at,
      count: decision.count,
      wall: decision.last.wall,
      outcome: decision.outcome,
      runId: run?.header.id ?? null,
      reason: decision.reason,
      decidedAt: now,
    };
  });
  return { records, runs };
}

function runOf(schedule: LiveSchedule, decision: TickDecision, now: number): RunView | null {
  const { definition, id } = schedule;
  const { start } = decision;
  if (start === null) return null;
  const { at, wall, zone } = decision.last;
  return newRun({
    ...start,
    caughtUp: decision.reason?.token === 'caught_up',
    id: tickRunId(id, { at, wall }),
    jobId: definition.job.id,
    definitionHash: definition.hash,
    graph: definition.graph,
    trigger: { kind: 'schedule', scheduleId: id, tickAt: at, wall, zone },
    now,
  });
}

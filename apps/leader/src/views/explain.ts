import {
  describeEnding,
  isTaskEnded,
  type Reason,
  type RunHeader,
  type TaskKey,
  type TaskRecord,
  type TickRecord,
} from '@petit/model';
import type { ExplainView, TickView } from '@petit/protocol';
import { viewOfRun } from './run-views.js';

/** What an explanation is made of; every reason in it was stored with its decision. */
export interface Explained {
  readonly header: RunHeader;
  readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
  readonly tick: TickRecord | null;
  /** Why a ready task was not placed, as the last pass decided. */
  readonly waitReason: (key: TaskKey) => Reason | null;
  readonly startDeadlineMs: number | null;
}

/** Says why a run is as it is. */
export function explainRun(explained: Explained): ExplainView {
  const { header, tasks } = explained;
  const waits: ExplainView['waits'][number][] = [];
  const ended: ExplainView['ended'][number][] = [];
  for (const [key, record] of tasks) {
    const wait = isTaskEnded(record.state) ? null : waitOf(key, record, explained);
    if (wait !== null) waits.push(wait);
    else if (isTaskEnded(record.state))
      ended.push({ key, state: record.state, text: endOf(record) });
  }
  return {
    run: viewOfRun(header),
    because: becauseOf(header),
    tick: explained.tick === null ? null : viewOfTick(explained.tick),
    waits,
    ended,
  };
}

/** A recorded decision as the API shows it. */
export function viewOfTick(tick: TickRecord): TickView {
  const { scheduleId, jobId, at, from, count, wall, outcome, runId, reason, decidedAt } = tick;
  return { scheduleId, jobId, at, from, count, wall, outcome, runId, reason, decidedAt };
}

function becauseOf(header: RunHeader): string {
  const { trigger, state, reason } = header;
  const began =
    trigger.kind === 'schedule'
      ? `its schedule was due at ${trigger.wall} ${trigger.zone}`
      : `somebody asked for it (${trigger.by})`;
  const ending = reason === null ? '' : `: ${reason.text}`;
  return `It was started because ${began}; it is ${state}${ending}.`;
}

function waitOf(
  key: TaskKey,
  record: TaskRecord,
  explained: Explained,
): ExplainView['waits'][number] | null {
  const deadline =
    explained.header.state === 'pending' && explained.startDeadlineMs !== null
      ? `start_deadline cancels the run at ${isoOf(explained.header.createdAt + explained.startDeadlineMs)}`
      : 'it waits as long as the run goes on; cancel the run to end it';
  switch (record.state) {
    case 'ready': {
      const reason = explained.waitReason(key) ?? record.reason;
      return reason === null ? null : { key, reason, endsBy: deadline };
    }
    case 'retrying':
      return {
        key,
        reason: {
          token: record.reason?.token ?? 'tasks_failed',
          text: `attempt ${record.attempt} ${record.end === null ? 'did not succeed' : describeEnding(record.end.ending)}`,
        },
        endsBy: `it is tried again at ${isoOf(record.retryAt ?? record.stateAt)}`,
      };
    case 'running':
      if (record.heldUntil === null || record.reason === null) return null;
      return {
        key,
        reason: record.reason,
        endsBy: `it is given up as lost at ${isoOf(record.heldUntil)}`,
      };
    case 'placed':
      return record.reason === null ? null : { key, reason: record.reason, endsBy: deadline };
    case 'pending':
    case 'completed':
    case 'failed':
    case 'skipped':
    case 'cancelled':
    case 'lost':
      return null;
    default:
      return record.state satisfies never;
  }
}

function endOf(record: TaskRecord): string {
  if (record.reason !== null) return record.reason.text;
  return record.end === null ? record.state : describeEnding(record.end.ending);
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}

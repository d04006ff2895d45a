import {
  describeEnding,
  isRunEnded,
  isTaskEnded,
  type Reason,
  type RunHeader,
  type RunTrigger,
  type TaskKey,
  type TaskRecord,
  type TickRecord,
} from '@petit/model';
import type { ExplainView } from '@petit/protocol';
import { viewOfRun } from './run-views.js';
import { viewOfTick } from './tick-views.js';

/** What an explanation is made of; every reason in it was stored with its decision. */
export interface Explained {
  readonly header: RunHeader;
  readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
  readonly tick: TickRecord | null;
  /** Why a ready task was not placed, where that is stored with another one that asks for the same. */
  readonly waitReason: (key: TaskKey) => Reason | null;
  /** Until when its first task may start, milliseconds since the epoch. */
  readonly startDeadlineAt: number;
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
    wait: runWaitOf(explained),
    waits,
    ended,
  };
}

function becauseOf(header: RunHeader): string {
  const { trigger, state, reason } = header;
  const ending = reason === null ? '' : `: ${reason.text}`;
  const isBegun = header.begunAt !== null || isRunEnded(state);
  return isBegun
    ? `It was started because ${beginningOf(trigger)}; it is ${state}${ending}.`
    : `It is to run because ${beginningOf(trigger)}; it has not begun.`;
}

function runWaitOf({ header, startDeadlineAt }: Explained): ExplainView['wait'] {
  const { wait, notBefore, begunAt, state } = header;
  if (wait === null || begunAt !== null || isRunEnded(state)) return null;
  const until = notBefore === null ? '' : `it does not begin before ${isoOf(notBefore)}; `;
  return { reason: wait, endsBy: `${until}${deadlineText(startDeadlineAt)}` };
}

function deadlineText(startDeadlineAt: number): string {
  return `start_deadline cancels the run at ${isoOf(startDeadlineAt)}`;
}

function beginningOf(trigger: RunTrigger): string {
  switch (trigger.kind) {
    case 'schedule':
      return `its schedule was due at ${trigger.wall} ${trigger.zone}`;
    case 'backfill':
      return `${trigger.by} asked again for what was due at ${trigger.wall} ${trigger.zone}`;
    case 'jobs': {
      const runs = trigger.upstream.map(({ jobId, runId }) => `"${jobId}" (run ${runId})`);
      return `what it depends on had ended: ${runs.join(', ')}`;
    }
    case 'manual':
      return `somebody asked for it (${trigger.by})`;
    default:
      return trigger satisfies never;
  }
}

function waitOf(
  key: TaskKey,
  record: TaskRecord,
  explained: Explained,
): ExplainView['waits'][number] | null {
  const deadline =
    explained.header.state === 'pending'
      ? deadlineText(explained.startDeadlineAt)
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

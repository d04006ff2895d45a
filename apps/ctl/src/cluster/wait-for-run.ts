import { setTimeout as pause } from 'node:timers/promises';
import type { PetitClient } from '@petit/client';
import { openDeadline } from '@petit/daemon';
import { isRunEnded, PetitError } from '@petit/model';
import type { ClusterEvent, RunDetailView, TaskView } from '@petit/protocol';

export interface WaitOptions {
  readonly client: PetitClient;
  readonly runId: string;
  /** Called with the run as it is now, at once and after each change. */
  readonly onChange?: (detail: RunDetailView) => void;
  /** Called when the leader is away (`true`) and when it is there again (`false`). */
  readonly onAway?: (isAway: boolean) => void;
  /** How long the run may take; null is no bound. */
  readonly timeoutMs: number | null;
  readonly signal?: AbortSignal;
}

// Longer than a standby takes to become the leader, twice over.
const LEADER_AWAY_MS = 60_000;
const ASK_AGAIN_MS = 500;
const AWAY_CODES = ['LEADER_UNREACHABLE', 'NOT_LEADER', 'REDIS_UNAVAILABLE'];

/**
 * Follows a run to its end by the stream of events, and asks again when the stream breaks: a leader that changes does
 * not end the wait, one that stays away for a minute does. Throws WAIT_TIMED_OUT at the bound; the run goes on.
 */
export async function waitForRun(options: WaitOptions): Promise<RunDetailView> {
  const { runId, timeoutMs, signal } = options;
  using deadline = openDeadline(timeoutMs, signal === undefined ? [] : [signal]);
  const stop = deadline.signal;
  let awaySince: number | null = null;
  for (;;) {
    try {
      const ended = await follow(options, stop, () => {
        if (awaySince !== null) options.onAway?.(false);
        awaySince = null;
      });
      if (ended !== null) return ended;
    } catch (error) {
      if (!(error instanceof PetitError) || !AWAY_CODES.includes(error.code)) throw error;
      if (awaySince === null) options.onAway?.(true);
      awaySince ??= performance.now();
      if (performance.now() - awaySince > LEADER_AWAY_MS) throw error;
    }
    if (deadline.isLate) throw timedOut(runId, timeoutMs ?? 0);
    if (signal?.aborted === true) throw interrupted(runId);
    await pause(ASK_AGAIN_MS, undefined, { signal: stop }).catch(() => {});
  }
}

/** One connection: listens first and reads the run after, so that no change falls between. Null: stopped or cut. */
async function follow(
  { client, runId, onChange = () => {} }: WaitOptions,
  stop: AbortSignal,
  onAnswer: () => void,
): Promise<RunDetailView | null> {
  let detail: RunDetailView | null = null;
  for await (const event of client.events({ signal: stop })) {
    const next: RunDetailView | null =
      detail === null ? await client.run(runId) : withEvent(detail, event);
    if (next === null) continue;
    onAnswer();
    detail = next;
    onChange(detail);
    if (isRunEnded(detail.run.state)) return client.run(runId);
  }
  return null;
}

/** The run after an event, or null when the event is of something else. Tasks it does not name stay as they are. */
export function withEvent(detail: RunDetailView, event: ClusterEvent): RunDetailView | null {
  if (event.kind !== 'run' || event.run.id !== detail.run.id) return null;
  const news = new Map(event.tasks.map((task) => [task.key, task]));
  const tasks = detail.tasks.map((task): TaskView => take(news, task.key) ?? task);
  return { run: event.run, tasks: [...tasks, ...news.values()] };
}

function take<Key, Value>(map: Map<Key, Value>, key: Key): Value | undefined {
  const value = map.get(key);
  map.delete(key);
  return value;
}

function timedOut(runId: string, timeoutMs: number): PetitError {
  return new PetitError(
    'WAIT_TIMED_OUT',
    `run ${runId} has not ended within ${timeoutMs / 1000} s; it goes on`,
  );
}

function interrupted(runId: string): PetitError {
  return new PetitError(
    'WAIT_TIMED_OUT',
    `no longer waiting for run ${runId}; it goes on ("petit-ctl cancel ${runId}" ends it)`,
  );
}

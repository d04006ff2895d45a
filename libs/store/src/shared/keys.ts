import type { AttemptId, JobId, NodeName, RunId, ScheduleId } from '@petit/model';

/** The hash tag that keeps a cluster's keys together, BullMQ's included. */
export const KEY_PREFIX = '{petit}';

const key = (name: string): string => `${KEY_PREFIX}:${name}`;

/** Every key and channel of Petit in Redis. Nothing else names one. */
export const KEYS = {
  /** Hash: holder, token, epoch, beat, period. No expiry. */
  lease: key('lease'),
  /** Hash: `mark`, random, made with the cluster's data; `settled_run_id`, see reconciliation. */
  generation: key('generation'),
  /** Hash: job id, or `*` for all, to its pauses. */
  pauses: key('pauses'),
  /** Hash: `reading`, of the clock that a leader trusted last; `tzdata`, what schedules were reckoned with. */
  clock: key('clock'),
  /** Hash: what was refused, discarded, removed; name to count. */
  counters: key('counters'),
  /** Hash: schedule id to the instant up to which all its ticks are decided. */
  watermarks: key('watermarks'),
  /** Sorted set by instant: tick records of one schedule, bounded. */
  ticks: (schedule: ScheduleId): string => key(`ticks:${schedule}`),
  /** Hash: `header`, `rev`, `commit`, one `task:<key>` a task, one `leave:<key>` a leave given. */
  run: (run: RunId): string => key(`run:${run}`),
  /** Hash: `<attempt>|<stream>` to the compressed end of that output. */
  logs: (run: RunId): string => key(`logs:${run}`),
  /** Sorted set by creation: every run kept. */
  runs: key('runs'),
  /** Sorted set by creation: the runs of one job. */
  jobRuns: (job: JobId): string => key(`runs:${job}`),
  /** Sorted set in the order of their ends, see `EndedRun`: the ended runs of one job. */
  endedRuns: (job: JobId): string => key(`ended:${job}`),
  /** Hash: upstream job to how far this job, which follows it, has consumed its runs. */
  consumed: (job: JobId): string => key(`consumed:${job}`),
  /** Set: runs that have not ended. */
  liveRuns: key('live-runs'),
  /** Stream: what workers say; entries go when they are applied. */
  reports: key('reports'),
  /** Hash: node to its control record. */
  controls: key('controls'),
  /** Hash: node to its signed member record. */
  members: key('members'),
  /** Hash: node to a join request that no leader has answered. */
  joins: key('joins'),
  /** Hash: node to its last signed announcement. */
  announcements: key('announcements'),
  /** Hash: content address to definition. */
  definitions: key('definitions'),
  /** String: the signed definition set in force. */
  definitionSet: key('definition-set'),
  /** Channel: beats of all workers. */
  beats: key('beats'),
  /** Channel: a worker has asked to join. */
  arrivals: key('arrivals'),
  /** Channel: a standby shows that it is there. */
  standbys: key('standbys'),
  /** Channel: the control record of a node has changed, or its join was answered. */
  nudge: (node: NodeName): string => key(`nudge:${node}`),
  /** Channel: output that somebody follows. */
  logChunks: key('log-chunks'),
} as const;

/** The BullMQ queue of a node. */
export function queueName(node: NodeName): string {
  return `n-${node}`;
}

/** The BullMQ job id of a delivery. */
export function deliveryId(attempt: AttemptId, placement: number): string {
  return `${attempt}-${placement}`;
}

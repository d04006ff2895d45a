import {
  ClockStore,
  ClusterStore,
  ConsumedStore,
  LogStore,
  PauseStore,
  ReportStream,
  RunStore,
  TickStore,
} from '@petit/store/leader';
import type { Redis } from '@petit/store/shared';

/** The connections of a leader: each is used for one kind of thing, since two of the kinds block. */
export interface LeaderConnections {
  /** Decisions: what is not answered when it breaks fails, and the truth is read again. */
  readonly commands: Redis;
  /** Reads of the report stream, which wait. */
  readonly blocking: Redis;
  readonly subscriber: Redis;
  /** BullMQ. */
  readonly deliveries: Redis;
}

/** The stores over a leader's connections. */
export interface LeaderStores {
  readonly runs: RunStore;
  readonly ticks: TickStore;
  readonly pauses: PauseStore;
  readonly consumed: ConsumedStore;
  readonly cluster: ClusterStore;
  readonly clock: ClockStore;
  readonly logs: LogStore;
  readonly reports: ReportStream;
}

export function openStores(redis: LeaderConnections): LeaderStores {
  return {
    runs: new RunStore(redis.commands),
    ticks: new TickStore(redis.commands),
    pauses: new PauseStore(redis.commands),
    consumed: new ConsumedStore(redis.commands),
    cluster: new ClusterStore(redis.commands),
    clock: new ClockStore(redis.commands),
    logs: new LogStore(redis.commands),
    reports: new ReportStream(redis.commands, redis.blocking),
  };
}

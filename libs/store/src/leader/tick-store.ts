import type { Redis } from 'ioredis';
import {
  tickRecordSchema,
  type RunHeader,
  type RunId,
  type ScheduleId,
  type TaskKey,
  type TaskRecord,
  type TickRecord,
} from '@petit/model';
import { parseJson } from '@petit/protocol';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, oneOf, type Script } from '../shared/script.js';
import type { Fence } from './fence.js';
import { taskArguments } from './run-store.js';

/** How many decisions are kept for each schedule. */
export const TICKS_KEPT = 500;

/** What was decided about the next ticks of one schedule. */
export interface TickDecision {
  readonly fence: Fence;
  readonly commitId: string;
  readonly scheduleId: ScheduleId;
  /** What the planner read; null when the schedule had none. */
  readonly watermark: number | null;
  /** Up to which instant everything is decided from now on. */
  readonly nextWatermark: number;
  readonly records: readonly TickRecord[];
  /** The runs that the ticks lead to, of one job; no more than `RUNS_PER_PLAN` of the planner. */
  readonly runs: readonly NewRun[];
}

/** Instants of a schedule, milliseconds since the epoch, both included. */
export interface TickRange {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** A run to be stored whole. */
export interface NewRun {
  readonly header: RunHeader;
  readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
}

/** Watermarks and the recorded decisions about ticks. */
export class TickStore {
  readonly #redis: Redis;
  readonly #decide: Script = loadScript('leader/decide-ticks');

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Records decisions with their runs, if the watermark is still what the planner read. */
  async decide(decision: TickDecision): Promise<'decided' | 'stale' | 'deposed'> {
    const { fence, scheduleId, records, runs } = decision;
    const jobId = records[0]?.jobId;
    const answer = await callScript(this.#redis, this.#decide, {
      keys: [
        KEYS.lease,
        KEYS.counters,
        KEYS.watermarks,
        KEYS.ticks(scheduleId),
        KEYS.runs,
        jobId === undefined ? KEYS.runs : KEYS.jobRuns(jobId),
        KEYS.liveRuns,
        ...runs.map(({ header }) => KEYS.run(header.id)),
      ],
      args: [
        fence.epoch,
        fence.token,
        decision.commitId,
        scheduleId,
        decision.watermark ?? '',
        decision.nextWatermark,
        TICKS_KEPT,
        records.length,
        ...records.flatMap((record) => [record.at, JSON.stringify(record)]),
        ...runs.flatMap(({ header, tasks }) => [
          header.id,
          header.createdAt,
          JSON.stringify(header),
          tasks.size,
          ...taskArguments(tasks),
        ]),
      ],
    });
    return oneOf(this.#decide, answer, ['decided', 'stale', 'deposed']);
  }

  /** The watermarks of some schedules: the instant up to which all of their ticks are decided. */
  async readWatermarks(ids: readonly ScheduleId[]): Promise<Map<ScheduleId, number>> {
    const found = new Map<ScheduleId, number>();
    for (let first = 0; first < ids.length; first += 1_000) {
      const part = ids.slice(first, first + 1_000);
      const texts = await this.#redis.hmget(KEYS.watermarks, ...part);
      part.forEach((id, index) => {
        const text = texts[index];
        if (typeof text === 'string') found.set(id, Number(text));
      });
    }
    return found;
  }

  /** The newest decisions about a schedule, newest first. */
  async list(id: ScheduleId, limit: number): Promise<TickRecord[]> {
    return parseTicks(await this.#redis.zrevrange(KEYS.ticks(id), 0, limit - 1));
  }

  /**
   * The kept decisions about a stretch of time, both ends included, in the order of time; one may stand for ticks that
   * reach beyond it.
   */
  async covering(id: ScheduleId, range: TickRange): Promise<TickRecord[]> {
    const records = parseTicks(
      await this.#redis.zrangebyscore(KEYS.ticks(id), range.fromAt, '+inf'),
    );
    return records.filter(({ from }) => from <= range.untilAt);
  }

  /** The oldest decision about a schedule that is kept, and how many are. */
  async oldest(
    id: ScheduleId,
  ): Promise<{ readonly tick: TickRecord | null; readonly kept: number }> {
    const [texts, kept] = await Promise.all([
      this.#redis.zrange(KEYS.ticks(id), 0, '0'),
      this.#redis.zcard(KEYS.ticks(id)),
    ]);
    return { tick: parseTicks(texts)[0] ?? null, kept };
  }

  /** The decision about one instant of a schedule, or null. */
  async read(id: ScheduleId, at: number, runId: RunId): Promise<TickRecord | null> {
    const found = parseTicks(await this.#redis.zrangebyscore(KEYS.ticks(id), at, at));
    return found.find((tick) => tick.runId === runId) ?? null;
  }
}

function parseTicks(texts: readonly string[]): TickRecord[] {
  return texts.flatMap((text) => {
    const parsed = tickRecordSchema.safeParse(parseJson(text));
    return parsed.success ? [parsed.data] : [];
  });
}

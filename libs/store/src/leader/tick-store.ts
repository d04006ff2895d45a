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
  readonly run: {
    readonly header: RunHeader;
    readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
  } | null;
}

/** Watermarks and the recorded decisions about ticks. */
export class TickStore {
  readonly #redis: Redis;
  readonly #decide: Script = loadScript('leader/decide-ticks');

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Records a decision with its run, if the watermark is still what the planner read. */
  async decide(decision: TickDecision): Promise<'decided' | 'stale' | 'deposed'> {
    const { fence, scheduleId, records, run } = decision;
    const jobId = run?.header.jobId ?? records[0]?.jobId;
    const answer = await callScript(this.#redis, this.#decide, {
      keys: [
        KEYS.lease,
        KEYS.counters,
        KEYS.watermarks,
        KEYS.ticks(scheduleId),
        run === null ? KEYS.runs : KEYS.run(run.header.id),
        KEYS.runs,
        jobId === undefined ? KEYS.runs : KEYS.jobRuns(jobId),
        KEYS.liveRuns,
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
        ...(run === null
          ? ['']
          : [
              run.header.id,
              run.header.createdAt,
              JSON.stringify(run.header),
              run.tasks.size,
              ...taskArguments(run.tasks),
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

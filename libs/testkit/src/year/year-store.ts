import { runHeaderSchema, tickRecordSchema, type RunHeader, type RunId } from '@petit/model';
import type { RedisConnection } from '../redis/connect-redis.js';
import type { ReadTicks, TickLedger } from './tick-ledger.js';

/** Reads what a leader has recorded, by the names that docs/architecture.md gives. */
export class YearStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  /** What is new of each schedule, in one trip. */
  async readTicks(ledgers: readonly TickLedger[]): Promise<readonly ReadTicks[]> {
    const reading = this.#redis.pipeline();
    for (const { schedule, lastAt } of ledgers) {
      const key = `{petit}:ticks:${schedule.scheduleId}`;
      reading.zrangebyscore(key, lastAt, '+inf');
      reading.zcard(key);
      reading.hget('{petit}:watermarks', schedule.scheduleId);
    }
    const answers = await results(reading);
    return ledgers.map((_, index): ReadTicks => {
      const [texts, kept, watermark] = answers.slice(3 * index, 3 * index + 3);
      return {
        records: (texts as string[]).map((text) => tickRecordSchema.parse(JSON.parse(text))),
        kept: kept as number,
        watermark: watermark === null ? null : Number(watermark),
      };
    });
  }

  /** The headers of runs; null where there is none. */
  async readRuns(ids: readonly RunId[]): Promise<readonly (RunHeader | null)[]> {
    if (ids.length === 0) return [];
    const reading = this.#redis.pipeline();
    for (const id of ids) reading.hget(`{petit}:run:${id}`, 'header');
    return (await results(reading)).map((text) =>
      typeof text === 'string' ? runHeaderSchema.parse(JSON.parse(text)) : null,
    );
  }

  async liveRuns(): Promise<readonly RunId[]> {
    return (await this.#redis.smembers('{petit}:live-runs')) as RunId[];
  }

  /** Every run that was created after an instant and is kept. */
  async runsSince(at: number): Promise<readonly RunId[]> {
    return (await this.#redis.zrangebyscore('{petit}:runs', `(${at}`, '+inf')) as RunId[];
  }
}

async function results(
  reading: ReturnType<RedisConnection['pipeline']>,
): Promise<readonly unknown[]> {
  const answers = (await reading.exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error !== null) throw error;
    return answer;
  });
}

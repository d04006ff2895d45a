import { tickRecordSchema, type TickRecord } from '@petit/model';
import type { RedisConnection } from '../redis/connect-redis.js';
import type { CrashViolation } from './evident-cluster.js';

const SECOND_MS = 1_000;

/**
 * Holds the recorded decisions of a schedule that is due each second against the clock: each second between the first
 * and the last decision is in one of them and in no other, and each that says `run` has the run that it names.
 */
export async function checkTickRecords(
  redis: RedisConnection,
  runs: readonly string[],
): Promise<readonly CrashViolation[]> {
  const keys = await redis.keys('{petit}:ticks:*');
  const found: CrashViolation[] = [];
  for (const key of keys) {
    const records = (await redis.zrange(key, '0', '-1')).map((text) =>
      tickRecordSchema.parse(JSON.parse(text)),
    );
    found.push(...judge(records, new Set(runs)));
  }
  return keys.length === 1 ? found : [...found, tell(`${keys.length} schedules have decisions`)];
}

/** Judges records in the order of their instants. */
export function judge(
  records: readonly TickRecord[],
  runs: ReadonlySet<string>,
): readonly CrashViolation[] {
  const first = records[0];
  if (first === undefined) return [tell('no tick was decided')];
  const found: CrashViolation[] = [];
  let expectedAt = first.from;
  for (const { from, at, count, outcome, runId } of records) {
    if (from !== expectedAt) {
      const what =
        from < expectedAt ? 'was decided before' : 'comes behind one that nobody decided';
      found.push(tell(`the tick at ${new Date(from).toISOString()} ${what}`));
    }
    if (at - from !== (count - 1) * SECOND_MS)
      found.push(tell(`${count} ticks from ${from} to ${at} are not one a second`));
    if (outcome === 'run' && (runId === null || !runs.has(runId)))
      found.push(tell(`the tick at ${new Date(at).toISOString()} has no run ${runId}`));
    expectedAt = at + SECOND_MS;
  }
  return found;
}

function tell(text: string): CrashViolation {
  return { kind: 'tick_lost_or_doubled', run: '', task: '', text };
}

import { createHash } from 'node:crypto';
import type { CronFieldName } from './field.js';

/**
 * The value of `from` to `to` (inclusive) that `H` stands for: always the same for one job and field, and spread evenly
 * over jobs. It is a hash of ours and not cron-parser's seeded generator, whose values may change with its version.
 */
export function spreadValue(input: {
  readonly jobId: string;
  readonly field: CronFieldName;
  readonly from: number;
  readonly to: number;
}): number {
  const hash = createHash('sha256').update(`${input.jobId}\n${input.field}`).digest();
  return input.from + (hash.readUInt32BE(0) % (input.to - input.from + 1));
}

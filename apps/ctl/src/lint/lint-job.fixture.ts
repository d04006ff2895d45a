import assert from 'node:assert/strict';
import type { TickRulesView } from '@petit/protocol';
import { parseSchedule, type DstOptions } from '@petit/schedule';
import type { LintJob } from './lint-job.js';

const RULES: TickRulesView = {
  overlap: 'skip',
  catchup: { policy: 'latest', windowMs: 86_400_000, max: 100 },
  onUnmet: 'skip',
  jitterMs: 0,
  maxConcurrency: null,
  startDeadlineMs: null,
};

/** A job to be looked at, with the schedules that are named, in UTC unless `zone` says otherwise. */
export function lintJob(
  texts: readonly string[],
  options: {
    readonly id?: string;
    readonly zone?: string;
    readonly dst?: DstOptions;
    readonly enabled?: boolean;
    readonly rules?: Partial<TickRulesView>;
  } = {},
): LintJob {
  const { id = 'job', zone = 'UTC', dst = {}, enabled = true, rules = {} } = options;
  const schedules = texts.map((text) => {
    const parsed = parseSchedule(text, { zone, jobId: id, dst });
    assert.ok(parsed.ok, `${text}: ${JSON.stringify(parsed)}`);
    return parsed.schedule;
  });
  return { id, enabled, rules: { ...RULES, ...rules }, schedules };
}

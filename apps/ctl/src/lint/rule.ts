import type { RuleFinding } from './finding.js';
import type { LintJob } from './lint-job.js';

/** What every rule is given beside the jobs. */
export interface LintGiven {
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A rule of `petit-ctl lint`: pure, about one job by itself, or about all of them together. */
export type LintRule = {
  readonly name: string;
  /** What it finds, in a few words. */
  readonly finds: string;
} & (
  | {
      readonly scope: 'job';
      readonly check: (job: LintJob, given: LintGiven) => readonly RuleFinding[];
    }
  | {
      readonly scope: 'all';
      readonly check: (jobs: readonly LintJob[], given: LintGiven) => readonly RuleFinding[];
    }
);

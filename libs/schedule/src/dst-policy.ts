import type { GapPolicy, RepeatPolicy } from '@petit/model';
import type { CronPattern } from './cron/pattern.js';

/** How a schedule goes through a change of the clocks. */
export interface DstPolicy {
  /** `run_once`: all named times in one gap run once, together, at its end, unless the schedule is due there anyway. */
  readonly gap: GapPolicy;
  readonly overlap: RepeatPolicy;
}

/** What a job file may say about it; what it does not say follows from the pattern. */
export type DstOptions = Partial<DstPolicy>;

/** A person means that time of day: it is neither lost nor doubled. */
const FIXED_TIME: DstPolicy = { gap: 'run_once', overlap: 'first' };
/** A rhythm goes on in elapsed time: it runs at every instant whose wall time fits, and at no other. */
const RHYTHM: DstPolicy = { gap: 'skip', overlap: 'both' };

/** The policy of a pattern, with what its file says about it. */
export function dstPolicyOf(pattern: CronPattern, options: DstOptions): DstPolicy {
  return { ...(pattern.fixedTime ? FIXED_TIME : RHYTHM), ...options };
}

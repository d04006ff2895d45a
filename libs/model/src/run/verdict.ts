import type { TaskCondition } from '../job/job.js';
import type { TaskState } from './moves.js';
import { reason, type Reason } from './reason.js';

/** Whether a task may start once everything it depends on has ended, or is skipped and why. */
export type Verdict =
  | { readonly kind: 'start' }
  | { readonly kind: 'skip'; readonly reason: Reason };

/**
 * Judges a task by how everything it depends on has ended. A skipped task counts as done, not as success; a lost one
 * as a failure. `always` is petit's older word for `all_done`.
 */
export function judgeTask(
  condition: TaskCondition,
  upstream: readonly (readonly [string, TaskState])[],
): Verdict {
  switch (condition) {
    case 'all_done':
    case 'always':
      return { kind: 'start' };
    case 'all_success': {
      const bad = upstream.find(([, state]) => state !== 'completed');
      if (bad === undefined) return { kind: 'start' };
      return {
        kind: 'skip',
        reason: reason('upstream_not_successful', `task "${bad[0]}" is ${bad[1]}, not completed`),
      };
    }
    case 'on_failure': {
      if (upstream.some(([, state]) => state === 'failed' || state === 'lost'))
        return { kind: 'start' };
      return {
        kind: 'skip',
        reason: reason('nothing_failed_upstream', 'nothing that it depends on has failed'),
      };
    }
    default:
      return condition satisfies never;
  }
}

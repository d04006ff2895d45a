import type { RetryPolicy } from '../job/job.js';
import { isSuccess, isTransient, type AttemptEnding } from './ending.js';

/** Whether and when an attempt is tried again. */
export type RetryDecision =
  | { readonly retry: true; readonly delayMs: number }
  | {
      readonly retry: false;
      readonly why: 'succeeded' | 'no_retries_left' | 'condition' | 'not_idempotent';
    };

/**
 * Decides after the `attempt`-th try (from 1). A try whose end nobody knows is repeated only when the task is
 * idempotent: promise P3.
 */
export function decideRetry(options: {
  readonly policy: RetryPolicy;
  readonly attempt: number;
  readonly ending: AttemptEnding;
  readonly idempotent: boolean;
}): RetryDecision {
  const { policy, attempt, ending, idempotent } = options;
  if (isSuccess(ending)) return { retry: false, why: 'succeeded' };
  if (ending.kind === 'unknown' && !idempotent) return { retry: false, why: 'not_idempotent' };
  if (ending.kind === 'stopped' || (policy.condition === 'never' && ending.kind !== 'unknown'))
    return { retry: false, why: 'condition' };
  if (policy.condition === 'transient_only' && !isTransient(ending))
    return { retry: false, why: 'condition' };
  // Lost work that may be repeated is, at least once: `on_lost` is `retry` for an idempotent task.
  const retries = ending.kind === 'unknown' ? Math.max(policy.maxRetries, 1) : policy.maxRetries;
  if (attempt > retries) return { retry: false, why: 'no_retries_left' };
  return { retry: true, delayMs: policy.delayMs };
}

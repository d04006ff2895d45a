import { z } from 'zod';

/**
 * Why something did not happen, ended early or waits: a token to act on and a sentence for people. It is stored with
 * the decision itself and printed as stored, never worked out a second time (promise P12).
 */
export const REASON_TOKENS = [
  'skipped_overlap',
  'skipped_paused',
  'skipped_dependency',
  'missed_window',
  'missed_catchup',
  'expired',
  'caught_up',
  'backfill',
  'jitter',
  'paused',
  'queued',
  'waits_for_jobs',
  'max_concurrency',
  'max_concurrent_jobs',
  'max_concurrent_tasks',
  'replaced',
  'clock_held',
  'definition_gone',
  'cancel_requested',
  'start_deadline',
  'upstream_not_successful',
  'nothing_failed_upstream',
  'no_fitting_node',
  'no_room',
  'not_taken',
  'node_lost',
  'declined',
  'unknown_end',
  'reconciling',
  'tasks_failed',
  'tasks_lost',
] as const;
export type ReasonToken = (typeof REASON_TOKENS)[number];

const TEXT_LIMIT = 2_000;

export const reasonSchema = z.strictObject({
  token: z.enum(REASON_TOKENS),
  text: z.string().max(TEXT_LIMIT),
});
export type Reason = z.infer<typeof reasonSchema>;

/** A reason of its two parts; a text that is longer than a record may hold is cut, and shows that. */
export function reason(token: ReasonToken, text: string): Reason {
  return { token, text: text.length <= TEXT_LIMIT ? text : `${text.slice(0, TEXT_LIMIT - 1)}…` };
}

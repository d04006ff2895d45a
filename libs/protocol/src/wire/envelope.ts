import type { KeyObject } from 'node:crypto';
import {
  actionSchema,
  attemptIdSchema,
  nodeNameSchema,
  taskKeySchema,
  runIdSchema,
  jobIdSchema,
  type NodeName,
} from '@petit/model';
import { z } from 'zod';
import type { SigningKey } from './keys.js';
import { open, seal, type Signed } from './signed.js';

export const envelopeSchema = z.strictObject({
  v: z.literal(1),
  attemptId: attemptIdSchema,
  runId: runIdSchema,
  jobId: jobIdSchema,
  taskKey: taskKeySchema,
  attempt: z.int().positive(),
  /** The `n` of the placement that this delivery carries. */
  placement: z.int().positive(),
  node: nodeNameSchema,
  epoch: z.int().positive(),
  definitionHash: z.string(),
  /** By Redis' clock, milliseconds since the epoch. */
  expiresAt: z.int(),
  /** When the tick was due, ISO 8601, or null for a run that somebody asked for. */
  tickTime: z.string().nullable(),
  action: actionSchema,
  environment: z.record(z.string(), z.string()),
  /** The job's `config`, as JSON text. */
  config: z.string(),
  timeoutMs: z.int().positive().nullable(),
  killGraceMs: z.int().nonnegative(),
  slots: z.int().positive(),
});
/** What one delivery asks one node to run, once. */
export type Envelope = z.infer<typeof envelopeSchema>;

/** Why a worker refuses a delivery without asking for leave. */
export const DECLINE_REASONS = [
  'malformed',
  'bad_signature',
  'other_node',
  'expired',
  'old_epoch',
  'stalled_marker',
  'not_granted',
  'draining',
  'disk_full',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** Signs an envelope with the cluster's key. */
export function sealEnvelope(key: SigningKey, envelope: Envelope): Signed {
  return seal(key, 'envelope', envelope);
}

/**
 * Opens what a delivery carries, as design section 5 step 5 asks: signature, node, expiry, epoch. `redisNow` is
 * Redis' clock, since a board's own may be wrong.
 */
export function openEnvelope(
  signed: unknown,
  expected: {
    readonly clusterKey: KeyObject;
    readonly node: NodeName;
    readonly redisNow: number;
    readonly highestEpoch: number;
  },
):
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly why: DeclineReason } {
  const opened = open(signed, {
    publicKey: expected.clusterKey,
    kind: 'envelope',
    schema: envelopeSchema,
  });
  if (!opened.ok) return opened;
  const envelope = opened.value;
  if (envelope.node !== expected.node) return { ok: false, why: 'other_node' };
  if (envelope.expiresAt <= expected.redisNow) return { ok: false, why: 'expired' };
  if (envelope.epoch < expected.highestEpoch) return { ok: false, why: 'old_epoch' };
  return { ok: true, envelope };
}

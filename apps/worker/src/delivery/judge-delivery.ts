import type { KeyObject } from 'node:crypto';
import type { NodeName } from '@petit/model';
import {
  envelopeSchema,
  isSigned,
  open,
  type DeclineReason,
  type Envelope,
  type Signed,
} from '@petit/protocol';
import type { Delivery } from '@petit/queue';
import { deliveryId } from '@petit/store/shared';

/** What a worker does with a delivery that it took. */
export type Verdict =
  | { readonly kind: 'accept'; readonly envelope: Envelope; readonly signed: Signed }
  /** The journal has it: whatever becomes of it, this does not start it. */
  | { readonly kind: 'known'; readonly envelope: Envelope }
  /** A leader signed it for this node, and it is not started: its placement is free. */
  | { readonly kind: 'decline'; readonly envelope: Envelope; readonly why: DeclineReason }
  /** No leader signed it for this node: it says nothing about any attempt. */
  | { readonly kind: 'refuse'; readonly why: DeclineReason };

export interface Judge {
  readonly clusterKey: KeyObject;
  readonly node: NodeName;
  /** Redis' clock, milliseconds since the epoch. */
  readonly redisNow: number;
  readonly highestEpoch: number;
  /** Whether the journal has a delivery of this id. */
  readonly isKnown: (id: string, envelope: Envelope) => boolean;
}

/**
 * Judges a delivery: first whether a leader's word it is, then whether it is known, only then whether it is in time.
 * A delivery that is not named after its own envelope was made by hand around a copy of one.
 */
export function judgeDelivery(delivery: Delivery, judge: Judge): Verdict {
  const { clusterKey, node, redisNow, highestEpoch, isKnown } = judge;
  const signed = delivery.payload;
  if (!isSigned(signed)) return { kind: 'refuse', why: 'malformed' };
  const opened = open(signed, { publicKey: clusterKey, kind: 'envelope', schema: envelopeSchema });
  if (!opened.ok) return { kind: 'refuse', why: opened.why };
  const envelope = opened.value;
  if (envelope.node !== node) return { kind: 'refuse', why: 'other_node' };
  if (delivery.id !== deliveryId(envelope.attemptId, envelope.placement))
    return { kind: 'refuse', why: 'malformed' };
  if (isKnown(delivery.id, envelope)) return { kind: 'known', envelope };
  if (delivery.stalledMarker) return { kind: 'decline', envelope, why: 'stalled_marker' };
  if (envelope.expiresAt <= redisNow) return { kind: 'decline', envelope, why: 'expired' };
  if (envelope.epoch < highestEpoch) return { kind: 'decline', envelope, why: 'old_epoch' };
  return { kind: 'accept', envelope, signed };
}

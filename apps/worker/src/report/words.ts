import type { AttemptEnd, NodeName } from '@petit/model';
import type { DeclineReason, Envelope } from '@petit/protocol';
import type { Word } from './outbox.js';

/** The delivery that a word is about. */
export interface Subject {
  readonly id: string;
  readonly envelope: Envelope;
}

/** That an attempt ended, or that it was started and nobody saw its end. */
export function endedWord(node: NodeName, { id, envelope }: Subject, end: AttemptEnd): Word {
  const { attemptId, placement, expiresAt } = envelope;
  return { id, report: { v: 1, node, attemptId, placement, kind: 'ended', end }, expiresAt };
}

/** That nothing was started, so that the placement is free. */
export function declinedWord(node: NodeName, { id, envelope }: Subject, why: DeclineReason): Word {
  const { attemptId, placement, expiresAt } = envelope;
  return { id, report: { v: 1, node, attemptId, placement, kind: 'declined', why }, expiresAt };
}

import { describeEnding, isSuccess, type AttemptEnd, type NodeName } from '@petit/model';
import type { DeclineReason, Envelope, Report } from '@petit/protocol';
import type { DeliveryEnd } from '@petit/queue';
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

/** What Bull Board shows of an attempt that ended. */
export function doneAs(end: AttemptEnd): DeliveryEnd {
  const text = describeEnding(end.ending);
  return isSuccess(end.ending)
    ? { state: 'completed', value: text }
    : { state: 'failed', why: text };
}

/** What Bull Board shows of a delivery whose work is done, whatever became of it. */
export function doneBy(report: Report): DeliveryEnd {
  return report.kind === 'ended'
    ? doneAs(report.end)
    : { state: 'failed', why: `declined: ${report.why}` };
}

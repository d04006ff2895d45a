import { setTimeout as pause } from 'node:timers/promises';
import type { KeyObject } from 'node:crypto';
import { messageOf, type NodeName } from '@petit/model';
import type { DeclineReason, Envelope, Signed } from '@petit/protocol';
import type { Failpoint, Log } from '@petit/daemon';
import type { Delivery, DeliveryEnd, Inbox } from '@petit/queue';
import { fieldsOf, type Attempts } from '../attempt/attempts.js';
import type { Slots } from '../attempt/slots.js';
import type { Door } from '../health/door.js';
import type { Journal } from '../journal/journal.js';
import type { Outbox, Word } from '../report/outbox.js';
import { declinedWord, doneAs, doneBy } from '../report/words.js';
import { judgeDelivery, type Verdict } from './judge-delivery.js';

export interface TakeDeliveriesOptions {
  readonly inbox: Inbox;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly attempts: Attempts;
  readonly slots: Slots;
  readonly door: Door;
  readonly clusterKey: KeyObject;
  readonly node: NodeName;
  /** Redis' clock, milliseconds since the epoch. */
  readonly redisNow: () => number;
  readonly monotonicMs: () => number;
  readonly stopping: AbortSignal;
  readonly failpoint: Failpoint;
  readonly log: Log;
}

/** Of refusals a minute, the leader hears of so many: junk is not to fill Redis. The log has them all. */
const REFUSALS_TOLD_A_MINUTE = 60;

/**
 * Takes deliveries while there is room, judges them, and hands on what is to be run. It holds every delivery until its
 * work is done and then finishes it, so that Bull Board tells the truth.
 */
export class TakeDeliveries {
  readonly #options: TakeDeliveriesOptions;
  /** Taken and not finished, by id. */
  readonly #held = new Map<string, Delivery>();
  /** Accepted, and perhaps not in the journal yet. */
  readonly #inHand = new Set<string>();
  #refusals = { minute: 0, count: 0 };

  constructor(options: TakeDeliveriesOptions) {
    this.#options = options;
  }

  /** Takes until the agent stops. */
  async run(): Promise<void> {
    const { inbox, slots, door, stopping } = this.#options;
    while (!stopping.aborted) {
      await door.whenOpen(stopping);
      await slots.whenFree(stopping);
      if (stopping.aborted || door.closed !== null) continue;
      const delivery = await inbox.take();
      if (delivery !== null) await this.#receive(delivery);
    }
  }

  /** At each connect: takes over what is active in the queue and not held by this process. */
  async adopt(): Promise<void> {
    for (const delivery of await this.#options.inbox.activeDeliveries()) {
      if (!this.#inHand.has(delivery.id)) void this.#receive(delivery);
    }
  }

  /** Finishes the delivery that a word is about: its work is done. */
  onSaid({ id, report }: Word): void {
    void this.#finish(id, doneBy(report));
  }

  /** One that is not held is finished when it is adopted. */
  async #finish(id: string, end: DeliveryEnd): Promise<void> {
    const delivery = this.#held.get(id);
    if (delivery === undefined) return;
    this.#held.delete(id);
    await this.#options.inbox.finish(delivery, end);
  }

  async #receive(delivery: Delivery): Promise<void> {
    const { door, failpoint, stopping, log } = this.#options;
    await failpoint('worker.after_take');
    // It stays active, and the next agent adopts it.
    if (stopping.aborted) return;
    try {
      const verdict = this.#judge(delivery);
      this.#held.set(delivery.id, delivery);
      if (verdict.kind === 'accept' && door.why !== null)
        await this.#act(delivery, { ...verdict, kind: 'decline', why: door.why });
      else await this.#act(delivery, verdict);
    } catch (error) {
      log.error({ deliveryId: delivery.id, err: error }, 'delivery_failed');
      await pause(PAUSE_AFTER_ERROR_MS);
    }
  }

  #judge(delivery: Delivery): Verdict {
    const { journal, clusterKey, node, redisNow } = this.#options;
    return judgeDelivery(delivery, {
      clusterKey,
      node,
      redisNow: redisNow(),
      highestEpoch: journal.highestEpoch,
      isKnown: (id, { attemptId }) =>
        this.#inHand.has(id) ||
        journal.findOpen(id) !== null ||
        journal.findSettled(attemptId)?.id === id,
    });
  }

  async #act(delivery: Delivery, verdict: Verdict): Promise<void> {
    switch (verdict.kind) {
      case 'accept':
        return this.#accept(delivery.id, verdict);
      case 'known': {
        const end = this.#endOfKnown(delivery.id, verdict.envelope);
        return end === null ? undefined : this.#finish(delivery.id, end);
      }
      case 'decline':
        return this.#decline(delivery.id, verdict.envelope, verdict.why);
      case 'refuse':
        return this.#refuse(delivery, verdict.why);
      default:
        return verdict satisfies never;
    }
  }

  /** Waits for the slots, and no longer: the rest goes on beside the taking. */
  async #accept(id: string, accepted: { envelope: Envelope; signed: Signed }): Promise<void> {
    const { slots, attempts, stopping } = this.#options;
    this.#inHand.add(id);
    if (!(await slots.acquire(accepted.envelope.slots, stopping))) return;
    void attempts.begin(id, accepted).finally(() => this.#inHand.delete(id));
  }

  /** How a delivery that the journal knows is to be finished; null while its work goes on. */
  #endOfKnown(id: string, { attemptId }: Envelope): DeliveryEnd | null {
    const { journal, outbox } = this.#options;
    const settled = journal.findSettled(attemptId);
    if (settled !== null && settled.id === id) return doneAs(settled.end);
    const report = outbox.find(id)?.report;
    return report === undefined ? null : doneBy(report);
  }

  async #decline(id: string, envelope: Envelope, why: DeclineReason): Promise<void> {
    const { outbox, node, log } = this.#options;
    log.info({ ...fieldsOf(envelope), why }, 'declined');
    await outbox.say(declinedWord(node, { id, envelope }, why));
  }

  async #refuse({ id }: Delivery, why: DeclineReason): Promise<void> {
    const { outbox, node, log } = this.#options;
    log.warn({ deliveryId: id, why }, 'refused');
    if (this.#mayTell()) {
      await outbox
        .refuse({ v: 1, node, kind: 'refused', deliveryId: id.slice(0, 300), why })
        .catch((error: unknown) => log.warn({ err: messageOf(error) }, 'report_failed'));
    }
    await this.#finish(id, { state: 'failed', why: `refused: ${why}` });
  }

  #mayTell(): boolean {
    const minute = Math.floor(this.#options.monotonicMs() / 60_000);
    if (this.#refusals.minute !== minute) this.#refusals = { minute, count: 0 };
    this.#refusals.count += 1;
    return this.#refusals.count <= REFUSALS_TOLD_A_MINUTE;
  }
}

const PAUSE_AFTER_ERROR_MS = 200;

import type { NodeName } from '@petit/model';
import { seal, type Refusal, type Report, type SigningKey } from '@petit/protocol';
import type { WorkerStore } from '@petit/store/worker';
import type { Failpoint, Log } from '@petit/daemon';
import type { LogTail } from './read-tails.js';

/** A word to the leader that is said until the run record shows that it was heard. */
export interface Word {
  /** Of the delivery that it is about. */
  readonly id: string;
  readonly report: Report;
  /** Of the envelope; by Redis' clock, milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** That a word needs to be said no more: the record shows it, or there is no such run and its envelope has expired. */
export type Heard = 'shown' | 'no_run';

export interface OutboxOptions {
  readonly store: Pick<WorkerStore, 'report' | 'saveLog' | 'readShown'>;
  readonly node: NodeName;
  readonly key: SigningKey;
  /** The output that goes with a word, if any. */
  readonly readTails: (word: Word) => Promise<readonly LogTail[]>;
  /** Whether Redis is there: what is sent while it is not would only pile up. */
  readonly isOnline: () => boolean;
  /** Called each time a word was handed to the connection, in the same turn: what goes with it leaves with it. */
  readonly onSaid: (word: Word) => void;
  /** Called once a word. */
  readonly onHeard: (word: Word, heard: Heard) => Promise<void>;
  /** Redis' clock, milliseconds since the epoch. */
  readonly redisNow: () => number;
  readonly monotonicMs: () => number;
  readonly failpoint: Failpoint;
  readonly log: Log;
}

interface Pending {
  readonly word: Word;
  lookAt: number;
  lookAfterMs: number;
  sendAt: number;
  sendAfterMs: number;
}

/** When it is looked for the first time whether the record shows a word, so that many are looked for at once. */
const FIRST_LOOK_MS = 1_000;
const LAST_LOOK_MS = 10_000;
/** When a word is said again, each time later. */
const FIRST_REPEAT_MS = 10_000;
const LAST_REPEAT_MS = 300_000;
/** What is nearly due is looked for together. */
const TOGETHER_MS = 250;

/**
 * Says what became of attempts, until it was heard. A word is sent at once; whether the run record shows it is asked
 * after a second, for all that wait together, and again later and later up to every 10 s. What is not shown by then
 * is sent again, later and later: with no leader, what was said stays in Redis until there is one. When a leader gives a
 * sign, all of that begins anew (`hasten`). After each reconnect `revive` asks for all of them first.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #pending = new Map<string, Pending>();
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** What was not heard yet. */
  *words(): Iterable<Word> {
    for (const { word } of this.#pending.values()) yield word;
  }

  /** The word about a delivery, if one is being said. */
  find(id: string): Word | null {
    return this.#pending.get(id)?.word ?? null;
  }

  /** Says a word no more. */
  drop(id: string): void {
    this.#pending.delete(id);
  }

  /** Says a word. Resolves when it was sent, or is to be sent at the next reconnect. */
  async say(word: Word): Promise<void> {
    const pending = this.#remember(word);
    if (this.#options.isOnline()) await this.#send(pending, 'with_output');
  }

  /** Remembers a word that an earlier agent may have said; `revive` finds out. */
  remember(word: Word): void {
    this.#remember(word);
  }

  /** Says once that a delivery was refused. It is about no attempt, so nothing could show that it was heard. */
  async refuse(refusal: Refusal): Promise<void> {
    const { store, node, key } = this.#options;
    await store.report(node, seal(key, 'report', refusal));
  }

  /** At each connect: what the record does not show is said again, with its output. */
  async revive(): Promise<void> {
    await this.#look([...this.#pending.values()], 'at_once');
  }

  /**
   * A leader is there: what waits long because there was none is looked for in a second, and said again ten seconds from
   * now where it is not shown by then. What is due earlier stays so, however often this is called.
   */
  hasten(): void {
    const now = this.#options.monotonicMs();
    for (const pending of this.#pending.values()) {
      pending.lookAfterMs = FIRST_LOOK_MS;
      pending.lookAt = Math.min(pending.lookAt, now + FIRST_LOOK_MS);
      pending.sendAfterMs = FIRST_REPEAT_MS;
      pending.sendAt = Math.min(pending.sendAt, now + FIRST_REPEAT_MS);
      this.#schedule(pending.lookAt);
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #remember(word: Word): Pending {
    const now = this.#options.monotonicMs();
    const pending: Pending = {
      word,
      lookAt: now + FIRST_LOOK_MS,
      lookAfterMs: FIRST_LOOK_MS,
      sendAt: now + FIRST_REPEAT_MS,
      sendAfterMs: FIRST_REPEAT_MS,
    };
    this.#pending.set(word.id, pending);
    this.#schedule(pending.lookAt);
    return pending;
  }

  async #send(pending: Pending, output: 'with_output' | 'without_output'): Promise<void> {
    const { store, node, key, readTails, onSaid, failpoint, log, monotonicMs } = this.#options;
    const { word } = pending;
    try {
      const tails = output === 'with_output' ? await readTails(word) : [];
      await failpoint('worker.before_report');
      // Written in one go, in this order: who reads the report finds the output.
      const said = Promise.all([
        ...tails.map((tail) => store.saveLog(tail)),
        store.report(node, seal(key, 'report', word.report)),
      ]);
      onSaid(word);
      await said;
      await failpoint('worker.after_report');
    } catch (error) {
      log.warn({ deliveryId: word.id, err: error }, 'report_failed');
    }
    pending.sendAt = monotonicMs() + pending.sendAfterMs;
    pending.sendAfterMs = Math.min(pending.sendAfterMs * 2, LAST_REPEAT_MS);
  }

  #schedule(at: number): void {
    if (this.#isClosed || at >= this.#timerAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(
      () => {
        this.#timerAt = Number.POSITIVE_INFINITY;
        void this.#lookAtDue();
      },
      Math.max(0, at - this.#options.monotonicMs()),
    );
  }

  async #lookAtDue(): Promise<void> {
    const now = this.#options.monotonicMs();
    const due = [...this.#pending.values()].filter(({ lookAt }) => lookAt <= now + TOGETHER_MS);
    for (const pending of due) {
      pending.lookAfterMs = Math.min(pending.lookAfterMs * 2, LAST_LOOK_MS);
      pending.lookAt = now + pending.lookAfterMs;
    }
    if (this.#options.isOnline()) await this.#look(due, 'when_due');
    for (const { lookAt } of this.#pending.values()) this.#schedule(lookAt);
  }

  async #look(all: readonly Pending[], repeat: Repeat): Promise<void> {
    const results = await Promise.allSettled(
      all.map((pending) => this.#lookAtOne(pending, repeat)),
    );
    for (const result of results) {
      if (result.status === 'rejected')
        this.#options.log.warn({ err: result.reason }, 'look_failed');
    }
  }

  async #lookAtOne(pending: Pending, repeat: Repeat): Promise<void> {
    const { store, onHeard, redisNow, monotonicMs } = this.#options;
    const { word } = pending;
    const { attemptId, placement, kind } = word.report;
    const answer = await store.readShown({ attemptId, placement, kind });
    if (this.#pending.get(word.id) !== pending) return;
    if (answer === 'shown' || (answer === 'no_run' && redisNow() > word.expiresAt)) {
      this.#pending.delete(word.id);
      await onHeard(word, answer);
    } else if (answer === 'no_run') {
      // A Redis that lost the run: it is told of, but gets no output that nobody would ever remove.
      if (repeat === 'at_once') await this.#send(pending, 'without_output');
    } else if (repeat === 'at_once' || monotonicMs() >= pending.sendAt) {
      await this.#send(pending, 'with_output');
    }
  }
}

/** Whether what is not shown is sent again in any case, or only when its time has come. */
type Repeat = 'at_once' | 'when_due';

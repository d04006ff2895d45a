import type { AttemptId, NodeName } from '@petit/model';
import type { Failpoint, Log } from '@petit/daemon';
import type { Runner } from '@petit/runner';
import type { WorkerStore } from '@petit/store/worker';
import type { Journal, SettledEntry } from '../journal/journal.js';
import type { Heard, Outbox, Word } from '../report/outbox.js';

export interface SettledAttemptsOptions {
  readonly journal: Journal;
  readonly runner: Pick<Runner, 'list' | 'remove'>;
  readonly store: Pick<WorkerStore, 'readShown'>;
  readonly node: NodeName;
  /** Redis' clock, milliseconds since the epoch. */
  readonly redisNow: () => number;
  readonly monotonicMs: () => number;
  readonly failpoint: Failpoint;
  readonly log: Log;
}

/** How long an attempt's files stay, for a Redis that loses its newest data; and of how many at most. */
const KEPT_MS = 10_000;
const KEPT_AT_MOST = 200;
const ASKED_TOGETHER = 100;

/**
 * What is done with an attempt once the run record shows its end. Its files are removed a little later, and its end is
 * remembered longer, because a Redis that syncs its file each second can still forget what it showed.
 */
export class SettledAttempts {
  readonly #options: SettledAttemptsOptions;
  readonly #toRemove: { readonly attemptId: AttemptId; readonly removeAt: number }[] = [];
  #removing: Promise<void> = Promise.resolve();

  constructor(options: SettledAttemptsOptions) {
    this.#options = options;
  }

  /** Takes over a word that was heard. */
  async onHeard(word: Word, heard: Heard): Promise<void> {
    const { journal, redisNow, monotonicMs, failpoint } = this.#options;
    const { report } = word;
    await failpoint('worker.after_shown');
    const entry = journal.findOpen(word.id);
    if (report.kind === 'ended' && heard === 'shown') {
      if (entry !== null) journal.settle(entry, report.end, redisNow());
    } else if (entry !== null) journal.forget(entry);
    if (report.kind === 'ended')
      this.#toRemove.push({ attemptId: report.attemptId, removeAt: monotonicMs() + KEPT_MS });
  }

  /** From time to time: removes files and forgets entries whose time has come. */
  async clean(): Promise<void> {
    const { journal, redisNow, monotonicMs } = this.#options;
    journal.forgetOld(redisNow());
    const now = monotonicMs();
    // Without its files, that an attempt ended here is known by the journal alone.
    if (this.#toRemove.length > 0) await journal.flush();
    for (let next = this.#toRemove[0]; next !== undefined; next = this.#toRemove[0]) {
      if (next.removeAt > now && this.#toRemove.length <= KEPT_AT_MOST) break;
      this.#toRemove.shift();
      const { attemptId } = next;
      this.#removing = this.#removing.then(() => this.#remove(attemptId));
    }
    await this.#removing;
  }

  /** At start: removes the files of attempts of which nothing is to be reported any more. */
  async removeLeftovers(): Promise<void> {
    const { journal, runner } = this.#options;
    const open = new Set<string>([...journal.open()].map(({ envelope }) => envelope.attemptId));
    for (const attemptId of await runner.list())
      if (!open.has(attemptId)) await this.#remove(attemptId);
  }

  /** When another Redis than before answers: what it does not show any more is said again. */
  async recheck(outbox: Outbox): Promise<void> {
    const settled = [...this.#options.journal.settled()];
    for (let from = 0; from < settled.length; from += ASKED_TOGETHER) {
      const batch = settled.slice(from, from + ASKED_TOGETHER);
      await Promise.all(batch.map((entry) => this.#recheckOne(entry, outbox)));
    }
  }

  async #recheckOne(entry: SettledEntry, outbox: Outbox): Promise<void> {
    const { store, node, log } = this.#options;
    const { id, attemptId, placement, end, expiresAt } = entry;
    if ((await store.readShown({ attemptId, placement, kind: 'ended' })) !== 'open') return;
    log.warn({ attemptId }, 'forgotten_by_redis');
    const report = { v: 1, node, attemptId, placement, kind: 'ended', end } as const;
    await outbox.say({ id, report, expiresAt });
  }

  async #remove(attemptId: string): Promise<void> {
    try {
      await this.#options.runner.remove(attemptId);
    } catch (error) {
      this.#options.log.warn({ attemptId, err: error }, 'remove_failed');
    }
  }
}

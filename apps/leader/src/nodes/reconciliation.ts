import type { NodeBook } from './node-book.js';

export interface ReconciliationOptions {
  readonly nodes: NodeBook;
  /** Nothing may be placed or withdrawn from here on. */
  readonly hold: () => void;
  /** Every record is read again: Redis may have lost its newest data. */
  readonly readAll: () => Promise<void>;
  /** Every live worker has announced its journal: placing may go on. */
  readonly settled: (redisRunId: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly log: { info(fields: object, message: string): void };
}

/**
 * After a restart of Redis the records may lack what was acknowledged last, a leave among it. So nothing is placed or
 * withdrawn until every live worker has announced its journal to this run of Redis (design section 5, step 12).
 *
 * It is settled under one `run_id` of Redis, or open under another. Open it ends when each member has announced itself
 * to that run of Redis or is lost.
 */
export class Reconciliation {
  readonly #options: ReconciliationOptions;
  #openRunId: string | null = null;
  #settledRunId: string | null;

  constructor(options: ReconciliationOptions, settledRunId: string | null) {
    this.#options = options;
    this.#settledRunId = settledRunId;
  }

  /** Whether placing is held, for explanations. */
  get isOpen(): boolean {
    return this.#openRunId !== null;
  }

  /** This Redis is there (again); opens when it is another run of it than the one that was settled. */
  async connected(redisRunId: string): Promise<void> {
    if (redisRunId === this.#settledRunId && this.#openRunId === null) {
      await this.#options.readAll();
      return;
    }
    this.#options.hold();
    this.#openRunId = redisRunId;
    this.#options.log.info({ redisRunId }, 'reconciliation_opened');
    await this.#options.readAll();
    this.look();
  }

  /** Looks whether it may end; to be called when anything about a node changes. */
  look(): void {
    const runId = this.#openRunId;
    if (runId === null) return;
    for (const known of this.#options.nodes.all()) {
      if (known.state !== 'lost' && known.announcement?.redisRunId !== runId) return;
    }
    this.#openRunId = null;
    this.#settledRunId = runId;
    this.#options.log.info({ redisRunId: runId }, 'reconciliation_settled');
    this.#options.settled(runId).catch(this.#options.onError);
  }
}

import {
  advance,
  applyAdvance,
  isRunEnded,
  messageOf,
  PetitError,
  viewRun,
  type Effect,
  type Ignored,
  type RunEvent,
  type RunId,
  type RunView,
  type TaskKey,
  type TaskRecord,
} from '@petit/model';
import type { CommitAnswer, RunStore, StoredRun } from '@petit/store/leader';
import type { Leadership } from '../election/leadership.js';
import type { RedisGate } from '../redis/redis-gate.js';
import type { Definition, DefinitionSource } from './definition-source.js';
import { endWithoutDefinition } from './end-without-definition.js';
import type { BatchAnswer, LiveRun, MoveBatch } from './live-run.js';
import type { RunListener } from './run-listener.js';

/** What became of a change that was asked for. */
export type ChangeAnswer =
  | { readonly kind: 'stored'; readonly effects: readonly Effect[] }
  | { readonly kind: 'unchanged'; readonly ignored: readonly Ignored[] }
  | { readonly kind: 'no_run' };

export interface RunBookOptions {
  readonly store: RunStore;
  readonly leadership: Leadership;
  readonly gate: RedisGate;
  readonly definitions: DefinitionSource;
  readonly listener: RunListener;
  readonly now: () => number;
  readonly failpoint: (name: string) => void | Promise<void>;
  readonly log: {
    error(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** How often a change is planned anew after Redis refused it, before it is given up as a mistake of ours. */
const REPLANS = 5;

/**
 * Every run that has not ended, and the one way to change one.
 *
 * A change is planned and applied to the view at once, in one turn, and its move goes to Redis with all others of that
 * run planned in the same turn, in order, without waiting for the one before. If Redis refuses one (a leave was given
 * meanwhile, or another rev is there), those behind it are refused too: the run is read again, adopted as a new leader
 * would adopt it, and every refused change is planned anew on what is true.
 */
export class RunBook {
  readonly #options: RunBookOptions;
  readonly #runs = new Map<RunId, LiveRun>();
  #commits = 0;

  constructor(options: RunBookOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#runs.size;
  }

  get(id: RunId): LiveRun | null {
    return this.#runs.get(id) ?? null;
  }

  all(): Iterable<LiveRun> {
    return this.#runs.values();
  }

  /** A name for a move, unique among all leaders. */
  nextCommitId(): string {
    this.#commits += 1;
    return `${this.#options.leadership.fence.epoch}-${this.#commits}`;
  }

  /** Takes over every live run as it is stored: what a new leader begins with, and one whose Redis was restarted. */
  async loadAll(): Promise<void> {
    const stored = new Set(await this.#options.store.listLive());
    for (const run of this.#runs.values()) {
      if (!stored.has(run.view.header.id)) this.#letGo(run);
    }
    for (const id of stored) await this.load(id);
  }

  /** Takes over live runs that this leader does not know. */
  async loadMissing(): Promise<void> {
    for (const id of await this.#options.store.listLive()) {
      if (!this.#runs.has(id)) await this.load(id);
    }
  }

  /** Takes over one stored run, or reads it again; null when it is not there or has ended. */
  async load(id: RunId): Promise<LiveRun | null> {
    const known = this.#runs.get(id);
    if (known !== undefined) {
      await this.#reload(known);
      return this.get(id);
    }
    const stored = await this.#readReadable(id);
    if (stored === null || isRunEnded(stored.header.state)) return null;
    const definition = await this.#options.definitions.find(stored.header.definitionHash);
    if (definition === null) {
      await this.#endWithoutDefinition(id);
      return null;
    }
    // It may have been taken over meanwhile, and moved: what was read is old then.
    return this.#runs.has(id) ? this.load(id) : this.adopt(definition, stored);
  }

  /** Nobody knows any more what the tasks of a run are: it can only be ended (promise P2). */
  async #endWithoutDefinition(id: RunId): Promise<void> {
    const { store, leadership, listener, now, log } = this.#options;
    const answer = await endWithoutDefinition({
      read: () => this.#readReadable(id),
      commit: (move) => {
        leadership.assertActing();
        return store.commit({ ...move, fence: leadership.fence, commitId: this.nextCommitId() });
      },
      listener,
      now,
      tries: REPLANS,
    });
    log.error({ runId: id, answer }, 'run_without_definition');
  }

  /** A record that cannot be read costs its own run, not the leadership. */
  async #readReadable(id: RunId): Promise<StoredRun | null> {
    try {
      return await this.#options.store.read(id);
    } catch (error) {
      if (!(error instanceof PetitError) || error.code !== 'CORRUPT_RECORD') throw error;
      this.#options.log.error({ runId: id, error: error.message }, 'run_not_readable');
      return null;
    }
  }

  /**
   * Takes over a run that this leader has just stored. One that was read meanwhile, as after a reconnect, is known
   * already and may have moved on.
   */
  introduce(definition: Definition, run: RunView): void {
    const { header, tasks } = run;
    if (!this.#runs.has(header.id))
      this.adopt(definition, { rev: 1, header, tasks, leaves: new Map() });
  }

  /** Takes over a run as it was read. */
  adopt(definition: Definition, stored: StoredRun): LiveRun {
    const view = viewRun({ header: stored.header, graph: definition.graph, tasks: stored.tasks });
    const known = this.#runs.get(stored.header.id);
    const run: LiveRun = known ?? {
      definition,
      view,
      rev: stored.rev,
      batch: null,
      onTheWay: new Set(),
      reloading: null,
    };
    const before = known === undefined ? new Map<TaskKey, TaskRecord>() : run.view.tasks;
    run.view = view;
    run.rev = stored.rev;
    run.batch = null;
    this.#runs.set(stored.header.id, run);
    for (const key of new Set([...before.keys(), ...view.tasks.keys()])) {
      this.#options.listener.taskChanged({
        run,
        key,
        before: before.get(key) ?? null,
        after: view.tasks.get(key) ?? null,
      });
    }
    this.#applyLeaves(run, stored);
    this.#options.listener.adopted(run);
    return run;
  }

  /**
   * Plans events on the run as it is in this turn and stores what they change, with the report entries that led to
   * them. Resolves once Redis has it; throws NOT_LEADER when this leader is deposed.
   */
  async change(
    id: RunId,
    plan: (view: RunView) => readonly RunEvent[],
    reportIds: readonly string[] = [],
  ): Promise<ChangeAnswer> {
    for (let tries = 0; tries <= REPLANS; tries += 1) {
      const run = this.#runs.get(id);
      if (run === undefined) return { kind: 'no_run' };
      if (run.reloading !== null) {
        await run.reloading;
        continue;
      }
      const planned = this.#plan(run, plan(run.view), reportIds);
      if (planned.batch === null) return { kind: 'unchanged', ignored: planned.ignored };
      if ((await planned.batch.stored) === 'stored')
        return { kind: 'stored', effects: planned.effects };
    }
    throw new PetitError(
      'INTERNAL_ERROR',
      `run ${id}: a move was refused ${REPLANS + 1} times in a row`,
    );
  }

  #plan(
    run: LiveRun,
    events: readonly RunEvent[],
    reportIds: readonly string[],
  ): {
    readonly batch: MoveBatch | null;
    readonly effects: readonly Effect[];
    readonly ignored: readonly Ignored[];
  } {
    const effects: Effect[] = [];
    const ignored: Ignored[] = [];
    for (const event of events) {
      const move = advance(run.view, event, this.#options.now());
      if (move.kind === 'ignored') {
        ignored.push(move.why);
        continue;
      }
      const batch = this.#openBatch(run);
      for (const key of move.withoutLeave) {
        const placement = run.view.tasks.get(key)?.placement ?? 0;
        // A placement made in this same batch is not in Redis yet, so nobody can have been given leave for it.
        if (!batch.tasks.has(key)) batch.withoutLeave.set(key, placement);
      }
      const before = [...move.tasks.keys()].map(
        (key) => [key, run.view.tasks.get(key) ?? null] as const,
      );
      applyAdvance(run.view, move);
      batch.header = move.header;
      for (const [key, record] of move.tasks) batch.tasks.set(key, record);
      for (const [key, old] of before) {
        this.#options.listener.taskChanged({
          run,
          key,
          before: old,
          after: run.view.tasks.get(key) ?? null,
        });
      }
      effects.push(...move.effects);
    }
    if (run.batch !== null && events.length > ignored.length)
      run.batch.reportIds.push(...reportIds);
    return { batch: events.length > ignored.length ? run.batch : null, effects, ignored };
  }

  #openBatch(run: LiveRun): MoveBatch {
    if (run.batch !== null) return run.batch;
    const batch: MoveBatch = {
      header: run.view.header,
      tasks: new Map(),
      withoutLeave: new Map(),
      reportIds: [],
      // The rest of this turn may add to the batch; it goes out when the turn is over.
      stored: Promise.resolve().then(() => this.#send(run, batch)),
    };
    run.batch = batch;
    return batch;
  }

  async #send(run: LiveRun, batch: MoveBatch): Promise<BatchAnswer> {
    if (run.batch !== batch) return 'void';
    run.batch = null;
    const ended = isRunEnded(batch.header.state);
    const rev = run.rev;
    run.rev += 1;
    const committing = this.#commit(batch, rev);
    run.onTheWay.add(committing);
    const answer = await committing
      .catch((error: unknown) => this.#disown(run, error))
      .finally(() => run.onTheWay.delete(committing));
    const { listener } = this.#options;
    switch (answer) {
      case 'committed':
        if (ended) this.#letGo(run);
        listener.stored(run, { header: batch.header, tasks: batch.tasks });
        return 'stored';
      case 'deposed':
        listener.deposed();
        throw new PetitError('NOT_LEADER', 'another leader has taken over');
      case 'left':
      case 'conflict':
      case 'unanswered':
        this.#options.log.warn({ runId: batch.header.id, rev, answer }, 'run_read_again');
        await this.#reload(run);
        return 'void';
      default:
        return answer satisfies never;
    }
  }

  /** `unanswered`: Redis went away before it said what became of the move. */
  async #commit(batch: MoveBatch, rev: number): Promise<CommitAnswer | 'unanswered'> {
    const { leadership, store, gate, failpoint } = this.#options;
    if (!gate.isConnected) return 'unanswered';
    leadership.assertActing();
    // Behind the last look at the clock: a leader stopped here and continued later is one that only Redis can refuse.
    const stall = failpoint('leader.before_commit');
    if (stall !== undefined) await stall;
    try {
      const answer = await store.commit({
        ...batch,
        rev,
        fence: leadership.fence,
        commitId: this.nextCommitId(),
      });
      void failpoint('leader.after_commit');
      return answer;
    } catch (error) {
      if (gate.isConnected) throw error;
      return 'unanswered';
    }
  }

  /** A move failed and nobody knows why: the view, which has it, is not to be trusted either. */
  #disown(run: LiveRun, error: unknown): never {
    const { id } = run.view.header;
    if (!(error instanceof PetitError && error.code === 'NOT_LEADER')) {
      this.#reload(run).catch((again: unknown) =>
        this.#options.log.error({ runId: id, error: messageOf(again) }, 'run_not_read_again'),
      );
    }
    throw error;
  }

  #reload(run: LiveRun): Promise<void> {
    run.reloading ??= this.#readAgain(run).finally(() => {
      run.reloading = null;
    });
    return run.reloading;
  }

  async #readAgain(run: LiveRun): Promise<void> {
    const { id } = run.view.header;
    run.batch = null;
    // A move that is still on its way would be stored behind what is read, and be missing in the view.
    while (run.onTheWay.size > 0) await Promise.allSettled(run.onTheWay);
    const stored = await this.#readConnected(id);
    if (stored === null || isRunEnded(stored.header.state)) this.#letGo(run);
    else this.adopt(run.definition, stored);
  }

  /** Reads a run as often as Redis goes away meanwhile. */
  async #readConnected(id: RunId): Promise<StoredRun | null> {
    const { gate } = this.#options;
    for (;;) {
      await gate.connected();
      try {
        return await this.#readReadable(id);
      } catch (error) {
        if (gate.isConnected) throw error;
      }
    }
  }

  /** A leave that was given is a fact, whether or not its word has come over the stream yet. */
  #applyLeaves(run: LiveRun, stored: StoredRun): void {
    for (const [key, { placement, leftAt }] of stored.leaves) {
      const record = run.view.tasks.get(key);
      if (record?.state !== 'placed' || record.placement !== placement || record.node === null)
        continue;
      this.#plan(
        run,
        [{ kind: 'leave', key, placement, node: record.node, leftAt }],
        [],
      ).batch?.stored.catch(() => undefined);
    }
  }

  #letGo(run: LiveRun): void {
    this.#runs.delete(run.view.header.id);
    for (const [key, record] of run.view.tasks)
      this.#options.listener.taskChanged({ run, key, before: record, after: null });
    this.#options.listener.letGo(run);
  }
}

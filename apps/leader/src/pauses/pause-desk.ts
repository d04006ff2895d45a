import {
  ALL_JOBS,
  beginPause,
  endPause,
  PetitError,
  type PauseRecord,
  type PauseTarget,
  type ScheduleId,
  type TickRecord,
} from '@petit/model';
import { mergePauses, nextTick } from '@petit/schedule';
import type { Fence, PauseStore } from '@petit/store/leader';
import type { RedisGate } from '../redis/redis-gate.js';
import type { LiveSchedule, Ticker } from '../ticks/ticker.js';
import type { PauseBook } from './pause-book.js';

export interface PauseDeskOptions {
  readonly book: PauseBook;
  readonly store: PauseStore;
  readonly fence: Fence;
  readonly gate: RedisGate;
  readonly ticker: Ticker;
  readonly now: () => number;
  readonly deposed: () => void;
  /** What is paused has changed: of one job, or of all. */
  readonly changed: (target: PauseTarget) => void;
  readonly onError: (error: unknown) => void;
}

/** What became of a wish to pause or to resume. */
export interface PauseAnswer {
  /** False: it was so before. */
  readonly changed: boolean;
  /** What was decided about the ticks that were held. */
  readonly decided: readonly TickRecord[];
}

/**
 * Pauses and resumes jobs. A pause goes through these steps, one change after the other:
 *
 * 1. It holds in memory, so that nothing after its instant is decided any more.
 * 2. What was due until then is decided.
 * 3. It is stored. Who leads from now on goes by it.
 * 4. On resume its end is stored, and only then are the held ticks decided, like those of an outage.
 * 5. It is forgotten once no tick of it is undecided.
 *
 * A leader that dies between two steps leaves either no pause or one that the next leader goes on with.
 */
export class PauseDesk {
  readonly #options: PauseDeskOptions;
  /** Of each target whose pauses have ended: the schedules that may have an undecided tick in one of them. */
  readonly #unsettled = new Map<PauseTarget, Set<ScheduleId>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PauseDeskOptions) {
    this.#options = options;
  }

  /** Takes the pauses over as they are stored; before any schedule is in force. */
  async load(): Promise<void> {
    this.#options.book.load(await this.#options.store.read());
  }

  /** Goes on with what the leader before has left: the schedules are in force. */
  begin(): void {
    for (const target of this.#options.book.targets()) this.#watch(target);
  }

  /** Pauses a job, or all; what is paused stays so, since its first instant. */
  pause(target: PauseTarget, by: string): Promise<PauseAnswer> {
    return this.#inTurn(() => this.#pause(target, by));
  }

  /** Resumes a job, or all, and decides what was held, except where another pause holds it still. */
  resume(target: PauseTarget, by: string): Promise<PauseAnswer> {
    return this.#inTurn(() => this.#resume(target, by));
  }

  /** Ticks of a schedule were decided: a pause that has ended may be done with. */
  decided(schedule: LiveSchedule): void {
    for (const [target, unsettled] of this.#unsettled) {
      if (!unsettled.has(schedule.id) || this.#isUnsettled(target, schedule)) continue;
      unsettled.delete(schedule.id);
      if (unsettled.size === 0) this.#forgetSoon(target);
    }
  }

  async #pause(target: PauseTarget, by: string): Promise<PauseAnswer> {
    const { book, ticker, now } = this.#options;
    const before = book.get(target);
    const at = now();
    const pauses = beginPause(before, { by, at });
    if (pauses === before) return { changed: false, decided: [] };
    book.set(target, pauses);
    const schedules = this.#schedulesOf(target);
    try {
      const decided = await ticker.settle(schedules, at);
      await this.#store(target, pauses);
      return { changed: true, decided };
    } catch (error) {
      book.set(target, before);
      throw error;
    } finally {
      ticker.arm(schedules);
      this.#options.changed(target);
    }
  }

  async #resume(target: PauseTarget, by: string): Promise<PauseAnswer> {
    const { book, now } = this.#options;
    const before = book.get(target);
    const at = now();
    const pauses = endPause(before, { by, at });
    if (pauses === before) return { changed: false, decided: [] };
    await this.#store(target, pauses);
    book.set(target, pauses);
    this.#options.changed(target);
    const schedules = this.#schedulesOf(target);
    this.#watch(target);
    return { changed: true, decided: await this.#settleResumed(schedules, at) };
  }

  /** What fails here stays due: the job is resumed all the same, and its ticks are decided a little later. */
  async #settleResumed(
    schedules: readonly LiveSchedule[],
    at: number,
  ): Promise<readonly TickRecord[]> {
    const { ticker, onError } = this.#options;
    try {
      return await ticker.settle(schedules, at);
    } catch (error) {
      onError(error);
      return [];
    } finally {
      ticker.arm(schedules);
    }
  }

  /** Looks which schedules an ended pause is still needed for, and forgets it when there is none. */
  #watch(target: PauseTarget): void {
    if (endedOf(this.#options.book.get(target)).length === 0) return;
    const unsettled = this.#schedulesOf(target).filter((one) => this.#isUnsettled(target, one));
    this.#unsettled.set(target, new Set(unsettled.map(({ id }) => id)));
    if (unsettled.length === 0) this.#forgetSoon(target);
  }

  /** Whether an undecided tick of a schedule may be in an ended pause, and in no longer one that holds it anyway. */
  #isUnsettled(target: PauseTarget, schedule: LiveSchedule): boolean {
    const { book } = this.#options;
    const ended = endedOf(book.get(target));
    const others = mergePauses(
      book.of(schedule.definition.job.id).filter((pause) => !ended.some((one) => one === pause)),
    );
    return ended.some(({ fromAt, untilAt }) => {
      if (others.some((other) => other.fromAt <= fromAt && (other.untilAt ?? Infinity) >= untilAt))
        return false;
      const next = nextTick(schedule.schedule, Math.max(schedule.watermarkAt, fromAt));
      return next !== null && next.at <= untilAt;
    });
  }

  #forgetSoon(target: PauseTarget): void {
    this.#inTurn(() => this.#forget(target)).catch(this.#options.onError);
  }

  async #forget(target: PauseTarget): Promise<void> {
    const { book } = this.#options;
    if (this.#unsettled.get(target)?.size !== 0) return;
    const ongoing = book.get(target).filter(({ untilAt }) => untilAt === null);
    await this.#store(target, ongoing);
    book.set(target, ongoing);
    this.#unsettled.delete(target);
  }

  /** Stores what is true from now on; sent again when Redis went away, for what it says is absolute. */
  async #store(target: PauseTarget, pauses: readonly PauseRecord[]): Promise<void> {
    const { store, fence, gate, deposed } = this.#options;
    for (;;) {
      await gate.connected();
      try {
        if ((await store.set(fence, target, pauses)) === 'set') return;
      } catch (error) {
        if (gate.isConnected) throw error;
        continue;
      }
      deposed();
      throw new PetitError('NOT_LEADER', 'another leader has taken over');
    }
  }

  #schedulesOf(target: PauseTarget): readonly LiveSchedule[] {
    const { ticker } = this.#options;
    return target === ALL_JOBS ? [...ticker.all()] : ticker.ofJob(target);
  }

  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(change);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

interface EndedPause extends PauseRecord {
  readonly untilAt: number;
}

function endedOf(pauses: readonly PauseRecord[]): readonly EndedPause[] {
  return pauses.filter((pause): pause is EndedPause => pause.untilAt !== null);
}

import { PetitError, reason, type Reason } from '@petit/model';
import type { ClockNote } from '@petit/protocol';
import {
  judgeClock,
  judgeFirstLook,
  MAX_STEP_MS,
  passedMs,
  type ClockReading,
  type ClockVerdict,
  type NtpState,
  type OtherClock,
  type TickClock,
} from '@petit/schedule';
import type { ClockHold, ClockWatchOptions } from './clock-watch-options.js';
import type { HostClock } from './host-clock.js';

/** How often the clocks are read where nobody asks for the time. Milliseconds. */
const LOOK_EVERY_MS = 60_000;
/** How often a hold is judged anew. Milliseconds. */
const CHECK_EVERY_MS = 5_000;
/** How often a new leader looks whether the other boards have told their clocks, and how long it waits for them. */
const WAIT_FOR_BOARDS = { lookEveryMs: 250, atMostMs: 10_000 } as const;
/** A clock that was set back may return for so long without being asked why. Milliseconds. */
const MAY_RETURN_MS = 3_600_000;
/** How often a trusted reading is stored. Milliseconds. */
const NOTE_EVERY_MS = 600_000;

/** Why ticks wait before anybody has said so: the clock is being looked into, or it is held. */
interface Doubt {
  readonly since: number;
  /** Null: it is not known yet whether there is a reason to hold. */
  readonly hold: Reason | null;
}

/**
 * The wall clock of a leader, which everything that is decided by the hour is decided by, and whether it may be.
 *
 * It is trusted, in doubt, or holds. It begins in doubt, and is in doubt from the moment at which it is seen to have
 * stepped forward by more than five minutes that were not slept through: before anything is decided by it, since
 * `now` itself looks. Then time server and other boards are asked: it is trusted again, or holds. A hold is judged anew
 * every five seconds, and ends when the clock is back, is confirmed, or is accepted by a person. While it is not trusted,
 * `now` goes on as the clock should have, so that deadlines keep their time; only ticks wait.
 *
 * None of this outlives its leader. The next one judges its own clock: by the reading that was stored last where that is
 * of the same boot of the same machine, else by what is known to have passed (`judgeFirstLook`).
 */
export class ClockWatch implements TickClock, Disposable {
  readonly #options: ClockWatchOptions;
  /** The newest reading that was trusted. */
  #last: ClockReading | null = null;
  /** The one that was furthest ahead, of the last hour: nothing is asked of a clock that returns to it. */
  #furthest: ClockReading | null = null;
  #lastSeenAt: number | null = null;
  #doubt: Doubt | null;
  #ntp: NtpState = 'unknown';
  #ntpReadAt = -Infinity;
  #waitsUntilMs = 0;
  #notedAtMs = 0;
  #isBack = false;
  #isFirstLook = true;
  #isChecking = false;
  #isClosed = false;
  #callOffLook: () => void = nothing;
  #callOffCheck: () => void = nothing;

  constructor(options: ClockWatchOptions) {
    this.#options = options;
    this.#doubt = { since: options.clock.now(), hold: null };
  }

  /** Judges the clock for the first time, against what the last leader stored. Waits for nothing but Redis. */
  async begin(note: ClockNote | null): Promise<void> {
    const { host } = this.#options;
    this.#lastSeenAt = note?.wallAt ?? null;
    this.#last = note === null ? null : comparable(note, host);
    this.#furthest = this.#last;
    this.#waitsUntilMs = host.monotonicMs() + WAIT_FOR_BOARDS.atMostMs;
    await this.#check();
    this.#lookAfterAWhile();
    void this.readNtp().then(this.#warnOfNtp);
  }

  /** Whether nothing may be decided by the hour. */
  get isHeld(): boolean {
    return this.#doubt !== null;
  }

  /** Why not, once that is known. */
  get hold(): ClockHold | null {
    const doubt = this.#doubt;
    return doubt === null || doubt.hold === null
      ? null
      : { since: doubt.since, reason: doubt.hold };
  }

  /** What was last known of the time server. */
  get ntp(): NtpState {
    return this.#ntp;
  }

  /** The time: of the wall clock while that is trusted, else the time that it should tell. */
  now(): number {
    const { clock, host } = this.#options;
    const wallAt = clock.now();
    const last = this.#last;
    if (last === null) return wallAt;
    if (this.#doubt === null) {
      const steppedMs = wallAt - last.wallAt - (host.monotonicMs() - last.monotonicMs);
      if (steppedMs <= MAX_STEP_MS) return wallAt;
      this.#look();
    }
    if (this.#doubt === null) return wallAt;
    return Math.min(wallAt, Math.floor(last.wallAt + passedMs(last, host.read())));
  }

  setTimeout(callback: () => void, delayMs: number): () => void {
    return this.#options.clock.setTimeout(callback, delayMs);
  }

  /** Takes the clock as it is. Throws CONFLICT when it is not held. */
  accept(by: string): void {
    if (this.#doubt === null)
      throw new PetitError('CONFLICT', 'the clock is not held: ticks are decided by it');
    const reading = this.#options.host.read();
    this.#options.log.warn({ by, wallAt: reading.wallAt }, 'clock_accepted');
    this.#trust(reading);
  }

  /** Asks whether a time server keeps the clock. */
  async readNtp(): Promise<NtpState> {
    this.#ntpReadAt = this.#options.host.monotonicMs();
    this.#ntp = await this.#options.host.readNtp();
    return this.#ntp;
  }

  /** Asks again soon where what is known is old and not good news. */
  refreshNtp(): void {
    const ageMs = this.#options.host.monotonicMs() - this.#ntpReadAt;
    if (this.#ntp !== 'synchronised' && ageMs > LOOK_EVERY_MS) void this.readNtp();
  }

  /** The clocks beside ours, of boards and of Redis. */
  async others(): Promise<{ readonly now: ClockReading; readonly others: readonly OtherClock[] }> {
    const { host, others } = this.#options;
    const redis = await others.redis();
    const now = host.read();
    const boards = others.boards(now);
    if (redis === null) return { now, others: boards };
    const aheadMs = Math.round(redis.wallAt - now.wallAt);
    return { now, others: [...boards, { name: 'redis', aheadMs, isElsewhere: redis.isElsewhere }] };
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#callOffLook();
    this.#callOffCheck();
  }

  #lookAfterAWhile(): void {
    if (this.#isClosed) return;
    this.#callOffLook = this.#options.clock.setTimeout(() => {
      this.#look();
      this.#lookAfterAWhile();
    }, LOOK_EVERY_MS);
  }

  /** Reads the clocks, and doubts the wall clock where it went further than time did. */
  #look(): void {
    const before = this.#furthest;
    if (this.#doubt !== null || before === null) return;
    const now = this.#options.host.read();
    const verdict = judgeClock({ before, now, ntp: 'unknown', others: [] });
    if (verdict.kind === 'hold') {
      const since = Math.floor((this.#last ?? before).wallAt + passedMs(this.#last ?? before, now));
      this.#doubt = { since, hold: null };
      void this.#check();
    } else this.#take(now, verdict);
  }

  /** Goes on with a reading that is no reason to doubt. */
  #take(now: ClockReading, verdict: Exclude<ClockVerdict, { kind: 'hold' }>): void {
    const isBack = verdict.kind === 'stepped_back';
    const isNew = !(isBack && this.#isBack);
    const before = this.#furthest;
    this.#isBack = isBack;
    this.#last = now;
    if (!isBack || before === null || passedMs(before, now) > MAY_RETURN_MS) this.#furthest = now;
    if (now.bootMs - this.#notedAtMs > NOTE_EVERY_MS) this.#note(now);
    if (isNew) this.#tell(now, verdict);
  }

  #tell(now: ClockReading, verdict: ClockVerdict): void {
    if (verdict.kind === 'steady') return;
    this.#options.log.warn({ ...verdict, wallAt: now.wallAt }, 'clock_stepped');
    this.#changed();
  }

  /** Asks whoever may know. Of two at a time the second does nothing. */
  async #check(): Promise<void> {
    if (this.#isChecking || this.#isClosed) return;
    this.#isChecking = true;
    try {
      await this.#decide();
    } catch (error) {
      this.#options.onError(error);
      this.#checkAfter(CHECK_EVERY_MS);
    } finally {
      this.#isChecking = false;
    }
  }

  async #decide(): Promise<void> {
    const first = await this.others();
    const verdict = this.#judge(first.now, { ntp: 'unknown', others: first.others });
    if (verdict.kind !== 'hold' && !this.#waitsForBoards()) return this.#settle(first.now, verdict);
    const ntp = await this.readNtp();
    const { now, others } = await this.others();
    if (ntp !== 'synchronised' && this.#waitsForBoards())
      return this.#checkAfter(WAIT_FOR_BOARDS.lookEveryMs);
    this.#settle(now, this.#judge(now, { ntp, others }));
  }

  /** A new leader hears other boards first, where it has nothing else to judge its clock by. */
  #waitsForBoards(): boolean {
    const { host, others } = this.#options;
    if (this.#last !== null || host.monotonicMs() >= this.#waitsUntilMs) return false;
    return others.unheard() > 0;
  }

  #judge(
    now: ClockReading,
    witnesses: { readonly ntp: NtpState; readonly others: readonly OtherClock[] },
  ): ClockVerdict {
    const before = this.#furthest;
    const verdict = before === null ? null : judgeClock({ before, now, ...witnesses });
    const goesOn = verdict !== null && !(this.#isFirstLook && verdict.kind === 'stepped_back');
    if (goesOn) return verdict;
    const { releasedAt } = this.#options;
    const lastSeenAt = this.#lastSeenAt;
    return judgeFirstLook({ wallAt: now.wallAt, releasedAt, lastSeenAt, ...witnesses });
  }

  #settle(now: ClockReading, verdict: ClockVerdict): void {
    const doubt = this.#doubt;
    if (doubt === null || this.#isClosed) return;
    if (verdict.kind !== 'hold') {
      if (doubt.hold !== null)
        this.#options.log.warn({ ...verdict, wallAt: now.wallAt }, 'clock_released');
      else this.#tell(now, verdict);
      this.#trust(now);
      return;
    }
    this.#doubt = { since: doubt.since, hold: reason('clock_held', verdict.reason) };
    this.#checkAfter(CHECK_EVERY_MS);
    if (doubt.hold !== null) return;
    this.#options.log.warn({ reason: verdict.reason }, 'clock_held');
    this.#changed();
  }

  #trust(now: ClockReading): void {
    this.#callOffCheck();
    this.#doubt = null;
    this.#last = now;
    this.#furthest = now;
    this.#isBack = false;
    this.#isFirstLook = false;
    this.#note(now);
    this.#changed();
  }

  /** Tells of it once whoever asked for the time has got it. */
  #changed(): void {
    queueMicrotask(() => {
      if (!this.#isClosed) this.#options.changed();
    });
  }

  #note(now: ClockReading): void {
    this.#notedAtMs = now.bootMs;
    this.#options.note(now);
  }

  #checkAfter(delayMs: number): void {
    if (this.#isClosed) return;
    this.#callOffCheck();
    this.#callOffCheck = this.#options.clock.setTimeout(() => void this.#check(), delayMs);
  }

  readonly #warnOfNtp = (ntp: NtpState): void => {
    if (ntp === 'unsynchronised' && !this.#isClosed)
      this.#options.log.warn({}, 'clock_not_synchronised');
  };
}

/** A stored reading, where it is of this boot of this machine, so that time since boot goes on from it; else null. */
function comparable(note: ClockNote, host: HostClock): ClockReading | null {
  const now = host.read();
  const goesOn = now.bootMs >= note.bootMs && now.monotonicMs >= note.monotonicMs;
  return note.kernelBootId === host.kernelBootId && goesOn ? note : null;
}

function nothing(): void {}

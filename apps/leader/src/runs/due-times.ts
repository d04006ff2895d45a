import { TickHeap, TickTimer, type TickClock } from '@petit/schedule';
import type { RunId, TaskKey } from '@petit/model';

/** Something of a run that is due at an instant. */
export type DueTime =
  | { readonly kind: 'retry'; readonly runId: RunId; readonly key: TaskKey }
  | { readonly kind: 'hold_over'; readonly runId: RunId; readonly key: TaskKey }
  | { readonly kind: 'start_deadline'; readonly runId: RunId }
  /** It may be its turn. */
  | { readonly kind: 'turn'; readonly runId: RunId };

/** A clock that may be held: it tells a time that nobody confirms. */
export type HeldClock = TickClock & { readonly isHeld: boolean };

/**
 * One timer for everything that runs wait for by the clock. Setting the same thing again moves it. While the clock is
 * held nothing ends or begins by it: what comes due waits until `lookAgain`, by the time that it is then. A retry alone
 * is made all the same, for it harms nobody to come early.
 */
export class DueTimes implements Disposable {
  readonly #clock: HeldClock;
  readonly #onDue: (time: DueTime) => void;
  readonly #heap = new TickHeap<string>();
  readonly #times = new Map<string, DueTime>();
  readonly #timer: TickTimer;
  /** What came due by a held clock, with its instant. */
  readonly #held = new Map<string, { readonly time: DueTime; readonly at: number }>();

  constructor(clock: HeldClock, onDue: (time: DueTime) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
    this.#timer = new TickTimer({ clock, onDue: (now) => this.#due(now) });
  }

  /** `at` is milliseconds since the epoch. */
  set(time: DueTime, at: number): void {
    const id = idOf(time);
    this.#held.delete(id);
    this.#times.set(id, time);
    this.#heap.set(id, at);
    this.#arm();
  }

  remove(time: DueTime): void {
    const id = idOf(time);
    this.#held.delete(id);
    this.#times.delete(id);
    if (this.#heap.remove(id)) this.#arm();
  }

  /** Looks at what is due now: the clock is no longer held. */
  lookAgain(): void {
    const held = [...this.#held.values()];
    for (const { time, at } of held) this.set(time, at);
    // It sleeps by the clock as that was.
    this.#timer.arm(null);
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #due(now: number): void {
    for (const { id, at } of this.#heap.takeDue(now)) {
      const time = this.#times.get(id);
      this.#times.delete(id);
      if (time === undefined) continue;
      if (this.#clock.isHeld && time.kind !== 'retry') this.#held.set(id, { time, at });
      else this.#onDue(time);
    }
    this.#arm();
  }

  #arm(): void {
    this.#timer.arm(this.#heap.peek()?.at ?? null);
  }
}

function idOf(time: DueTime): string {
  return 'key' in time ? `${time.kind} ${time.runId} ${time.key}` : `${time.kind} ${time.runId}`;
}

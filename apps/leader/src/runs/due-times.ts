import { TickHeap, TickTimer, type TickClock } from '@petit/schedule';
import type { RunId, TaskKey } from '@petit/model';

/** Something of a run that is due at an instant. */
export type DueTime =
  | { readonly kind: 'retry'; readonly runId: RunId; readonly key: TaskKey }
  | { readonly kind: 'hold_over'; readonly runId: RunId; readonly key: TaskKey }
  | { readonly kind: 'start_deadline'; readonly runId: RunId }
  /** It may be its turn. */
  | { readonly kind: 'turn'; readonly runId: RunId };

/** One timer for everything that runs wait for by the clock. Setting the same thing again moves it. */
export class DueTimes implements Disposable {
  readonly #heap = new TickHeap<string>();
  readonly #times = new Map<string, DueTime>();
  readonly #timer: TickTimer;

  constructor(clock: TickClock, onDue: (time: DueTime) => void) {
    this.#timer = new TickTimer({
      clock,
      onDue: (now) => {
        for (const { id } of this.#heap.takeDue(now)) {
          const time = this.#times.get(id);
          this.#times.delete(id);
          if (time !== undefined) onDue(time);
        }
        this.#arm();
      },
    });
  }

  /** `at` is milliseconds since the epoch. */
  set(time: DueTime, at: number): void {
    const id = idOf(time);
    this.#times.set(id, time);
    this.#heap.set(id, at);
    this.#arm();
  }

  remove(time: DueTime): void {
    const id = idOf(time);
    this.#times.delete(id);
    if (this.#heap.remove(id)) this.#arm();
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #arm(): void {
    this.#timer.arm(this.#heap.peek()?.at ?? null);
  }
}

function idOf(time: DueTime): string {
  return 'key' in time ? `${time.kind} ${time.runId} ${time.key}` : `${time.kind} ${time.runId}`;
}

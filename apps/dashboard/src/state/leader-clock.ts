import type { ClusterEvent, HealthView } from '@petit/protocol';
import { judgeFreshness, leaderNow, type Freshness, type Heard } from './freshness.js';

/** What time it is for the page, and whether what it shows may be taken for what is. */
export interface Look {
  readonly freshness: Freshness;
  /** The leader's wall clock; while the page is not live, that of the last moment it was. */
  readonly now: number;
}

/** The leader's clock as the page knows it: set by each event, carried on by the page's steady clock, stopped when stale. */
export class LeaderClock {
  #heard: Heard | null = null;
  #asOf = 0;

  /** Notes that the leader was heard. */
  hear(event: ClusterEvent, steadyMs: number): void {
    if (event.kind === 'hello' || event.kind === 'pulse') this.#heard = { at: event.at, steadyMs };
    else if (this.#heard !== null) this.#heard = { at: leaderNow(this.#heard, steadyMs), steadyMs };
  }

  look(known: {
    readonly health: HealthView | null;
    readonly isRead: boolean;
    readonly steadyNowMs: number;
  }): Look {
    const heard = this.#heard;
    const freshness = judgeFreshness({ ...known, heard });
    if (heard !== null) this.#asOf = this.#momentOf(freshness, heard, known.steadyNowMs);
    return { freshness, now: this.#asOf };
  }

  #momentOf({ kind }: Freshness, heard: Heard, steadyNowMs: number): number {
    if (kind === 'live') return leaderNow(heard, steadyNowMs);
    if (kind === 'silent' || this.#asOf === 0) return heard.at;
    return this.#asOf;
  }
}

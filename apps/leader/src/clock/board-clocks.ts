import { kernelBootIdOf, type Beat } from '@petit/protocol';
import type { ClockReading, OtherClock } from '@petit/schedule';
import type { NodeName } from '@petit/model';

/** A board's clock against the time since this machine was booted, which no step of ours changes. */
interface HeardClock {
  readonly kernelBootId: string;
  /** Its wall clock less our time since boot when its beat came. Milliseconds. */
  readonly offsetMs: number;
}

/**
 * The clocks of other boards, by their beats. A worker under the same kernel has the same clock as this leader, so it
 * says nothing; the clocks of two workers under one other kernel are one.
 */
export class BoardClocks {
  readonly #kernelBootId: string;
  readonly #heard = new Map<NodeName, HeardClock>();

  constructor(kernelBootId: string) {
    this.#kernelBootId = kernelBootId;
  }

  /** Takes the clock out of a beat that came just now. The way of the beat is taken for nothing. */
  heard({ node, bootId, wallAt }: Beat, now: ClockReading): void {
    const kernelBootId = kernelBootIdOf(bootId);
    if (kernelBootId === this.#kernelBootId) this.#heard.delete(node);
    else this.#heard.set(node, { kernelBootId, offsetMs: wallAt - now.bootMs });
  }

  /** Whether that node's clock is known, or is ours. */
  knows(node: NodeName, bootId: string): boolean {
    return kernelBootIdOf(bootId) === this.#kernelBootId || this.#heard.has(node);
  }

  /** What the clocks of the boards that are alive say beside ours, one for each machine. */
  beside(now: ClockReading, isLive: (node: NodeName) => boolean): readonly OtherClock[] {
    const found = new Map<string, OtherClock>();
    for (const [name, { kernelBootId, offsetMs }] of this.#heard) {
      if (!isLive(name) || found.has(kernelBootId)) continue;
      const aheadMs = Math.round(offsetMs + now.bootMs - now.wallAt);
      found.set(kernelBootId, { name, aheadMs, isElsewhere: true });
    }
    return [...found.values()];
  }
}

/** A pause as it was made. Ticks in (fromAt, untilAt] fall into it. */
export interface MadePause {
  readonly jobId: string | null;
  readonly fromAt: number;
  /** Null while it goes on. */
  untilAt: number | null;
}

/** The pauses that a leader was told, and when it was told to go on. */
export class MadePauses {
  readonly #pauses: MadePause[] = [];

  begin(jobId: string | null, at: number): void {
    this.#pauses.push({ jobId, fromAt: at, untilAt: null });
  }

  end(jobId: string | null, at: number): void {
    const pause = this.#pauses.find((one) => one.jobId === jobId && one.untilAt === null);
    if (pause !== undefined) pause.untilAt = at;
  }

  get size(): number {
    return this.#pauses.length;
  }

  /** Whether a tick of a job falls into one of them. */
  covers(jobId: string, at: number): boolean {
    return this.#of(jobId).some(
      ({ fromAt, untilAt }) => at > fromAt && (untilAt === null || at <= untilAt),
    );
  }

  /** Since when the ticks of a job are held, or null. */
  heldSince(jobId: string): number | null {
    const held = this.#of(jobId).filter(({ untilAt }) => untilAt === null);
    return held.length === 0 ? null : Math.min(...held.map(({ fromAt }) => fromAt));
  }

  /** When the last of its pauses was over, up to an instant; 0 when none was. */
  resumedAt(jobId: string, until: number): number {
    const ends = this.#of(jobId).map(({ untilAt }) => untilAt ?? 0);
    return Math.max(0, ...ends.filter((at) => at <= until));
  }

  #of(jobId: string): readonly MadePause[] {
    return this.#pauses.filter((one) => one.jobId === jobId || one.jobId === null);
  }
}

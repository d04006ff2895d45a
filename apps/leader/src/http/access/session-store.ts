import { createHash } from 'node:crypto';

const ID_BYTES = 32;

/**
 * Who is logged in on the page. Sessions live in memory only: a restart of the leader asks for the token again. What
 * is kept is a hash, so that a dump of memory or a log gives no way in. Beyond `maxCount` the oldest one ends.
 */
export class SessionStore {
  readonly #expiries = new Map<string, number>();
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Opens a session and gives its id, which is told to the browser and nobody else. */
  open(): string {
    const { random, now, lifetimeMs, maxCount } = this.#options;
    const id = Buffer.from(random(ID_BYTES)).toString('base64url');
    this.#expiries.set(hashOf(id), now() + lifetimeMs);
    for (const oldest of this.#expiries.keys()) {
      if (this.#expiries.size <= maxCount) break;
      this.#expiries.delete(oldest);
    }
    return id;
  }

  isOpen(id: string): boolean {
    const hash = hashOf(id);
    const expiresAt = this.#expiries.get(hash);
    if (expiresAt === undefined) return false;
    if (expiresAt > this.#options.now()) return true;
    this.#expiries.delete(hash);
    return false;
  }

  close(id: string): void {
    this.#expiries.delete(hashOf(id));
  }
}

export interface SessionOptions {
  readonly now: () => number;
  readonly random: (sizeBytes: number) => Uint8Array;
  readonly lifetimeMs: number;
  readonly maxCount: number;
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

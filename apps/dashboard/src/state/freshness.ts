import type { HealthView } from '@petit/protocol';

/** Whether what the page shows may be taken for what is. `since` and `asOf` are wall times of the leader. */
export type Freshness =
  /** Not heard of the leader yet. */
  | { readonly kind: 'starting' }
  /** The leader was found again, and what is shown is still what was known before. */
  | { readonly kind: 'catching_up' }
  | { readonly kind: 'live' }
  /** Nothing came although a sign of life is due every 5 s. */
  | { readonly kind: 'silent'; readonly since: number }
  /** It answers but does not lead, or has not begun to. */
  | { readonly kind: 'not_leading'; readonly role: 'standby' | 'starting'; readonly since: number }
  /** It leads but Redis does not answer. */
  | { readonly kind: 'redis_away'; readonly since: number };

/** What the page last heard. */
export interface Heard {
  /** The leader's wall clock then. */
  readonly at: number;
  /** The page's own steady clock then, milliseconds. */
  readonly steadyMs: number;
}

/** A sign of life comes every 5 s; two of them missed and a bit is silence. */
export const SILENT_AFTER_MS = 12_000;

/**
 * Judges by the page's steady clock, so that a changed wall clock makes nothing look fresh. `isRead`: all that is shown
 * was read since the leader was last found.
 */
export function judgeFreshness(known: {
  readonly heard: Heard | null;
  readonly health: HealthView | null;
  readonly isRead: boolean;
  readonly steadyNowMs: number;
}): Freshness {
  const { heard, health, isRead, steadyNowMs } = known;
  if (heard === null || health === null) return { kind: 'starting' };
  if (steadyNowMs - heard.steadyMs > SILENT_AFTER_MS) return { kind: 'silent', since: heard.at };
  if (health.role !== 'active') {
    return { kind: 'not_leading', role: health.role, since: health.since };
  }
  if (health.redis === 'away') return { kind: 'redis_away', since: health.since };
  return isRead ? { kind: 'live' } : { kind: 'catching_up' };
}

/** The leader's wall clock now, carried on by the page's steady clock. */
export function leaderNow(heard: Heard, steadyNowMs: number): number {
  return heard.at + (steadyNowMs - heard.steadyMs);
}

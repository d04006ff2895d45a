import type { PauseView } from '@petit/protocol';
import type { Clock } from './format-time.js';

/** Since when and by whom something is paused: `paused since 09:00 by api`; empty when it is not. */
export function describePauses(
  pauses: readonly PauseView[],
  clock: Pick<Clock, 'short'>,
  now: number,
): string {
  return pauses
    .map(({ of, fromAt, by }) => {
      const what = of === 'all' && pauses.length > 1 ? 'all jobs paused' : 'paused';
      return `${what} since ${clock.short(fromAt, now)} by ${by}`;
    })
    .join(', ');
}

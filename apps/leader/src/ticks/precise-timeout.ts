/** Node's timers fire up to so much late: they count whole milliseconds, from the last turn of the loop. */
const TIMER_LATENESS_MS = 2;

/**
 * Calls back once `delayMs` of `monotonicNow` have passed, to a fraction of a millisecond: it sleeps until shortly before
 * and then lets the event loop turn until the time has come. Answers how to call it off.
 */
export function setPreciseTimeout(
  callback: () => void,
  delayMs: number,
  monotonicNow: () => number,
): () => void {
  const fireAt = monotonicNow() + delayMs;
  let isOver = false;
  let turn: NodeJS.Immediate | null = null;
  const look = (): void => {
    if (isOver) return;
    if (monotonicNow() < fireAt) turn = setImmediate(look);
    else {
      isOver = true;
      callback();
    }
  };
  const timer = setTimeout(look, Math.max(0, delayMs - TIMER_LATENESS_MS));
  return () => {
    isOver = true;
    clearTimeout(timer);
    if (turn !== null) clearImmediate(turn);
  };
}

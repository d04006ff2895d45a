export interface Deadline extends Disposable {
  /** Aborts when the time is over, or with one of the signals given, with that one's reason. */
  readonly signal: AbortSignal;
  /** Whether it was the time that ended it. */
  readonly isLate: boolean;
}

/**
 * A signal that aborts after `ms` milliseconds (null: never by itself) or with one of `signals`; disposed, it holds
 * neither timer nor listener. In place of `AbortSignal.any` over an `AbortSignal.timeout`: of these Node 20 may collect
 * the timeout while the combination is still waited for, and then nothing ever aborts.
 */
export function openDeadline(ms: number | null, signals: readonly AbortSignal[] = []): Deadline {
  const ended = new AbortController();
  let isLate = false;
  const timer = ms === null ? null : setTimeout(expire, ms);
  const end = (event: Event) => {
    if (event.currentTarget instanceof AbortSignal) ended.abort(event.currentTarget.reason);
  };
  const release = () => {
    if (timer !== null) clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', end);
  };
  for (const signal of signals) signal.addEventListener('abort', end, { once: true });
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted !== undefined) ended.abort(aborted.reason);
  if (ended.signal.aborted) release();
  return {
    signal: ended.signal,
    get isLate() {
      return isLate;
    },
    [Symbol.dispose]: release,
  };

  function expire(): void {
    if (ended.signal.aborted) return;
    isLate = true;
    ended.abort(new DOMException('the time is over', 'TimeoutError'));
  }
}

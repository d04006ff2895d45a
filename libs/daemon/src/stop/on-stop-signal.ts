/** Says when a program is asked to stop. */
export interface StopSignal extends Disposable {
  /** Aborted by the first SIGTERM or SIGINT, with its name as the reason. */
  readonly signal: AbortSignal;
}

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Turns the first SIGTERM or SIGINT into an abort, so that what runs may end in order. Once the program is stopping, a
 * further SIGINT is an impatient person: the program ends at once, by that signal. Further SIGTERMs change nothing.
 */
export function onStopSignal(): StopSignal {
  const stopping = new AbortController();
  const listener = (name: NodeJS.Signals): void => {
    if (!stopping.signal.aborted) {
      stopping.abort(name);
      return;
    }
    if (name !== 'SIGINT') return;
    process.off('SIGINT', listener);
    process.kill(process.pid, 'SIGINT');
  };
  for (const name of STOP_SIGNALS) process.on(name, listener);
  return {
    signal: stopping.signal,
    [Symbol.dispose]: () => {
      for (const name of STOP_SIGNALS) process.off(name, listener);
    },
  };
}

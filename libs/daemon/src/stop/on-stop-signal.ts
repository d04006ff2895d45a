import { performance } from 'node:perf_hooks';

/** Says when a program is asked to stop. */
export interface StopSignal extends Disposable {
  /** Aborted by the first signal, with its name as the reason. */
  readonly signal: AbortSignal;
}

export interface StopSignalOptions {
  /** What asks for the stop. Default SIGTERM and SIGINT; a program of a terminal adds SIGHUP. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Called just before an impatient person's second SIGINT ends the program. */
  readonly onForce?: () => void;
}

/**
 * One press of Ctrl-C can come twice: from the terminal to the whole group, and passed on by npm. What comes within
 * this time is the same press. Milliseconds.
 */
const SAME_PRESS_MS = 750;

/**
 * Turns the first SIGTERM or SIGINT into an abort, so that what runs may end in order. Once the program is stopping, a
 * further SIGINT, not of the same press, is an impatient person: the program ends at once, by that signal. Further SIGTERMs change nothing.
 */
export function onStopSignal(options: StopSignalOptions = {}): StopSignal {
  const { signals = ['SIGTERM', 'SIGINT'], onForce = () => {} } = options;
  const stopping = new AbortController();
  let stoppingSince = 0;
  const listener = (name: NodeJS.Signals): void => {
    if (!stopping.signal.aborted) {
      stoppingSince = performance.now();
      stopping.abort(name);
      return;
    }
    if (name !== 'SIGINT' || performance.now() - stoppingSince < SAME_PRESS_MS) return;
    onForce();
    process.off('SIGINT', listener);
    process.kill(process.pid, 'SIGINT');
  };
  for (const name of signals) process.on(name, listener);
  return {
    signal: stopping.signal,
    [Symbol.dispose]: () => {
      for (const name of signals) process.off(name, listener);
    },
  };
}

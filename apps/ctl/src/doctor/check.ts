/** One thing that was looked at. */
export interface Check {
  readonly level: 'ok' | 'warn' | 'fail';
  /** What it is about, in a word or two. */
  readonly about: string;
  /** How it is. */
  readonly text: string;
  /** What to do about it; null when nothing is to be done. */
  readonly advice: string | null;
}

export function ok(about: string, text: string): Check {
  return { level: 'ok', about, text, advice: null };
}

/** It works, and should be otherwise all the same. */
export function warn(about: string, text: string, advice: string): Check {
  return { level: 'warn', about, text, advice };
}

/** It keeps the cluster from doing its work. */
export function fail(about: string, text: string, advice: string): Check {
  return { level: 'fail', about, text, advice };
}

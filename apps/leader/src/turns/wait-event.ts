import type { RunEvent, RunHeader, Turn } from '@petit/model';

/** That it is not the turn of a run. */
export type Wait = Extract<Turn, { kind: 'wait' }>;

/** Whether a reason is to be stored: another one, or the same in what other jobs have not done. */
export function isNews({ reason: why }: Wait, { wait }: RunHeader): boolean {
  if (wait?.token !== why.token) return true;
  return why.token === 'waits_for_jobs' && wait.text !== why.text;
}

/** Puts on record what a run waits for; its instant stays. */
export function waitEvent({ reason: why }: Wait, { notBefore }: RunHeader): RunEvent {
  return { kind: 'wait', reason: why, notBefore };
}

/** What other jobs have done counts once nothing of its own holds a run back: then it is asked. */
export function isTooEarlyToAsk({ for: waitsFor }: Wait): boolean {
  return waitsFor === 'instant' || waitsFor === 'resume';
}

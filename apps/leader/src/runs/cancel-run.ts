import { isRunEnded, PetitError, reason, type RunId } from '@petit/model';
import type { Term } from '../term/term.js';
import { findRun } from './find-run.js';

/** Asks for the end of a run in somebody's name. Throws NOT_FOUND, and CONFLICT for a run that has ended. */
export async function cancelRun(term: Term, id: RunId, by: string): Promise<void> {
  const { header } = await findRun(term, id);
  if (isRunEnded(header.state))
    throw new PetitError('CONFLICT', `run ${id} is ${header.state} already`);
  const why = reason('cancel_requested', `${by} asked for it`);
  await term.runs.book.change(id, () => [{ kind: 'cancel', reason: why, onlyBeforeStart: false }]);
}

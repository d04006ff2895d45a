import { PetitError, type RunHeader, type RunId } from '@petit/model';
import type { StoredRun } from '@petit/store/leader';
import type { Term } from '../term/term.js';
import type { Definition } from './definition-source.js';

/** A run with its definition, whether it is live or only stored. */
export interface FoundRun {
  readonly header: RunHeader;
  readonly tasks: StoredRun['tasks'];
  /** Null when nobody has it any more: such a run has ended, and is shown as far as its records go. */
  readonly definition: Definition | null;
}

/** A run as the leader has it, else as it is stored. Throws NOT_FOUND. */
export async function findRun(term: Term, id: RunId): Promise<FoundRun> {
  const live = term.runs.book.get(id);
  if (live !== null)
    return { header: live.view.header, tasks: live.view.tasks, definition: live.definition };
  const stored = await term.context.stores.runs.read(id);
  if (stored === null) throw new PetitError('NOT_FOUND', `there is no run ${id}`);
  const definition = await term.jobs.definitions.find(stored.header.definitionHash);
  return { header: stored.header, tasks: stored.tasks, definition };
}

import { PetitError, type RunView } from '@petit/model';
import type { Term } from '../term/term.js';
import type { Definition } from './definition-source.js';

/** A run that is not the consequence of a tick. */
export interface RunToCreate {
  readonly definition: Definition;
  /** As `newRun` makes it: whether it begins at once is decided here. */
  readonly view: RunView;
  /** What it has to wait for of other jobs, in words; null when it waits for none. */
  readonly unmet: string | null;
}

/**
 * Stores a new run, begun if it is its turn, and takes it over; false when its id is known already. Throws NOT_LEADER.
 */
export async function createRun(
  term: Term,
  { definition, view, unmet }: RunToCreate,
): Promise<boolean> {
  const { runs, context } = term;
  const { leadership } = context.options;
  leadership.assertActing();
  const claimed = runs.turns.claim({ definition, view }, unmet);
  try {
    const { header, tasks } = view;
    const commitId = runs.book.nextCommitId();
    const answer = await context.stores.runs.create(leadership.fence, { commitId, header, tasks });
    switch (answer) {
      case 'created':
        runs.book.introduce(definition, view);
        return true;
      case 'exists':
        return false;
      case 'deposed':
        throw new PetitError('NOT_LEADER', 'another leader has taken over');
      default:
        return answer satisfies never;
    }
  } finally {
    claimed();
  }
}

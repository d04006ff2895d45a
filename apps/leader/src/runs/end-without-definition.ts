import {
  advance,
  applyAdvance,
  attemptIdOf,
  endWithoutGraph,
  isRunEnded,
  NO_GRAPH,
  PetitError,
  reason,
  viewRun,
  type RunView,
  type TaskKey,
} from '@petit/model';
import type { CommitAnswer, RunCommit, StoredRun } from '@petit/store/leader';
import type { RunListener, RunningAttempt } from './run-listener.js';

export interface EndWithoutDefinitionOptions {
  /** The run as it stands; null when it is gone. */
  readonly read: () => Promise<StoredRun | null>;
  readonly commit: (move: Omit<RunCommit, 'fence' | 'commitId'>) => Promise<CommitAnswer>;
  readonly listener: RunListener;
  /** The wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** How often it is planned anew on what Redis has by then. */
  readonly tries: number;
}

/**
 * Ends a run whose definition nobody has any more, in one move, so that it does not stay live for ever. What runs of it
 * is told to stop first: who takes over between the two does both again. Throws NOT_LEADER when another leads.
 */
export async function endWithoutDefinition(
  options: EndWithoutDefinitionOptions,
): Promise<'ended' | 'gone' | 'refused'> {
  const { read, commit, listener, now, tries } = options;
  for (let tried = 0; tried <= tries; tried += 1) {
    const stored = await read();
    if (stored === null || isRunEnded(stored.header.state)) return 'gone';
    const view = viewWithLeaves(stored, now());
    listener.stopped(runningAttempts(view));
    const withoutLeave = placementsOf(view);
    const why = reason(
      'definition_gone',
      `its definition ${stored.header.definitionHash} is gone, so nobody knows what its tasks are`,
    );
    const { header, tasks } = endWithoutGraph(view, why, now());
    const answer = await commit({
      rev: stored.rev,
      header,
      tasks,
      withoutLeave,
      reportIds: [],
    });
    switch (answer) {
      case 'committed':
        listener.endedAsStored({ header, tasks });
        return 'ended';
      case 'deposed':
        listener.deposed();
        throw new PetitError('NOT_LEADER', 'another leader has taken over');
      case 'left':
      case 'conflict':
        break;
      default:
        answer satisfies never;
    }
  }
  return 'refused';
}

/** A leave that was given is a fact, whether or not a leader has heard of it: such a task may run. */
function viewWithLeaves({ header, tasks, leaves }: StoredRun, now: number): RunView {
  const view = viewRun({ header, tasks, graph: NO_GRAPH });
  for (const [key, { placement, leftAt }] of leaves) {
    const node = view.tasks.get(key)?.node ?? null;
    if (node === null) continue;
    const move = advance(view, { kind: 'leave', key, placement, node, leftAt }, now);
    if (move.kind === 'moved') applyAdvance(view, move);
  }
  return view;
}

function runningAttempts({ header, tasks }: RunView): RunningAttempt[] {
  return [...tasks].flatMap(([key, { state, node, attempt }]) =>
    state === 'running' && node !== null
      ? [{ node, attemptId: attemptIdOf(header.id, key, attempt) }]
      : [],
  );
}

function placementsOf({ tasks }: RunView): Map<TaskKey, number> {
  const placed = [...tasks].filter(([, { state }]) => state === 'placed');
  return new Map(placed.map(([key, { placement }]) => [key, placement]));
}

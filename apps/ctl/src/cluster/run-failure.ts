import { PetitError } from '@petit/model';
import type { RunDetailView, TaskView } from '@petit/protocol';

const MAX_NAMED = 5;

/** RUN_FAILED, naming what went wrong, for a run that did not complete; null for one that did. */
export function runFailure({ run, tasks }: RunDetailView): PetitError | null {
  if (run.state === 'completed') return null;
  const bad = tasks.filter(
    ({ key, state }) => ['failed', 'lost'].includes(state) && !hasInstances(key, tasks),
  );
  const named = bad.slice(0, MAX_NAMED).map(whatHappened);
  const more = bad.length > named.length ? [`and ${bad.length - named.length} more tasks`] : [];
  const why = run.reason === null ? [] : [run.reason.text];
  const lines = [`run ${run.id} of ${run.jobId} is ${run.state}`, ...named, ...more];
  return new PetitError('RUN_FAILED', (named.length > 0 ? lines : [...lines, ...why]).join('\n'), {
    details: { runId: run.id, state: run.state },
  });
}

function whatHappened({ key, state, node, error, reason }: TaskView): string {
  const where = node === null ? '' : ` on ${node}`;
  const why = error ?? reason?.text;
  return `${key} ${state}${where}${why === undefined ? '' : `: ${why}`}`;
}

function hasInstances(key: string, tasks: readonly TaskView[]): boolean {
  return tasks.some((task) => task.key.startsWith(`${key}@`));
}

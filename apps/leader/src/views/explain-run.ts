import { reason, startDeadlineAt, type RunHeader, type RunId, type TickRecord } from '@petit/model';
import type { ExplainView } from '@petit/protocol';
import { findRun } from '../runs/find-run.js';
import type { Term } from '../term/term.js';
import { explainRun } from './explain.js';

const RECONCILING = reason(
  'reconciling',
  'Redis was restarted: placing waits until the workers have announced their journals',
);

/** Says why a run is as it is, by what was stored with each decision. Throws NOT_FOUND. */
export async function explainRunOf(term: Term, id: RunId): Promise<ExplainView> {
  const { header, tasks, definition } = await findRun(term, id);
  return explainRun({
    header,
    tasks,
    tick: await tickOf(term, header),
    waitReason: (key) => (term.isReconciling ? RECONCILING : term.runs.placer.waitReason(id, key)),
    startDeadlineAt: startDeadlineAt(header, definition?.job ?? { startDeadlineMs: null }),
  });
}

async function tickOf({ context }: Term, { id, trigger }: RunHeader): Promise<TickRecord | null> {
  if (trigger.kind !== 'schedule') return null;
  return context.stores.ticks.read(trigger.scheduleId, trigger.tickAt, id);
}

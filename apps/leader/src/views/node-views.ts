import type { NodeView } from '@petit/protocol';
import type { RunBook } from '../runs/run-book.js';
import { closureOf, type KnownNode } from '../nodes/node-book.js';

/** A node as the API shows it, with what runs there. */
export function viewOfNode(known: KnownNode, book: RunBook): NodeView {
  return {
    node: known.node,
    state: known.state,
    closed: known.state === 'unseen' ? null : closureOf(known),
    labels: known.labels,
    slots: known.announcement?.slots ?? 0,
    usedSlots: known.usedSlots,
    version: known.announcement?.version ?? null,
    lastSeenAt: known.lastSeenAt,
    running: runningOn(known, book),
  };
}

function runningOn(known: KnownNode, book: RunBook): NodeView['running'] {
  if (known.runningSlots === 0) return [];
  const running: { runId: string; key: string; jobId: string }[] = [];
  for (const run of book.all()) {
    for (const [key, record] of run.view.tasks) {
      if (record.node !== known.node || record.state !== 'running') continue;
      running.push({ runId: run.view.header.id, key, jobId: run.view.header.jobId });
    }
  }
  return running;
}

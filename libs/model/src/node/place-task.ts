import type { NodeName } from '../ids.js';
import { reason, type Reason } from '../run/reason.js';
import { matchesLabels, type Labels, type NodeRoom, type Requirement } from './node.js';

/** Where a task goes, or why it waits. */
export type Placement =
  | { readonly kind: 'node'; readonly node: NodeName }
  | { readonly kind: 'waits'; readonly reason: Reason };

/**
 * Chooses the node for one task: it fits, is live, takes new work and has room; of those the one with the smallest
 * share of its slots in use, and among equals the first by name, so that the same question has the same answer.
 */
export function placeTask(need: Requirement, nodes: Iterable<NodeRoom>): Placement {
  let best: NodeRoom | null = null;
  const refusals: Refusals = { total: 0, unfit: 0, away: 0, closed: 0, small: 0, full: 0 };
  for (const room of nodes) {
    const refusal = refusalOf(need, room);
    refusals.total += 1;
    if (refusal !== null) refusals[refusal] += 1;
    else if (best === null || isBetter(room, best)) best = room;
  }
  return best === null
    ? { kind: 'waits', reason: waitReason(need, refusals) }
    : { kind: 'node', node: best.node };
}

/** Whether a task would fit a node if the node were idle; an `every: true` task fans out over these. */
export function fitsNode(need: Requirement, room: NodeRoom): boolean {
  const refusal = refusalOf(need, room);
  return refusal === null || refusal === 'full';
}

type Refusal = 'unfit' | 'away' | 'closed' | 'small' | 'full';
type Refusals = Record<Refusal | 'total', number>;

function refusalOf(need: Requirement, room: NodeRoom): Refusal | null {
  if (need.node !== null && need.node !== room.node) return 'unfit';
  if (!answersSelector(room, need.runsOn)) return 'unfit';
  if (room.state !== 'live') return 'away';
  if (room.closed !== null) return 'closed';
  if (need.slots > room.slots) return 'small';
  return room.usedSlots + need.slots > room.slots + room.aheadSlots ? 'full' : null;
}

/** The name of a node is the one label `node` that it has, whatever it says of itself. */
function answersSelector(room: NodeRoom, { node, ...facts }: Labels): boolean {
  return (node === undefined || node === room.node) && matchesLabels(room.labels, facts);
}

function isBetter(room: NodeRoom, best: NodeRoom): boolean {
  const difference = room.usedSlots * best.slots - best.usedSlots * room.slots;
  return difference < 0 || (difference === 0 && room.node < best.node);
}

function waitReason(need: Requirement, refusals: Refusals): Reason {
  const wanted = describeNeed(need);
  if (refusals.full > 0) {
    return reason(
      'no_room',
      `waits for ${need.slots} free slot(s): ${refusals.full} node(s) that fit ${wanted} are full`,
    );
  }
  if (refusals.total === 0)
    return reason('no_fitting_node', 'waits for a node: no worker has joined yet');
  const parts = [
    refusals.unfit > 0 ? `${refusals.unfit} do not have ${wanted}` : null,
    refusals.away > 0 ? `${refusals.away} are not live` : null,
    refusals.closed > 0 ? `${refusals.closed} take nothing new` : null,
    refusals.small > 0 ? `${refusals.small} have fewer than ${need.slots} slots in all` : null,
  ].filter((part) => part !== null);
  return reason(
    'no_fitting_node',
    `waits for a fitting node: of ${refusals.total}, ${parts.join(', ')}`,
  );
}

function describeNeed(need: Requirement): string {
  const labels = Object.entries(need.runsOn).map(([label, value]) => `${label}=${value}`);
  if (need.node !== null) labels.unshift(`node=${need.node}`);
  return labels.length === 0 ? 'it' : labels.join(', ');
}

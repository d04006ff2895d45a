import { z } from 'zod';
import { nodeNameSchema, type NodeName } from '../ids.js';

/** How a leader sees a node. */
export const NODE_STATES = ['live', 'suspect', 'lost', 'unseen'] as const;
export type NodeState = (typeof NODE_STATES)[number];

/** Labels of a node: facts, detected or set by hand. */
export type Labels = Readonly<Record<string, string>>;

/** What `placeTask` looks at of a node. */
export interface NodeRoom {
  readonly node: NodeName;
  readonly state: NodeState;
  readonly labels: Labels;
  /** Takes nothing new: cordoned, draining, or not ready for a reason that it gives. */
  readonly closed: string | null;
  readonly slots: number;
  /** Slots of what is placed there and has not ended. */
  readonly usedSlots: number;
  /** How much more than `slots` may be placed there, so that short tasks do not wait for a round trip. */
  readonly aheadSlots: number;
}

/** What a task asks of a node. */
export interface Requirement {
  readonly runsOn: Labels;
  readonly slots: number;
  /** Only this node: an instance of an `every: true` task. */
  readonly node: NodeName | null;
}

export const memberSchema = z.strictObject({
  v: z.literal(1),
  node: nodeNameSchema,
  /** Ed25519, raw 32 bytes, base64url. */
  publicKey: z.string(),
  joinedAt: z.int(),
});
/** A worker's place in the cluster; the leader signs it. */
export type Member = z.infer<typeof memberSchema>;

/** Whether labels answer a selector: each asked-for label is there with that value. */
export function matchesLabels(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(
    ([label, value]) => Object.hasOwn(labels, label) && labels[label] === value,
  );
}

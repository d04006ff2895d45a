import { PRESENCE, type Announcement, type Beat } from '@petit/protocol';
import type { AttemptId, Labels, NodeName, NodeRoom, NodeState } from '@petit/model';

/** A board as the leader knows it. Monotonic instants are milliseconds of the leader's own clock that never jumps. */
export interface KnownNode {
  readonly node: NodeName;
  state: NodeState;
  announcement: Announcement | null;
  /** As announced, and its name as one of them. */
  labels: Labels;
  /** Closed by a person. */
  cordoned: boolean;
  /** Slots of everything placed there that has not ended. */
  usedSlots: number;
  /** Slots of what has leave. */
  runningSlots: number;
  /** Monotonic; when a sign of life came last, or the watch began. */
  heardAt: number;
  /** Wall clock; null before the first sign of life. */
  lastSeenAt: number | null;
}

export interface NodeBookOptions {
  readonly monotonicNow: () => number;
  readonly now: () => number;
  /** A node's state, labels or closure changed. */
  readonly onChange: (node: KnownNode, before: NodeState) => void;
}

/** How much is placed on a node beyond its slots, so that short tasks do not wait for a round trip. */
export function aheadSlots(slots: number): number {
  return Math.max(2, Math.ceil(slots / 2));
}

/**
 * What the leader knows of every member node, and how it judges whether one is alive: by its own monotonic clock, and
 * only by time in which it was itself listening. `watchAnew` starts all clocks again after it was deaf.
 */
export class NodeBook {
  readonly #options: NodeBookOptions;
  readonly #nodes = new Map<NodeName, KnownNode>();
  readonly #holders = new Map<AttemptId, NodeName>();

  constructor(options: NodeBookOptions) {
    this.#options = options;
  }

  get(node: NodeName): KnownNode | null {
    return this.#nodes.get(node) ?? null;
  }

  all(): Iterable<KnownNode> {
    return this.#nodes.values();
  }

  /** Adds a member; one that is known stays as it is. */
  add(node: NodeName): KnownNode {
    const known = this.#nodes.get(node);
    if (known !== undefined) return known;
    const added: KnownNode = {
      node,
      state: 'unseen',
      announcement: null,
      labels: { node },
      cordoned: false,
      usedSlots: 0,
      runningSlots: 0,
      heardAt: this.#options.monotonicNow(),
      lastSeenAt: null,
    };
    this.#nodes.set(node, added);
    return added;
  }

  /** Takes what a node says of itself. `heard`: it says so now, it was not only found stored. */
  announced(announcement: Announcement, heard: boolean): void {
    const known = this.add(announcement.node);
    const before = known.state;
    for (const attemptId of known.announcement?.begun ?? []) {
      if (this.#holders.get(attemptId) === known.node) this.#holders.delete(attemptId);
    }
    for (const attemptId of announcement.begun) this.#holders.set(attemptId, known.node);
    known.announcement = announcement;
    known.labels = { ...announcement.labels, node: known.node };
    if (heard) this.#hear(known);
    this.#options.onChange(known, before);
  }

  /** The board in whose journal an attempt has begun, as far as boards have said so; null where none has it. */
  holderOf(attemptId: AttemptId): NodeName | null {
    return this.#holders.get(attemptId) ?? null;
  }

  /** Takes a sign of life; answers false when the node's announcement in it is not the one that is known. */
  beat(beat: Beat): boolean {
    const known = this.add(beat.node);
    const before = known.state;
    this.#hear(known);
    if (before !== known.state) this.#options.onChange(known, before);
    const { announcement } = known;
    return announcement?.agentId === beat.agentId && announcement.seq === beat.announcement;
  }

  setCordon(node: NodeName, cordoned: boolean): void {
    const known = this.add(node);
    if (known.cordoned === cordoned) return;
    known.cordoned = cordoned;
    this.#options.onChange(known, known.state);
  }

  /** Starts every clock again: this leader did not listen for a while, so silence says nothing. */
  watchAnew(): void {
    const now = this.#options.monotonicNow();
    for (const known of this.#nodes.values()) known.heardAt = now;
  }

  /** Judges silence: `suspect` after 15 s, `lost` after 30 s. */
  judge(): void {
    const now = this.#options.monotonicNow();
    for (const known of this.#nodes.values()) {
      const before = known.state;
      known.state = judgeSilence(before, now - known.heardAt);
      if (known.state !== before) this.#options.onChange(known, before);
    }
  }

  /** What `placeTask` looks at, of every node. */
  *rooms(): Iterable<NodeRoom> {
    for (const known of this.#nodes.values()) yield roomOf(known);
  }

  #hear(known: KnownNode): void {
    known.heardAt = this.#options.monotonicNow();
    known.lastSeenAt = this.#options.now();
    known.state = 'live';
  }
}

/** The state of a node that was silent for so long. */
function judgeSilence(state: NodeState, silentMs: number): NodeState {
  if (silentMs >= PRESENCE.lostAfterMs) return 'lost';
  if (state === 'live' && silentMs >= PRESENCE.suspectAfterMs) return 'suspect';
  return state;
}

/** Why a node takes nothing new, or null. */
export function closureOf(known: KnownNode): string | null {
  if (known.cordoned) return 'cordoned';
  return known.announcement === null ? 'has not announced itself' : known.announcement.closed;
}

function roomOf(known: KnownNode): NodeRoom {
  const slots = known.announcement?.slots ?? 0;
  return {
    node: known.node,
    state: known.state,
    labels: known.labels,
    closed: closureOf(known),
    slots,
    usedSlots: known.usedSlots,
    aheadSlots: aheadSlots(slots),
  };
}

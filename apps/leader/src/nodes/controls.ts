import type { AttemptId, NodeName } from '@petit/model';
import { controlRecordSchema, type ControlRecord } from '@petit/protocol';

export interface ControlsOptions {
  /** Stores a control record and nudges its node. */
  readonly publish: (node: NodeName, record: ControlRecord) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

interface Wanted {
  rev: number;
  readonly stop: Set<AttemptId>;
  cordon: boolean;
  /** Attempt to the number of people who follow it. */
  readonly follow: Map<AttemptId, number>;
}

/**
 * What is wanted of each worker, as a level: each change is published as the whole record under a higher rev, many
 * changes of one turn as one. A publication that fails is made again with the next change or by `publishAll`.
 */
export class Controls {
  readonly #options: ControlsOptions;
  readonly #wanted = new Map<NodeName, Wanted>();
  readonly #nodeOfStop = new Map<AttemptId, NodeName>();
  readonly #asked = new Set<NodeName>();

  constructor(options: ControlsOptions) {
    this.#options = options;
  }

  /** Adds a node of which nothing is wanted yet, so that `publishAll` nudges it too. */
  add(node: NodeName): void {
    this.#of(node);
  }

  /** Takes over a record that an earlier leader stored: its rev, and whether a person closed the node. */
  takeOver(node: NodeName, stored: unknown): void {
    const record = controlRecordSchema.safeParse(stored);
    if (!record.success) return;
    const wanted = this.#of(node);
    wanted.rev = Math.max(wanted.rev, record.data.rev);
    wanted.cordon = record.data.cordon;
  }

  isCordoned(node: NodeName): boolean {
    return this.#wanted.get(node)?.cordon ?? false;
  }

  cordon(node: NodeName, cordon: boolean): void {
    this.#of(node).cordon = cordon;
    this.#ask(node);
  }

  stop(node: NodeName, attempt: AttemptId): void {
    if (this.#nodeOfStop.has(attempt)) return;
    this.#nodeOfStop.set(attempt, node);
    this.#of(node).stop.add(attempt);
    this.#ask(node);
  }

  dropStop(attempt: AttemptId): void {
    const node = this.#nodeOfStop.get(attempt);
    if (node === undefined) return;
    this.#nodeOfStop.delete(attempt);
    this.#of(node).stop.delete(attempt);
    this.#ask(node);
  }

  /** Wants the output of an attempt as it comes; the answer ends the wish. */
  follow(node: NodeName, attempt: AttemptId): () => void {
    const { follow } = this.#of(node);
    follow.set(attempt, (follow.get(attempt) ?? 0) + 1);
    this.#ask(node);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (follow.get(attempt) ?? 1) - 1;
      if (left > 0) follow.set(attempt, left);
      else follow.delete(attempt);
      this.#ask(node);
    };
  }

  /** Publishes every record again: after an outage, or as a new leader. */
  publishAll(): void {
    for (const node of this.#wanted.keys()) this.#ask(node);
  }

  #of(node: NodeName): Wanted {
    const known = this.#wanted.get(node);
    if (known !== undefined) return known;
    const fresh: Wanted = { rev: 0, stop: new Set(), cordon: false, follow: new Map() };
    this.#wanted.set(node, fresh);
    return fresh;
  }

  #ask(node: NodeName): void {
    if (this.#asked.has(node)) return;
    this.#asked.add(node);
    queueMicrotask(() => {
      this.#asked.delete(node);
      this.#publish(node);
    });
  }

  #publish(node: NodeName): void {
    const wanted = this.#of(node);
    wanted.rev += 1;
    const record: ControlRecord = {
      v: 1,
      rev: wanted.rev,
      stop: [...wanted.stop],
      cordon: wanted.cordon,
      follow: [...wanted.follow.keys()],
    };
    this.#options.publish(node, record).catch(this.#options.onError);
  }
}

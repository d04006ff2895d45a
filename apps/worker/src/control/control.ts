import type { AttemptId, NodeName } from '@petit/model';
import type { ControlRecord } from '@petit/protocol';
import type { WorkerStore } from '@petit/store/worker';

const NOTHING_WANTED: ControlRecord = { v: 1, rev: 0, stop: [], cordon: false, follow: [] };

/**
 * What a leader wants of this worker. It is a level, so it is read whole at each connect, beat and nudge and acted on
 * each time: what was missed or failed once is done the next time.
 */
export class Control {
  readonly #store: Pick<WorkerStore, 'readControl'>;
  readonly #node: NodeName;
  #record: ControlRecord = NOTHING_WANTED;

  constructor(store: Pick<WorkerStore, 'readControl'>, node: NodeName) {
    this.#store = store;
    this.#node = node;
  }

  get record(): ControlRecord {
    return this.#record;
  }

  isStopWanted(attemptId: AttemptId): boolean {
    return this.#record.stop.includes(attemptId);
  }

  /** Reads it. A record that is gone, or is not of this form, wants nothing. */
  async read(): Promise<ControlRecord> {
    this.#record = (await this.#store.readControl(this.#node)) ?? NOTHING_WANTED;
    return this.#record;
  }
}

import type { KeyObject } from 'node:crypto';
import type { JobId } from '@petit/model';
import type { ClusterStore } from '@petit/store/leader';
import type { Definition, DefinitionSource } from '../runs/definition-source.js';
import { openDefinition } from './signed-definition.js';

/** How many definitions that no loaded job has any more are kept in memory for old runs. */
const OLD_ONES_KEPT = 200;

/** The jobs in force, and older definitions that runs were started from. */
export class DefinitionBook implements DefinitionSource {
  readonly #store: ClusterStore;
  readonly #publicKey: KeyObject;
  #jobs: ReadonlyMap<JobId, Definition> = new Map();
  readonly #byHash = new Map<string, Definition>();

  /** Only what `publicKey`, the cluster's, has signed is taken from the store. */
  constructor(store: ClusterStore, publicKey: KeyObject) {
    this.#store = store;
    this.#publicKey = publicKey;
  }

  get jobs(): ReadonlyMap<JobId, Definition> {
    return this.#jobs;
  }

  /** Puts a whole set in force. */
  replace(definitions: Iterable<Definition>): void {
    this.#jobs = new Map([...definitions].map((definition) => [definition.job.id, definition]));
    for (const definition of this.#jobs.values()) this.#keep(definition);
  }

  /** Finds a definition in memory, else in Redis; null when nobody has it that was loaded by a leader. */
  async find(hash: string): Promise<Definition | null> {
    const known = this.#byHash.get(hash);
    if (known !== undefined) return known;
    const stored = await this.#store.readDefinition(hash);
    const expected = { hash, publicKey: this.#publicKey };
    const definition = stored === null ? null : openDefinition(stored, expected);
    if (definition !== null) this.#keep(definition);
    return definition;
  }

  #keep(definition: Definition): void {
    this.#byHash.set(definition.hash, definition);
    if (this.#byHash.size <= this.#jobs.size + OLD_ONES_KEPT) return;
    for (const [hash, { job }] of this.#byHash) {
      if (this.#jobs.get(job.id)?.hash === hash) continue;
      this.#byHash.delete(hash);
      return;
    }
  }
}

import type { KeyObject } from 'node:crypto';
import {
  definitionSetSchema,
  open,
  seal,
  type DefinitionSet,
  type SigningKey,
} from '@petit/protocol';
import type { ClusterStore, Fence } from '@petit/store/leader';
import { PetitError, type ScheduleId } from '@petit/model';
import type { Definition } from '../runs/definition-source.js';
import { openDefinition, signDefinition } from './signed-definition.js';

/** Definition sets in Redis: what is in force, signed by a leader of this cluster. */
export class DefinitionSets {
  readonly #store: ClusterStore;
  readonly #clusterKey: SigningKey;
  readonly #publicKey: KeyObject;

  constructor(options: {
    readonly store: ClusterStore;
    readonly clusterKey: SigningKey;
    readonly publicKey: KeyObject;
  }) {
    this.#store = options.store;
    this.#clusterKey = options.clusterKey;
    this.#publicKey = options.publicKey;
  }

  /** The set in force; null when there is none, or none that this cluster's key has signed. */
  async read(): Promise<DefinitionSet | null> {
    const signed = await this.#store.readDefinitionSet();
    if (signed === null) return null;
    const opened = open(signed, {
      publicKey: this.#publicKey,
      kind: 'definition-set',
      schema: definitionSetSchema,
    });
    return opened.ok ? opened.value : null;
  }

  /** The definitions of a set, each verified; those that are missing are left out. */
  async readDefinitions(set: DefinitionSet): Promise<Definition[]> {
    const found: Definition[] = [];
    for (const hash of Object.values(set.jobs)) {
      const stored = await this.#store.readDefinition(hash);
      const expected = { hash, publicKey: this.#publicKey };
      const definition = stored === null ? null : openDefinition(stored, expected);
      if (definition !== null) found.push(definition);
    }
    return found;
  }

  /** Puts a set in force, with the definitions in it. Throws NOT_LEADER when another leads. */
  async store(
    fence: Fence,
    set: {
      readonly definitions: readonly Definition[];
      readonly textOf: (definition: Definition) => string;
      readonly source: string;
      readonly loadedAt: number;
      /** Of schedules that begin with this set. */
      readonly watermarks: ReadonlyMap<ScheduleId, number>;
    },
  ): Promise<void> {
    const value: DefinitionSet = {
      v: 1,
      jobs: Object.fromEntries(set.definitions.map(({ job, hash }) => [job.id, hash])),
      loadedAt: set.loadedAt,
      source: set.source,
    };
    const texts = new Map(
      set.definitions.map((definition) => [
        definition.hash,
        signDefinition(this.#clusterKey, set.textOf(definition)),
      ]),
    );
    const answer = await this.#store.putDefinitions(fence, {
      set: seal(this.#clusterKey, 'definition-set', value),
      definitions: texts,
      watermarks: set.watermarks,
    });
    if (answer === 'deposed') throw new PetitError('NOT_LEADER', 'another leader has taken over');
  }
}

/** Whether two sets name the same definitions for the same jobs. */
export function sameJobs(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

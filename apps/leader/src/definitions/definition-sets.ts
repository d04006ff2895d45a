import type { KeyObject } from 'node:crypto';
import {
  definitionSetSchema,
  open,
  seal,
  type DefinitionSet,
  type SigningKey,
} from '@petit/protocol';
import type { ClusterStore, Fence } from '@petit/store/leader';
import { PetitError, type ClusterLimits, type ScheduleId } from '@petit/model';
import type { Definition } from '../runs/definition-source.js';
import { openDefinition, signDefinition } from './signed-definition.js';

/** So many definitions are read in one round trip, and verified in one turn of the event loop. */
const READ_AT_ONCE = 100;

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

  /**
   * The definitions of a set; those that are missing are left out. One that is among `known` is what its content address
   * says, and not read; every other is verified.
   */
  async readDefinitions(set: DefinitionSet, known: readonly Definition[]): Promise<Definition[]> {
    const byHash = new Map(known.map((definition) => [definition.hash, definition]));
    const hashes = Object.values(set.jobs);
    const unknown = hashes.filter((hash) => !byHash.has(hash));
    for (let first = 0; first < unknown.length; first += READ_AT_ONCE) {
      const part = unknown.slice(first, first + READ_AT_ONCE);
      const stored = await this.#store.readDefinitions(part);
      for (const [hash, text] of stored) {
        const definition = openDefinition(text, { hash, publicKey: this.#publicKey });
        if (definition !== null) byHash.set(hash, definition);
      }
    }
    return hashes.flatMap((hash) => byHash.get(hash) ?? []);
  }

  /** Puts a set in force, with the definitions in it. Throws NOT_LEADER when another leads. */
  async store(
    fence: Fence,
    set: {
      readonly definitions: readonly Definition[];
      readonly limits: ClusterLimits;
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
      limits: set.limits,
      loadedAt: set.loadedAt,
      source: set.source,
    };
    const answer = await this.#store.putDefinitions(fence, {
      set: seal(this.#clusterKey, 'definition-set', value),
      definitions: this.#signed(set.definitions, set.textOf),
      watermarks: set.watermarks,
    });
    if (answer === 'deposed') throw new PetitError('NOT_LEADER', 'another leader has taken over');
  }

  /** Content address and signed text of each, made when they are asked for. */
  *#signed(
    definitions: readonly Definition[],
    textOf: (definition: Definition) => string,
  ): Iterable<readonly [string, string]> {
    for (const definition of definitions)
      yield [definition.hash, signDefinition(this.#clusterKey, textOf(definition))];
  }
}

/** What of a set decides whether another one is the same. */
export type SetContent = Pick<DefinitionSet, 'jobs' | 'limits'>;

/** Whether two sets name the same definitions for the same jobs, and the same limits. */
export function isSameSet(a: SetContent, b: SetContent): boolean {
  const hashes = new Map(Object.entries(b.jobs));
  const jobs = Object.entries(a.jobs);
  const sameJobs =
    jobs.length === hashes.size && jobs.every(([id, hash]) => hashes.get(id) === hash);
  return (
    sameJobs &&
    a.limits.maxConcurrentJobs === b.limits.maxConcurrentJobs &&
    a.limits.maxConcurrentTasks === b.limits.maxConcurrentTasks
  );
}

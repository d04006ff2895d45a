import { buildGraph, jobSchema, type Job, type JobId } from '@petit/model';
import { parseJson } from '@petit/protocol';
import type { ClusterStore } from '@petit/store/leader';
import type { Definition, DefinitionSource } from '../runs/definition-source.js';

/** How many definitions that no loaded job has any more are kept in memory for old runs. */
const OLD_ONES_KEPT = 200;

/** The jobs in force, and older definitions that runs were started from. */
export class DefinitionBook implements DefinitionSource {
  readonly #store: ClusterStore;
  #jobs: ReadonlyMap<JobId, Definition> = new Map();
  readonly #byHash = new Map<string, Definition>();

  constructor(store: ClusterStore) {
    this.#store = store;
  }

  get jobs(): ReadonlyMap<JobId, Definition> {
    return this.#jobs;
  }

  /** Puts a whole set in force. */
  replace(definitions: Iterable<Definition>): void {
    this.#jobs = new Map([...definitions].map((definition) => [definition.job.id, definition]));
    for (const definition of this.#jobs.values()) this.#keep(definition);
  }

  /** Finds a definition in memory, else in Redis; null when nobody has it. */
  async find(hash: string): Promise<Definition | null> {
    const known = this.#byHash.get(hash);
    if (known !== undefined) return known;
    const text = await this.#store.readDefinition(hash);
    const definition = text === null ? null : parseDefinition(hash, text);
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

/** A stored definition, or null when the text is none that this version reads. */
export function parseDefinition(hash: string, text: string): Definition | null {
  const job = jobSchema.safeParse(parseJson(text));
  return job.success ? defineJob(hash, job.data) : null;
}

/** A job with its graph, or null when the graph has problems: a loaded file never has. */
export function defineJob(hash: string, job: Job): Definition | null {
  const built = buildGraph(job.tasks);
  return built.ok ? { hash, job, graph: built.graph } : null;
}

import { NO_LIMITS, type ClusterLimits } from '@petit/model';
import type { Fence } from '@petit/store/leader';
import type { Definition } from '../runs/definition-source.js';
import type { DependentStarter } from '../dependents/dependent-starter.js';
import type { ScheduleLoader } from '../ticks/schedule-loader.js';
import type { DefinitionBook } from './definition-book.js';
import { isSameSet, type DefinitionSets } from './definition-sets.js';
import type { LoadedDirectory } from './job-directory.js';

export interface DefinitionDeskOptions {
  readonly fence: Fence;
  readonly book: DefinitionBook;
  readonly sets: DefinitionSets;
  readonly schedules: ScheduleLoader;
  readonly dependents: Pick<DependentStarter, 'begin' | 'apply'>;
  readonly textOf: (definition: Definition) => string;
  /** What this leader last loaded from its directory, as it stands on its disk. */
  readonly lastLoaded: {
    read(): Promise<string | null>;
    write(fingerprint: string): Promise<void>;
  };
  readonly now: () => number;
  /** Puts the limits of a set in force. */
  readonly limit: (limits: ClusterLimits) => void;
  readonly onChange: () => void;
  readonly log: { info(fields: object, message: string): void };
}

/**
 * Puts definition sets in force. The last set wins: at its start a leader goes on with the set in Redis, and loads its
 * own directory only where that has changed since it last did.
 */
export class DefinitionDesk {
  readonly #options: DefinitionDeskOptions;

  constructor(options: DefinitionDeskOptions) {
    this.#options = options;
  }

  /**
   * Begins a term: with the stored set, or with the directory where that is newer. Answers whether the directory is to
   * be loaded later: a set that begins has watermarks of now, which nobody knows while the clock is held (`mayLoad`).
   */
  async begin(
    directory: LoadedDirectory,
    { mayLoad }: { readonly mayLoad: boolean },
  ): Promise<boolean> {
    const { sets, lastLoaded } = this.#options;
    const stored = await sets.read();
    const before = stored === null ? [] : await sets.readDefinitions(stored, directory.definitions);
    const changed = (await lastLoaded.read()) !== directory.fingerprint;
    const jobs = Object.fromEntries(directory.definitions.map(({ job, hash }) => [job.id, hash]));
    const isSame = stored !== null && isSameSet(stored, { jobs, limits: directory.limits });
    const isNewer = stored === null || (changed && !isSame);
    const definitions = isSame ? directory.definitions : before;
    const limits = stored?.limits ?? NO_LIMITS;
    // Also where a newer one follows: what that lacks has its ticks up to now decided when it goes.
    if (stored !== null || !mayLoad)
      await this.#putInForce({ definitions, limits }, { before, source: null });
    if (isNewer && mayLoad) await this.load(directory, before);
    return isNewer && !mayLoad;
  }

  /** Puts what a directory holds now in force; `before` is what was in force until now. */
  async load(
    directory: LoadedDirectory,
    before: readonly Definition[] = [...this.#options.book.jobs.values()],
  ): Promise<void> {
    await this.#putInForce(directory, { before, source: directory.path });
    await this.#options.lastLoaded.write(directory.fingerprint);
  }

  /** `source` null: the set is stored already. */
  async #putInForce(
    { definitions, limits }: Pick<LoadedDirectory, 'definitions' | 'limits'>,
    { before, source }: { readonly before: readonly Definition[]; readonly source: string | null },
  ): Promise<void> {
    const { schedules, dependents, sets, book, fence, textOf, now } = this.#options;
    const loadedAt = now();
    const known = schedules.idsOf(before);
    const change = await schedules.plan(definitions, known, loadedAt);
    await schedules.retire(change, loadedAt);
    await dependents.begin(definitions, before);
    if (source !== null) {
      const watermarks = change.begins;
      await sets.store(fence, { definitions, limits, textOf, source, loadedAt, watermarks });
    }
    book.replace(definitions);
    this.#options.limit(limits);
    await schedules.apply(change);
    dependents.apply(definitions);
    this.#options.log.info(
      { jobs: definitions.length, schedules: change.schedules.length },
      'definitions_in_force',
    );
    this.#options.onChange();
  }
}

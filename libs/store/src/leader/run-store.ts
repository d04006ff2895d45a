import type { Redis } from 'ioredis';
import {
  parseRunId,
  PetitError,
  runHeaderSchema,
  taskKeySchema,
  taskRecordSchema,
  type EndedRun,
  type JobId,
  type RunHeader,
  type RunId,
  type TaskKey,
  type TaskRecord,
} from '@petit/model';
import { parseJson } from '@petit/protocol';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, oneOf, type Script } from '../shared/script.js';
import type { Fence } from './fence.js';

/** A run as it is stored. `rev` counts the moves of leaders. */
export interface StoredRun {
  readonly rev: number;
  readonly header: RunHeader;
  readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
  /** The last leave given for each task. */
  readonly leaves: ReadonlyMap<TaskKey, { readonly placement: number; readonly leftAt: number }>;
}

/** One planned move of a run: what changed, and what it rests on. */
export interface RunCommit {
  readonly fence: Fence;
  /** Unique to this move, so that it can be sent again after a lost answer. */
  readonly commitId: string;
  readonly rev: number;
  readonly header: RunHeader;
  readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
  /** Placements taken back by this move: it is refused if one of them was given leave. */
  readonly withoutLeave: ReadonlyMap<TaskKey, number>;
  /** Entries of the report stream that this move applies. */
  readonly reportIds: readonly string[];
}

export type CommitAnswer = 'committed' | 'conflict' | 'left' | 'deposed';

/** The run records: the truth about every run. */
export class RunStore {
  readonly #redis: Redis;
  readonly #create: Script = loadScript('leader/create-run');
  readonly #commit: Script = loadScript('leader/commit-run');
  readonly #remove: Script = loadScript('leader/remove-runs');

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Stores a new run; `exists` when its id is known already. */
  async create(
    fence: Fence,
    run: {
      readonly commitId: string;
      readonly header: RunHeader;
      readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
    },
  ): Promise<'created' | 'exists' | 'deposed'> {
    const { header, tasks, commitId } = run;
    const answer = await callScript(this.#redis, this.#create, {
      keys: [
        KEYS.lease,
        KEYS.counters,
        KEYS.run(header.id),
        KEYS.runs,
        KEYS.jobRuns(header.jobId),
        KEYS.liveRuns,
      ],
      args: [
        fence.epoch,
        fence.token,
        commitId,
        header.id,
        header.createdAt,
        JSON.stringify(header),
        tasks.size,
        ...taskArguments(tasks),
      ],
    });
    return oneOf(this.#create, answer, ['created', 'exists', 'deposed']);
  }

  /** Stores one move; the changed fields only. */
  async commit(move: RunCommit): Promise<CommitAnswer> {
    const { fence, header, tasks, withoutLeave, reportIds } = move;
    const answer = await callScript(this.#redis, this.#commit, {
      keys: [
        KEYS.lease,
        KEYS.counters,
        KEYS.run(header.id),
        KEYS.liveRuns,
        KEYS.reports,
        KEYS.endedRuns(header.jobId),
      ],
      args: [
        fence.epoch,
        fence.token,
        move.commitId,
        header.id,
        move.rev,
        JSON.stringify(header),
        header.endedAt ?? '',
        tasks.size,
        ...taskArguments(tasks),
        withoutLeave.size,
        ...[...withoutLeave].flat(),
        reportIds.length,
        ...reportIds,
      ],
    });
    return oneOf(this.#commit, answer, ['committed', 'conflict', 'left', 'deposed']);
  }

  /** The whole run, or null. Throws CORRUPT_RECORD when a field is not of the form this version reads. */
  async read(id: RunId): Promise<StoredRun | null> {
    const fields = await this.#redis.hgetall(KEYS.run(id));
    return fields['header'] === undefined ? null : parseRun(id, fields);
  }

  /** The headers of some runs, in the order asked for; those that are gone are left out. */
  async readHeaders(ids: readonly RunId[]): Promise<RunHeader[]> {
    if (ids.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const id of ids) pipeline.hget(KEYS.run(id), 'header');
    const answers = (await pipeline.exec()) ?? [];
    return answers.flatMap(([error, text], index) => {
      if (error !== null) throw error;
      const id = ids[index];
      return typeof text === 'string' && id !== undefined ? [parseHeader(id, text)] : [];
    });
  }

  /** The newest kept run of each of some jobs, in two round trips; a job that has none is left out. */
  async newestOf(jobIds: readonly JobId[]): Promise<Map<JobId, RunHeader>> {
    if (jobIds.length === 0) return new Map();
    const pipeline = this.#redis.pipeline();
    for (const jobId of jobIds) pipeline.zrevrange(KEYS.jobRuns(jobId), 0, 0);
    const ids = ((await pipeline.exec()) ?? []).flatMap(([error, found]) => {
      if (error !== null) throw error;
      const id = Array.isArray(found) ? parseRunId(String(found[0] ?? '')) : null;
      return id === null ? [] : [id];
    });
    return new Map((await this.readHeaders(ids)).map((header) => [header.jobId, header]));
  }

  /** Ids of kept runs, newest first; `before` is the last one of the page before. */
  async list(query: {
    readonly jobId: JobId | null;
    readonly limit: number;
    readonly before: RunId | null;
  }): Promise<RunId[]> {
    const key = query.jobId === null ? KEYS.runs : KEYS.jobRuns(query.jobId);
    const rank = query.before === null ? -1 : await this.#redis.zrevrank(key, query.before);
    if (rank === null || query.limit < 1) return [];
    const ids = await this.#redis.zrevrange(key, rank + 1, rank + query.limit);
    return ids.flatMap((text) => parseRunId(text) ?? []);
  }

  /**
   * A page of the ended runs of one job, the one that ended last first. `before` is where the page before had its
   * `next`, which is null once there is no more.
   */
  async listEnded(query: {
    readonly jobId: JobId;
    readonly limit: number;
    readonly before: number | null;
  }): Promise<{ readonly runs: readonly EndedRun[]; readonly next: number | null }> {
    const { jobId, limit, before } = query;
    const max = before === null ? '+inf' : `(${before}`;
    const range = [KEYS.endedRuns(jobId), max, '-inf', 'WITHSCORES', 'LIMIT', 0, limit] as const;
    const places = placesOf(await this.#redis.zrevrangebyscore(...range));
    const headers = await this.readHeaders([...places.keys()]);
    const runs = headers.flatMap(({ id, state, endedAt }) => {
      const endOrder = places.get(id);
      return endOrder === undefined || endedAt === null ? [] : [{ id, state, endedAt, endOrder }];
    });
    const last = [...places.values()].at(-1) ?? null;
    return { runs, next: places.size < limit ? null : last };
  }

  /** Ids of all runs that have not ended. */
  async listLive(): Promise<RunId[]> {
    const ids = await this.#redis.smembers(KEYS.liveRuns);
    return ids.flatMap((text) => parseRunId(text) ?? []);
  }

  /** The ids of the runs of a job beyond the newest `keep`, oldest first, `limit` at most. */
  async listSurplus(jobId: JobId, keep: number, limit: number): Promise<RunId[]> {
    const ids = await this.#redis.zrange(KEYS.jobRuns(jobId), 0, String(-1 - keep));
    return ids.slice(0, limit).flatMap((text) => parseRunId(text) ?? []);
  }

  /** Removes ended runs of one job with their output; a live one is left. */
  async remove(fence: Fence, jobId: JobId, ids: readonly RunId[]): Promise<'removed' | 'deposed'> {
    const answer = await callScript(this.#redis, this.#remove, {
      keys: [
        KEYS.lease,
        KEYS.counters,
        KEYS.runs,
        KEYS.jobRuns(jobId),
        KEYS.liveRuns,
        KEYS.endedRuns(jobId),
        ...ids.flatMap((id) => [KEYS.run(id), KEYS.logs(id)]),
      ],
      args: [fence.epoch, fence.token, ...ids],
    });
    return oneOf(this.#remove, answer, ['removed', 'deposed']);
  }
}

/** Members and scores in turn as a map. */
function placesOf(flat: readonly string[]): Map<RunId, number> {
  const places = new Map<RunId, number>();
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const id = parseRunId(flat[at] ?? '');
    if (id !== null) places.set(id, Number(flat[at + 1]));
  }
  return places;
}

/** Key and record of each task in turn, as the scripts take them. */
export function taskArguments(tasks: ReadonlyMap<TaskKey, TaskRecord>): string[] {
  return [...tasks].flatMap(([key, record]) => [key, JSON.stringify(record)]);
}

function parseRun(id: RunId, fields: Readonly<Record<string, string>>): StoredRun {
  const tasks = new Map<TaskKey, TaskRecord>();
  const leaves = new Map<TaskKey, { placement: number; leftAt: number }>();
  for (const [field, text] of Object.entries(fields)) {
    const colon = field.indexOf(':');
    if (colon < 0) continue;
    const key = taskKeySchema.safeParse(field.slice(colon + 1));
    if (!key.success) throw corrupt(id, field);
    if (field.startsWith('leave:')) leaves.set(key.data, parseLeave(text));
    if (!field.startsWith('task:')) continue;
    const record = taskRecordSchema.safeParse(parseJson(text));
    if (!record.success) throw corrupt(id, field);
    tasks.set(key.data, record.data);
  }
  return {
    rev: Number(fields['rev']),
    header: parseHeader(id, fields['header'] ?? ''),
    tasks,
    leaves,
  };
}

/** Reads `placement|node|boot id|when`; a node name and a boot id hold no bar. */
function parseLeave(text: string): { placement: number; leftAt: number } {
  const parts = text.split('|');
  return { placement: Number(parts[0]), leftAt: Number(parts[3]) };
}

function parseHeader(id: RunId, text: string): RunHeader {
  const header = runHeaderSchema.safeParse(parseJson(text));
  if (!header.success) throw corrupt(id, 'header');
  return header.data;
}

function corrupt(id: RunId, field: string): PetitError {
  return new PetitError(
    'CORRUPT_RECORD',
    `run ${id}: its field "${field}" is not of the form this version reads`,
  );
}

import type { Redis } from 'ioredis';
import { consumedSchema, jobIdSchema, type Consumed, type JobId } from '@petit/model';
import { parseJson } from '@petit/protocol';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, oneOf, type Script } from '../shared/script.js';
import type { Fence } from './fence.js';
import { taskArguments } from './run-store.js';
import type { NewRun } from './tick-store.js';

/** From where on the ended runs of `upstream` count for `jobId`. */
export interface ConsumedMark {
  readonly jobId: JobId;
  readonly upstream: JobId;
  readonly consumed: Consumed;
}

/** A run of a job that follows others, with what it consumes of each. */
export interface DependentStart {
  readonly fence: Fence;
  readonly commitId: string;
  readonly run: NewRun;
  readonly consumes: readonly {
    readonly upstream: JobId;
    /** What the planner read. */
    readonly before: Consumed;
    readonly after: Consumed;
  }[];
}

/** How far jobs that follow other jobs have consumed the runs of those. */
export class ConsumedStore {
  readonly #redis: Redis;
  readonly #mark: Script = loadScript('leader/mark-consumed');
  readonly #start: Script = loadScript('leader/start-dependent');

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** What a job has consumed, by upstream job. A mark that cannot be read is left out, as one that was never set. */
  async read(jobId: JobId): Promise<Map<JobId, Consumed>> {
    const found = new Map<JobId, Consumed>();
    for (const [name, text] of Object.entries(await this.#redis.hgetall(KEYS.consumed(jobId)))) {
      const upstream = jobIdSchema.safeParse(name);
      const consumed = consumedSchema.safeParse(parseJson(text));
      if (upstream.success && consumed.success) found.set(upstream.data, consumed.data);
    }
    return found;
  }

  /** Sets some marks, whatever is stored. */
  async mark(fence: Fence, marks: readonly ConsumedMark[]): Promise<'marked' | 'deposed'> {
    const answer = await callScript(this.#redis, this.#mark, {
      keys: [KEYS.lease, KEYS.counters, ...marks.map(({ jobId }) => KEYS.consumed(jobId))],
      args: [
        fence.epoch,
        fence.token,
        ...marks.flatMap(({ upstream, consumed }) => [upstream, textOf(consumed)]),
      ],
    });
    return oneOf(this.#mark, answer, ['marked', 'deposed']);
  }

  /** Stores a run and what it consumes, if what was consumed before is still what the planner read. */
  async start(start: DependentStart): Promise<'started' | 'exists' | 'stale' | 'deposed'> {
    const { fence, run, consumes } = start;
    const { header, tasks } = run;
    const answer = await callScript(this.#redis, this.#start, {
      keys: [
        KEYS.lease,
        KEYS.counters,
        KEYS.consumed(header.jobId),
        KEYS.run(header.id),
        KEYS.runs,
        KEYS.jobRuns(header.jobId),
        KEYS.liveRuns,
      ],
      args: [
        fence.epoch,
        fence.token,
        start.commitId,
        header.id,
        header.createdAt,
        JSON.stringify(header),
        consumes.length,
        ...consumes.flatMap(({ upstream, before, after }) => [
          upstream,
          textOf(before),
          textOf(after),
        ]),
        tasks.size,
        ...taskArguments(tasks),
      ],
    });
    return oneOf(this.#start, answer, ['started', 'exists', 'stale', 'deposed']);
  }
}

/** The same mark is the same text, so that the script can compare two. */
function textOf({ v, endOrder, runId, by }: Consumed): string {
  return JSON.stringify({ v, endOrder, runId, by });
}

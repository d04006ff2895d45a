import {
  attemptIdOf,
  isTaskEnded,
  parseAttemptId,
  type AttemptId,
  type NodeName,
  type RunId,
  type TaskKey,
} from '@petit/model';
import type { ClusterEvent, LogChunk, LogEvent, LogsView, RunDetailView } from '@petit/protocol';
import type { Term } from '../term/term.js';

export interface FollowLogsOptions {
  readonly id: RunId;
  readonly key: TaskKey | null;
  readonly listener: (event: LogEvent) => Promise<void>;
  readonly signal: AbortSignal;
  readonly term: Term;
  readonly stored: () => Promise<LogsView>;
  readonly detail: () => Promise<RunDetailView>;
  readonly onChunk: (listener: (chunk: LogChunk) => void) => () => void;
  readonly onEvent: (listener: (event: ClusterEvent) => void) => () => void;
}

/**
 * Hands over the output of a run: what is stored, then what its workers have published for others who follow and what
 * they publish from now on, then what they store at the end, each byte once and in order within its stream. Ends when the run, or the one task asked for, has ended.
 */
export async function followLogs(options: FollowLogsOptions): Promise<void> {
  const follower = new LogFollower(options);
  try {
    await follower.run();
  } finally {
    follower.close();
  }
}

class LogFollower {
  readonly #options: FollowLogsOptions;
  /** How far each stream was handed over: `<attempt>|<stream>` to the next byte. */
  readonly #reached = new Map<string, number>();
  readonly #wishes = new Map<AttemptId, () => void>();
  readonly #closers: (() => void)[] = [];
  #chunks: LogChunk[] = [];
  #changed = true;
  #wake: () => void = () => undefined;

  constructor(options: FollowLogsOptions) {
    this.#options = options;
    this.#closers.push(
      options.onChunk((chunk) => {
        const about = parseAttemptId(chunk.attemptId);
        if (about?.run !== options.id || (options.key !== null && about.key !== options.key))
          return;
        this.#chunks.push(chunk);
        this.#wake();
      }),
      options.onEvent((event) => {
        if (event.kind !== 'run' || event.run.id !== options.id) return;
        this.#changed = true;
        this.#wake();
      }),
    );
    const abort = (): void => this.#wake();
    options.signal.addEventListener('abort', abort);
    this.#closers.push(() => options.signal.removeEventListener('abort', abort));
  }

  async run(): Promise<void> {
    const { signal, listener } = this.#options;
    while (!signal.aborted) {
      if (this.#changed) {
        this.#changed = false;
        const ended = this.#followRunning(await this.#options.detail());
        await this.#handStored();
        if (ended) {
          await listener({ kind: 'end' });
          return;
        }
      }
      await this.#handChunks();
      if (this.#changed || this.#chunks.length > 0 || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    for (const end of this.#wishes.values()) end();
    for (const close of this.#closers) close();
  }

  /** Asks the workers for the output of what runs now; answers whether all that is followed has ended. */
  #followRunning({ run, tasks }: RunDetailView): boolean {
    const { key, id, term } = this.#options;
    const followed = tasks.filter((task) => key === null || task.key === key);
    for (const task of followed) {
      if (task.state !== 'running' || task.node === null) continue;
      const attempt = attemptIdOf(id, task.key as TaskKey, task.attempt);
      if (this.#wishes.has(attempt)) continue;
      const log = term.nodes.logTails.follow(task.node as NodeName, attempt);
      this.#wishes.set(attempt, () => log.end());
      // Before what has come meanwhile, of which some is in it again.
      this.#chunks.unshift(...log.before);
    }
    return key === null ? run.endedAt !== null : followed.every((task) => isTaskEnded(task.state));
  }

  async #handStored(): Promise<void> {
    for (const { key, attempt, stream, fromByte, bytes } of (await this.#options.stored()).logs) {
      await this.#hand({ key, attempt, stream, fromByte, bytes: Buffer.from(bytes, 'base64') });
    }
  }

  async #handChunks(): Promise<void> {
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of chunks) {
      const about = parseAttemptId(chunk.attemptId);
      if (about === null) continue;
      const { stream, fromByte } = chunk;
      await this.#hand({ ...about, stream, fromByte, bytes: Buffer.from(chunk.bytes, 'base64') });
    }
  }

  async #hand(piece: {
    readonly key: string;
    readonly attempt: number;
    readonly stream: 'stdout' | 'stderr';
    readonly fromByte: number;
    readonly bytes: Buffer;
  }): Promise<void> {
    const { key, attempt, stream, fromByte, bytes } = piece;
    const id = `${key}.${attempt}|${stream}`;
    const reached = this.#reached.get(id) ?? 0;
    const fresh = bytes.subarray(Math.max(0, reached - fromByte));
    if (fresh.length === 0) return;
    const from = Math.max(reached, fromByte);
    this.#reached.set(id, fromByte + bytes.length);
    await this.#options.listener({
      kind: 'chunk',
      key,
      attempt,
      stream,
      fromByte: from,
      bytes: fresh.toString('base64'),
    });
  }
}

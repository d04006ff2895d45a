import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RedisServer } from '../redis/redis-server.js';
import { connectRedis, type RedisConnection } from '../redis/connect-redis.js';
import type { TempDir } from '../temp-dir.js';
import { waitFor } from '../wait-for.js';
import { parseEvidence, type Evidence } from '../evidence/evidence-line.js';
import { ClusterApi } from './cluster-api.js';
import { type ClusterProcess } from './cluster-process.js';
import type { RedisProxy } from './redis-proxy.js';
import { endProcessesOf } from './end-processes.js';

/** Between Redis and those who use it. */
export interface Proxies {
  readonly leaders: RedisProxy;
  readonly workers: RedisProxy;
}

/** What a cluster is made of; `startCluster` puts it together. */
export interface ClusterParts {
  readonly home: TempDir;
  readonly redis: RedisServer;
  readonly proxies: Proxies | null;
  readonly leaders: readonly ClusterProcess[];
  readonly workers: ReadonlyMap<string, ClusterProcess>;
}

const READY_TIMEOUT_MS = 40_000;

/**
 * A real cluster that belongs to one test: Redis, leaders and workers as processes, each of which can be killed and
 * started again. Disposing kills them with everything that they started, and sees to it that nothing is left.
 */
export class Cluster implements AsyncDisposable {
  readonly redis: RedisServer;
  readonly leaders: readonly ClusterProcess[];
  readonly workers: ReadonlyMap<string, ClusterProcess>;
  /** The file in which the jobs of this cluster leave evidence. */
  readonly evidencePath: string;
  readonly #home: TempDir;
  readonly #proxies: Proxies | null;

  constructor(parts: ClusterParts) {
    this.redis = parts.redis;
    this.#proxies = parts.proxies;
    this.leaders = parts.leaders;
    this.workers = parts.workers;
    this.#home = parts.home;
    this.evidencePath = evidencePathOf(parts.home.path);
  }

  /** The directory of everything but Redis. */
  get path(): string {
    return this.#home.path;
  }

  /** Throws when it was not asked for. */
  get proxies(): Proxies {
    if (this.#proxies === null) throw new Error('this cluster has no proxies');
    return this.#proxies;
  }

  leader(index = 0): ClusterProcess {
    const leader = this.leaders[index];
    if (leader === undefined) throw new Error(`this cluster has no leader ${index}`);
    return leader;
  }

  worker(node: string): ClusterProcess {
    const worker = this.workers.get(node);
    if (worker === undefined) throw new Error(`this cluster has no node ${node}`);
    return worker;
  }

  /** The API of one leader. */
  api(index = 0): ClusterApi {
    const { name } = this.leader(index);
    return new ClusterApi(() => this.#addressOf(index), join(this.path, name, 'token'));
  }

  /** A connection that does not outlive an outage; to be closed by the caller. */
  connect(): Promise<RedisConnection> {
    return connectRedis(this.redis.options);
  }

  evidence(): Evidence {
    const { evidencePath } = this;
    return parseEvidence(existsSync(evidencePath) ? readFileSync(evidencePath, 'utf8') : '');
  }

  /** Starts a further leader, which shares the cluster's key with the first. */
  startLeader(index: number): void {
    const first = join(this.path, this.leader(0).name);
    const own = join(this.path, this.leader(index).name);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    for (const file of ['cluster-key.pem', 'token'])
      copyFileSync(join(first, file), join(own, file));
    this.leader(index).start();
  }

  /** Waits until the leader leads, holds nothing back, and has heard every worker. */
  async untilReady(index = 0): Promise<void> {
    await waitFor(
      async () => {
        const api = this.api(index);
        const [health, { nodes }] = await Promise.all([api.health(), api.nodes()]);
        const isLive = nodes.filter(({ state, closed }) => state === 'live' && closed === null);
        return (
          health.role === 'active' &&
          health.problems.length === 0 &&
          isLive.length === this.workers.size
        );
      },
      { what: 'the cluster to be ready', timeoutMs: READY_TIMEOUT_MS, intervalMs: 25 },
    );
  }

  /** Everything that leaders and workers have logged, for the report of a failure. */
  logs(): string {
    const all = [...this.leaders, ...this.workers.values()];
    return all.map((each) => `--- ${each.name}\n${each.log()}`).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of [...this.leaders, ...this.workers.values()]) await each.kill();
    await endProcessesOf(this.path);
    await this.#proxies?.leaders[Symbol.asyncDispose]();
    await this.#proxies?.workers[Symbol.asyncDispose]();
    await this.redis.stop();
    await this.#home[Symbol.asyncDispose]();
  }

  #addressOf(index: number): string {
    const leader = this.leader(index);
    const address = [...leader.log().matchAll(/"address":"(http:[^"]+)"/g)].at(-1)?.[1];
    if (address === undefined) throw new Error(`${leader.name} does not listen yet`);
    return address;
  }
}

/** Where the jobs of a cluster leave evidence, by the cluster's directory. */
export function evidencePathOf(home: string): string {
  return join(home, 'evidence');
}

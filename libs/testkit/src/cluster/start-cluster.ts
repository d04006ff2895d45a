import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRedis, type RedisServerOptions } from '../redis/start-redis.js';
import { makeTempDir } from '../temp-dir.js';
import { ClusterProcess } from './cluster-process.js';
import { Cluster, evidencePathOf, type Proxies } from './cluster.js';
import { RedisProxy } from './redis-proxy.js';

export interface ClusterOptions {
  /** The checkout, or a copy of its built tree. */
  readonly root: string;
  readonly nodes: readonly string[];
  /** Of each worker. */
  readonly slots: number;
  /** Job files by name; `evidencePath` is where their tasks leave evidence. */
  readonly jobs: (evidencePath: string) => Readonly<Record<string, string>>;
  /** How many leaders there may be; only the first is started. Default 1. */
  readonly leaders?: number;
  readonly redis?: RedisServerOptions;
  /** Puts a proxy that can lose answers between Redis and the leaders, and another before the workers. */
  readonly proxied?: true;
}

/** Starts a cluster, and resolves when its leader leads and every worker has joined and is heard. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const home = await makeTempDir('petit-cluster-');
  const redis = await startRedis(options.redis);
  const proxies = options.proxied === true ? await openProxies(home.path, redis.socketPath) : null;
  const cluster = new Cluster({
    home,
    redis,
    proxies,
    leaders: leadersOf(options, home.path, redis.socketPath),
    workers: workersOf(options, home.path),
  });
  try {
    writeJobs(options, home.path);
    cluster.leader().start();
    for (const worker of cluster.workers.values()) worker.start();
    await cluster.untilReady();
    return cluster;
  } catch (error) {
    const logs = cluster.logs();
    await cluster[Symbol.asyncDispose]();
    throw new Error(`${String(error)}\n${logs}`, { cause: error });
  }
}

function leadersOf(options: ClusterOptions, home: string, socket: string): ClusterProcess[] {
  return Array.from({ length: options.leaders ?? 1 }, (_, index) => {
    const name = `leader-${index + 1}`;
    return new ClusterProcess({
      name,
      program: join(options.root, 'apps/leader/dist/main.js'),
      args: [],
      home,
      environment: {
        ...baseEnvironment(home),
        PETIT_DATA_DIR: join(home, name),
        PETIT_JOBS_DIR: join(home, 'jobs'),
        ...redisSettings(options, home, socket),
        PETIT_LISTEN: '127.0.0.1:0',
        ...(index === 0 ? { PETIT_WRITE_INVITE: join(home, 'invitation') } : {}),
      },
    });
  });
}

function redisSettings(
  { proxied }: ClusterOptions,
  home: string,
  socket: string,
): Record<string, string> {
  if (proxied !== true) return { PETIT_REDIS_URL: `unix:${socket}` };
  return {
    PETIT_REDIS_URL: `unix:${join(home, 'leaders.sock')}`,
    PETIT_REDIS_URL_FOR_WORKERS: `unix:${join(home, 'workers.sock')}`,
  };
}

async function openProxies(home: string, socket: string): Promise<Proxies> {
  return {
    leaders: await RedisProxy.open(join(home, 'leaders.sock'), socket),
    workers: await RedisProxy.open(join(home, 'workers.sock'), socket),
  };
}

function workersOf(options: ClusterOptions, home: string): Map<string, ClusterProcess> {
  return new Map(
    options.nodes.map((node) => [
      node,
      new ClusterProcess({
        name: node,
        program: join(options.root, 'apps/worker/dist/main.js'),
        args: ['run'],
        home,
        environment: {
          ...baseEnvironment(home),
          PETIT_DATA_DIR: join(home, node),
          PETIT_NODE: node,
          PETIT_SLOTS: String(options.slots),
          PETIT_JOIN_FILE: join(home, 'invitation'),
        },
      }),
    ]),
  );
}

function baseEnvironment(home: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: home, LANG: 'C.UTF-8' };
}

function writeJobs(options: ClusterOptions, home: string): void {
  const directory = join(home, 'jobs');
  mkdirSync(directory);
  for (const [name, text] of Object.entries(options.jobs(evidencePathOf(home))))
    writeFileSync(join(directory, name), text);
}

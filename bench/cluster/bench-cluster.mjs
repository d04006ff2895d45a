import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@petit/client';
import { makeTempDir, startRedis, waitFor } from '@petit/testkit';
import { Program } from './program.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** As `petit-ctl up`, the units and the container image start leader and worker; a test holds them together. */
export const V8_FLAGS = ['--max-semi-space-size=1', '--optimize-for-size'];
export const MALLOC_SETTINGS = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' };

const READY_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 300_000;
const LOOK_EVERY_MS = 250;

/**
 * Starts Redis, a leader and workers as they are started in earnest: bundled, with the flags and at the log level of
 * `npm start`, Redis on a unix socket with its AOF synced each second. `jobs` are job files by name. To be disposed.
 */
export async function startBenchCluster({
  jobs,
  nodes = ['one', 'two'],
  slots = 4,
  root = ROOT,
  readyTimeoutMs = READY_TIMEOUT_MS,
  as = {},
}) {
  const settings = { root, bundled: true, v8Flags: V8_FLAGS, environment: MALLOC_SETTINGS, ...as };
  const home = await makeTempDir('petit-bench-');
  const redis = await startRedis({ config: { 'auto-aof-rewrite-percentage': '0' } });
  const cluster = new BenchCluster({
    home: home.path,
    redis,
    nodes,
    slots,
    readyTimeoutMs,
    settings,
  });
  cluster.owned.push(home, redis);
  try {
    writeJobs(home.path, jobs);
    await cluster.start();
    return cluster;
  } catch (error) {
    const logs = cluster.logs();
    await cluster[Symbol.asyncDispose]();
    throw new Error(`${error.message}\n${logs}`, { cause: error });
  }
}

class BenchCluster {
  owned = [];
  #home;
  #nodes;
  #readyTimeoutMs;
  #client = null;
  /** When the leader was started last, by `performance.now()`. */
  startedAtMs = 0;

  constructor({ home, redis, nodes, slots, readyTimeoutMs, settings }) {
    this.#home = home;
    this.#nodes = nodes;
    this.#readyTimeoutMs = readyTimeoutMs;
    this.redis = redis;
    const program = (app, name, environment) =>
      new Program({
        name,
        argv: [
          ...settings.v8Flags,
          programPath(app, settings),
          ...(app === 'worker' ? ['run'] : []),
        ],
        environment: {
          PATH: process.env.PATH,
          HOME: home,
          LANG: 'C.UTF-8',
          NODE_ENV: 'production',
          PETIT_DATA_DIR: join(home, name),
          ...settings.environment,
          ...environment,
        },
        logPath: join(home, `${name}.log`),
      });
    this.leader = program('leader', 'leader', {
      PETIT_JOBS_DIR: join(home, 'jobs'),
      PETIT_REDIS_URL: `unix:${redis.socketPath}`,
      PETIT_LISTEN: '127.0.0.1:0',
      PETIT_WRITE_INVITE: join(home, 'invitation'),
    });
    this.workers = nodes.map((node) =>
      program('worker', node, {
        PETIT_NODE: node,
        PETIT_SLOTS: String(slots),
        PETIT_JOIN_FILE: join(home, 'invitation'),
      }),
    );
  }

  /** A directory for whatever a benchmark writes. */
  get path() {
    return this.#home;
  }

  get client() {
    if (this.#client === null) throw new Error('the leader is not up yet');
    return this.#client;
  }

  /** Starts everything; again, after all of it was stopped. */
  async start() {
    this.startedAtMs = performance.now();
    this.leader.start();
    const tokenPath = join(this.#home, 'leader', 'token');
    const server = await waitFor(
      () => existsSync(tokenPath) && addressIn(this.leader.logSinceStart()),
      {
        what: 'the leader to listen',
        timeoutMs: this.#readyTimeoutMs,
      },
    );
    this.#client = createClient({ server, token: readFileSync(tokenPath, 'utf8').trim() });
    for (const worker of this.workers) worker.start();
    await waitFor(
      async () => {
        const { nodes } = await this.#client.nodes();
        return (
          nodes.filter(({ state, closed }) => state === 'live' && closed === null).length ===
          this.#nodes.length
        );
      },
      { what: 'the workers to join', timeoutMs: this.#readyTimeoutMs },
    );
  }

  /** Triggers a job and waits for the end of its run; throws unless it completed. Answers the run. */
  async run(jobId, key) {
    const { runId } = await this.client.trigger(jobId, { idempotencyKey: key });
    const run = await waitFor(
      async () => {
        const { runs } = await this.client.runs({ jobId, limit: 1 });
        return runs.find(({ id, endedAt }) => id === runId && endedAt !== null);
      },
      { what: `run ${runId} of ${jobId}`, timeoutMs: RUN_TIMEOUT_MS, intervalMs: LOOK_EVERY_MS },
    );
    if (run.state !== 'completed') throw new Error(`run ${runId} of ${jobId} is ${run.state}`);
    return run;
  }

  logs() {
    return [this.leader, ...this.workers]
      .map((program) => `--- ${program.name}\n${program.log().slice(-3_000)}`)
      .join('\n');
  }

  async [Symbol.asyncDispose]() {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await this.leader.stop();
    for (const part of this.owned.reverse()) await part[Symbol.asyncDispose]();
  }
}

function addressIn(log) {
  return /"address":"([^"]+)"/.exec(log)?.[1];
}

function programPath(app, { root, bundled }) {
  const path = join(root, 'apps', app, 'dist', bundled ? 'bundle/main.mjs' : 'main.js');
  if (!existsSync(path)) throw new Error(`${path} is not there: run \`npm run build\` first`);
  return path;
}

function writeJobs(home, jobs) {
  const directory = join(home, 'jobs');
  mkdirSync(directory);
  for (const [name, text] of Object.entries(jobs)) writeFileSync(join(directory, name), text);
}

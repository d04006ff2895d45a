import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis, waitFor } from '@petit/testkit';
import { startBenchCluster } from '../cluster/bench-cluster.mjs';
import { cpuMsOf, memoryOf } from '../figures/process-memory.mjs';
import { quantile } from '../figures/statistics.mjs';
import { DUE_TOGETHER, scaleJobs } from './scale-jobs.mjs';

const MINUTE_MS = 60_000;
const READY_TIMEOUT_MS = 900_000;
/** Nothing is due between these two seconds of a minute, and what was due before is long recorded. */
const QUIET_FROM_MS = 25_000;
const QUIET_FOR_MS = 30_000;
/** How long before its minute the watch over a burst begins. */
const WATCH_BEFORE_MS = 2_000;

/**
 * What a leader costs that has so many schedules: a first load, a second one from what is stored, rest, and some
 * minutes each of which begins with a thousand schedules due in one second. Without a worker, so that what is measured
 * is the leader and its Redis.
 */
export async function measureScale({ root, schedules, bursts, log }) {
  const startedAt = performance.now();
  const cluster = await startBenchCluster({
    root,
    nodes: [],
    jobs: scaleJobs(schedules, Date.now()),
    readyTimeoutMs: READY_TIMEOUT_MS,
  });
  try {
    const first = await loadOf(cluster, cluster.startedAtMs);
    log(`  loaded in ${first.wallMs.toFixed(0)} ms, ${first.cpuMs} ms of CPU`);
    await cluster.leader.stop();
    await cluster.start();
    const again = await loadOf(cluster, cluster.startedAtMs);
    log(`  again in ${again.wallMs.toFixed(0)} ms, ${again.cpuMs} ms of CPU`);
    const idleCpuMsPerS = await idleOf(cluster);
    const { rssMb } = memoryOf(cluster.leader.pid);
    log(`  at rest ${idleCpuMsPerS.toFixed(2)} ms of CPU a second, ${rssMb.toFixed(0)} MB`);
    const seen = [];
    for (let burst = 0; burst < bursts; burst += 1) {
      seen.push(await burstOf(cluster));
      log(`  ${JSON.stringify(summary(seen.at(-1)))}`);
    }
    const jobs = await jobsViewOf(cluster);
    log(`  all in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
    return {
      schedules,
      first,
      again,
      idleCpuMsPerS,
      rssMb,
      bursts: seen.map(summary),
      lagsMs: seen.flatMap(({ lagsMs }) => lagsMs),
      jobsView: jobs,
    };
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}

/** Time and CPU from the start of the leader until it acts. */
async function loadOf({ client, leader }, startedAtMs) {
  await waitFor(async () => (await client.leaderHealth()).role === 'active', {
    what: 'the leader to act',
    timeoutMs: READY_TIMEOUT_MS,
    intervalMs: 20,
  });
  return { wallMs: performance.now() - startedAtMs, cpuMs: cpuMsOf(leader.pid) };
}

/** CPU in a stretch in which nothing is due, in ms a second. */
async function idleOf({ leader }) {
  await untilInMinute(QUIET_FROM_MS);
  const before = cpuMsOf(leader.pid);
  await pause(QUIET_FOR_MS);
  return (cpuMsOf(leader.pid) - before) / (QUIET_FOR_MS / 1_000);
}

/** Waits until so many milliseconds after a minute has begun: of this minute, else of the next. */
async function untilInMinute(offsetMs) {
  const now = Date.now();
  const at = Math.floor(now / MINUTE_MS) * MINUTE_MS + offsetMs;
  await pause((at < now ? at + MINUTE_MS : at) - now);
}

/** How long after the minute each of a thousand runs is seen in Redis, and what the leader did for them. */
async function burstOf({ redis, leader }) {
  const connection = await connectRedis({ path: redis.socketPath });
  try {
    await untilInMinute(MINUTE_MS - WATCH_BEFORE_MS);
    const dueAt = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
    const cpuBefore = cpuMsOf(leader.pid);
    const lagsMs = await watchRuns(connection, dueAt);
    return { lagsMs, cpuMs: cpuMsOf(leader.pid) - cpuBefore };
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

/** Looks again and again how many runs there are: so long after its tick each is there at the latest. */
async function watchRuns(redis, dueAt) {
  const before = await redis.zcard(RUNS);
  const lagsMs = [];
  while (lagsMs.length < DUE_TOGETHER) {
    const found = (await redis.zcard(RUNS)) - before;
    const lagMs = Date.now() - dueAt;
    while (lagsMs.length < found) lagsMs.push(lagMs);
    if (lagMs > MINUTE_MS / 2) throw new Error(`${found} of ${DUE_TOGETHER} runs in half a minute`);
  }
  return lagsMs;
}

const RUNS = '{petit}:runs';

function summary({ lagsMs, cpuMs }) {
  return {
    p50: quantile(lagsMs, 0.5),
    p99: quantile(lagsMs, 0.99),
    max: lagsMs.at(-1),
    cpuMsPerTick: cpuMs / DUE_TOGETHER,
  };
}

async function jobsViewOf({ client, leader }) {
  const [before, startedAtMs] = [cpuMsOf(leader.pid), performance.now()];
  await client.jobs();
  return {
    wallMs: performance.now() - startedAtMs,
    cpuMs: cpuMsOf(leader.pid) - before,
  };
}

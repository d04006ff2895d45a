import { startBenchCluster } from '../cluster/bench-cluster.mjs';
import { table } from '../figures/markdown.mjs';
import { cpuMsOf, memoryOf } from '../figures/process-memory.mjs';
import { median } from '../figures/statistics.mjs';
import { setTimeout as pause } from 'node:timers/promises';
import { interleave } from './interleave.mjs';
import { fanJob } from './jobs.mjs';

const ONE_ARENA = { MALLOC_ARENA_MAX: '1' };

/** What leader and worker may be started with. */
const WAYS = {
  'nothing, not bundled': { bundled: false, v8Flags: [], environment: {} },
  nothing: { v8Flags: [], environment: {} },
  'one arena': { v8Flags: [], environment: ONE_ARENA },
  'semi-space 1': { v8Flags: ['--max-semi-space-size=1'], environment: ONE_ARENA },
  'semi-space 2': { v8Flags: ['--max-semi-space-size=2'], environment: ONE_ARENA },
  'semi-space 4': { v8Flags: ['--max-semi-space-size=4'], environment: ONE_ARENA },
  'semi-space 1, for size': {
    v8Flags: ['--max-semi-space-size=1', '--optimize-for-size'],
    environment: ONE_ARENA,
  },
  'semi-space 2, for size': {
    v8Flags: ['--max-semi-space-size=2', '--optimize-for-size'],
    environment: ONE_ARENA,
  },
  'semi-space 1, for size, one thread of GC': {
    v8Flags: ['--max-semi-space-size=1', '--optimize-for-size', '--single-threaded-gc'],
    environment: ONE_ARENA,
  },
  'semi-space 1, lite': {
    v8Flags: ['--max-semi-space-size=1', '--lite-mode'],
    environment: ONE_ARENA,
  },
};

/** Memory and processor time of leader and worker by the flags of V8 they are started with. */
export const flags = {
  name: 'flags',
  title: 'Flags of V8',

  async measure({ rounds, sizes, root, log, only = '' }) {
    const found = {};
    const ways = Object.entries(WAYS).filter(([name]) => name.includes(only));
    const measures = ways.map(([name, as]) => [
      name,
      async () => {
        const figures = await measureOnce({ as, sizes, root });
        (found[name] ??= []).push(figures);
        return figures.leaderRestMb;
      },
    ]);
    await interleave(Object.fromEntries(measures), { rounds: Math.min(rounds, MOST_ROUNDS), log });
    return { text: describe(found, sizes), goals: [] };
  },
};

const MOST_ROUNDS = 3;

async function measureOnce({ as, sizes, root }) {
  const cluster = await startBenchCluster({ root, as, jobs: { 'fan.yaml': fanJob(sizes.fan) } });
  const [worker] = cluster.workers;
  try {
    await pause(sizes.settleMs);
    const rest = [memoryOf(cluster.leader.pid), memoryOf(worker.pid)];
    await cluster.run('fan', 'warm');
    const before = [cpuMsOf(cluster.leader.pid), ...cluster.workers.map(({ pid }) => cpuMsOf(pid))];
    await cluster.run('fan', 'measured');
    await pause(sizes.settleMs);
    const after = [cpuMsOf(cluster.leader.pid), ...cluster.workers.map(({ pid }) => cpuMsOf(pid))];
    const [leaderCpu, ...workerCpu] = after.map((ms, at) => (ms - before[at]) / sizes.fan);
    return {
      leaderRestMb: rest[0].rssMb,
      leaderAfterMb: memoryOf(cluster.leader.pid).rssMb,
      workerRestMb: rest[1].rssMb,
      workerAfterMb: memoryOf(worker.pid).rssMb,
      leaderCpuMs: leaderCpu,
      workerCpuMs: workerCpu.reduce((sum, ms) => sum + ms, 0),
    };
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}

function describe(found, sizes) {
  const columns = [
    ['leader MB at rest', 'leaderRestMb', 1],
    [`after ${2 * sizes.fan} tasks`, 'leaderAfterMb', 1],
    ['worker MB at rest', 'workerRestMb', 1],
    [`after ${2 * sizes.fan} tasks`, 'workerAfterMb', 1],
    ['leader CPU, ms a task', 'leaderCpuMs', 2],
    ['workers', 'workerCpuMs', 2],
  ];
  const rows = Object.entries(found).map(([name, tries]) => [
    name,
    ...columns.map(([, figure, digits]) =>
      median(tries.map((each) => each[figure])).toFixed(digits),
    ),
  ]);
  return table(['', ...columns.map(([title]) => title)], rows);
}

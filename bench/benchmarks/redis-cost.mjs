import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis, waitFor } from '@petit/testkit';
import { startBenchCluster } from '../cluster/bench-cluster.mjs';
import { table } from '../figures/markdown.mjs';
import { startBullFloor } from '../floor/run-floor.mjs';
import { chainJob, fanJob } from './jobs.mjs';

/** What one task costs Redis: what it is asked, what it does, and what it writes to its append-only file. */
export const redisCost = {
  name: 'redis',
  title: 'What a task costs Redis',

  async measure({ sizes, root }) {
    const bull = await startBullFloor();
    const jobs = { 'fan.yaml': fanJob(sizes.fan), 'chain.yaml': chainJob(sizes.chain) };
    const cluster = await startBenchCluster({ root, jobs });
    try {
      const ways = [
        ['Petit, fan', cluster.redis, sizes.fan, (key) => cluster.run('fan', key)],
        ['Petit, chain', cluster.redis, sizes.chain, (key) => cluster.run('chain', key)],
        ['bare BullMQ, fan', bull.redis, sizes.fan, () => bull.fan(sizes.fan)],
        ['bare BullMQ, chain', bull.redis, sizes.chain, () => bull.chain(sizes.chain)],
      ];
      const rows = [];
      for (const [name, server, tasks, run] of ways) {
        await run('warm');
        rows.push(rowOf(name, tasks, await costOf(server, sizes, () => run('measured'))));
      }
      return { text: describe(rows), goals: [] };
    } finally {
      await cluster[Symbol.asyncDispose]();
      await bull[Symbol.asyncDispose]();
    }
  },
};

/** What happens in a Redis from the beginning of `work` until it has come to rest after it. */
async function costOf(server, { settleMs }, work) {
  const redis = await connectRedis(server.options);
  const monitor = await openMonitor(server.socketPath);
  try {
    await pause(settleMs);
    const askedBefore = monitor.asked();
    const before = await figuresOf(redis);
    await work();
    await pause(settleMs);
    const after = await figuresOf(redis);
    const grown = Object.keys(after).map((name) => [name, after[name] - before[name]]);
    return { asked: monitor.asked() - askedBefore, ...Object.fromEntries(grown) };
  } finally {
    monitor.close();
    redis.disconnect();
  }
}

/**
 * Counts what clients ask; what scripts call is not among it. A bare socket: ioredis takes a line of MONITOR that
 * comes with the answer to it for a mistake, and ends the process.
 */
async function openMonitor(path) {
  const socket = connect(path);
  await once(socket, 'connect');
  let asked = 0;
  let rest = '';
  socket.setEncoding('latin1').on('data', (text) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop() ?? '';
    asked += lines.filter((line) => !/^\+[\d.]+ \[\d+ lua\]/.test(line)).length;
  });
  socket.write('MONITOR\r\n');
  await waitFor(() => asked > 0, { what: 'MONITOR to answer' });
  return { asked: () => asked, close: () => socket.destroy() };
}

async function figuresOf(redis) {
  const info = await redis.info('everything');
  const number = (name) => Number(new RegExp(`^${name}:([0-9.]+)`, 'm').exec(info)?.[1]);
  return {
    done: number('total_commands_processed'),
    inBytes: number('total_net_input_bytes'),
    reads: number('total_reads_processed'),
    aofBytes: number('aof_current_size'),
    cpuS: number('used_cpu_user') + number('used_cpu_sys'),
  };
}

function rowOf(name, tasks, { asked, done, reads, inBytes, aofBytes, cpuS }) {
  return [
    name,
    ...[asked, done, reads].map((count) => (count / tasks).toFixed(1)),
    ...[inBytes, aofBytes].map((bytes) => (bytes / tasks).toFixed(0)),
    ((cpuS * 1_000) / tasks).toFixed(2),
  ];
}

function describe(rows) {
  const header = [
    'for each task',
    'commands asked',
    'commands done, in scripts too',
    'reads of a socket',
    'bytes received',
    'bytes written to the AOF',
    'CPU, ms',
  ];
  return `Everything that the cluster asks meanwhile is in it, its beats too, and \`MONITOR\` slows Redis down a little.

${table(header, rows)}`;
}

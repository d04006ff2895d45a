import { setTimeout as pause } from 'node:timers/promises';
import { startBenchCluster } from '../cluster/bench-cluster.mjs';
import { table } from '../figures/markdown.mjs';
import { quantile } from '../figures/statistics.mjs';
import { measureTicks } from '../floor/run-floor.mjs';

const MOST_OVER_TIMER_MS = 8;
const RUNS_KEPT = 100;
const EVERY_SECOND = `id: second
name: second
schedule: "* * * * * *"
overlap: allow
tasks:
  - {id: now, type: command, command: date, args: ["+%s%N"]}
`;

/** How long after its due instant a scheduled command starts. */
export const lag = {
  name: 'lag',
  title: 'Start lag of a job that is due every second',

  async measure({ sizes, root, log }) {
    const count = Math.min(sizes.ticks, RUNS_KEPT - 10);
    const cluster = await startBenchCluster({ root, jobs: { 'second.yaml': EVERY_SECOND } });
    try {
      await pause(sizes.settleMs);
      const since = Date.now();
      log(`  ${count} ticks`);
      // Both at once, half a second apart: the same minute for both, and neither in the other's way.
      const floor = await measureTicks(count);
      const ours = await lagsOf(cluster, since);
      return describe({ ours: ours.slice(0, count), floor });
    } finally {
      await cluster[Symbol.asyncDispose]();
    }
  },
};

async function lagsOf(cluster, since) {
  const { runs } = await cluster.client.runs({ jobId: 'second', limit: RUNS_KEPT });
  const lags = [];
  for (const run of runs.filter(
    ({ trigger, state }) => trigger.tickAt > since && state === 'completed',
  )) {
    const { logs } = await cluster.client.logs(run.id);
    const [log] = logs.filter(({ stream }) => stream === 'stdout');
    const printed = Buffer.from(log.bytes, 'base64').toString().trim();
    lags.push(Number(BigInt(printed) - BigInt(run.trigger.tickAt) * 1_000_000n) / 1e6);
  }
  return lags;
}

function describe({ ours, floor }) {
  const timer = floor.map(({ timerMs }) => timerMs);
  const command = floor.map(({ commandMs }) => commandMs);
  const row = (name, lags) => [
    name,
    ...[0.5, 0.9, 0.99].map((share) => quantile(lags, share).toFixed(1)),
  ];
  const over = quantile(ours, 0.5) - quantile(timer, 0.5);
  const overCommand = quantile(ours, 0.5) - quantile(command, 0.5);
  return {
    text: `${ours.length} ticks of Petit and ${floor.length} of the floor in the same minute, half a second apart. A command (\`date +%s%N\`) prints
when it runs, so its own start is in the lag.

${table(
  ['ms', 'p50', 'p90', 'p99'],
  [
    row('Petit: tick, run, placement, delivery, leave, command', ours),
    row("bare timer and bare `execa`: the same command's lag", command),
    row('bare timer: how late it calls', timer),
  ],
)}

At the median ${over.toFixed(1)} ms over the bare timer, ${overCommand.toFixed(1)} ms over timer and execa.`,
    goals: [
      {
        what: 'tick lag, p50',
        wanted: `≤ ${MOST_OVER_TIMER_MS} ms over a bare timer`,
        measured: `${over.toFixed(1)} ms`,
        isMet: over <= MOST_OVER_TIMER_MS,
      },
    ],
  };
}

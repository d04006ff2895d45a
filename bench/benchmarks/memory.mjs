import { setTimeout as pause } from 'node:timers/promises';
import { MALLOC_SETTINGS, startBenchCluster, V8_FLAGS } from '../cluster/bench-cluster.mjs';
import { table } from '../figures/markdown.mjs';
import { memoryOf } from '../figures/process-memory.mjs';
import { median } from '../figures/statistics.mjs';
import { fanJob } from './jobs.mjs';

const MOST_MB = { leader: 90, worker: 65 };
const MOST_GROWTH_MB = 10;
const JOB_SIZE = 100;

/** Memory of leader and worker, as they are started in earnest, at rest and after work. */
export const memory = {
  name: 'memory',
  title: 'Memory of leader and worker',

  async measure({ rounds, sizes, root, log }) {
    const tries = [];
    for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round += 1) {
      tries.push(await measureOnce({ sizes, root }));
      log(`  round ${round + 1}: ${tries.at(-1).map(lineOf).join('; ')}`);
    }
    return describe(mediansOf(tries), sizes);
  },
};

/** A round starts a whole cluster and lets it rest; memory differs little from one to the next. */
const MOST_ROUNDS = 5;

/** Memory of each process at rest and after each further thousand tasks. */
export async function measureOnce({ sizes, root, as = {} }) {
  const cluster = await startBenchCluster({ root, as, jobs: { 'fan.yaml': fanJob(JOB_SIZE) } });
  const processes = [cluster.leader, ...cluster.workers];
  const stages = [];
  const look = async (stage) => {
    await pause(sizes.settleMs);
    stages.push({ stage, all: processes.map(({ pid }) => memoryOf(pid)) });
  };
  try {
    await look('at rest');
    for (let done = 0; done < sizes.memoryTasks.at(-1);) {
      const until = sizes.memoryTasks.find((tasks) => tasks > done);
      for (; done < until; done += JOB_SIZE) await cluster.run('fan', `after-${done}`);
      await look(`after ${done} tasks`);
    }
    return stages;
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}

function lineOf({ stage, all }) {
  return `${stage} ${all.map(({ rssMb }) => rssMb.toFixed(1)).join(', ')}`;
}

/** Of several tries the median of each figure; the worker is the larger of the two. */
function mediansOf(tries) {
  return tries[0].map(({ stage }, at) => {
    const of = (pick) => median(tries.map((stages) => pick(stages[at].all)));
    const largest = (all, name) => Math.max(...all.slice(1).map((each) => each[name]));
    return {
      stage,
      leader: { rssMb: of(([leader]) => leader.rssMb), pssMb: of(([leader]) => leader.pssMb) },
      worker: {
        rssMb: of((all) => largest(all, 'rssMb')),
        pssMb: of((all) => largest(all, 'pssMb')),
      },
    };
  });
}

function describe(stages, sizes) {
  const rows = stages.map(({ stage, leader, worker }) => [
    stage,
    ...[leader.rssMb, leader.pssMb, worker.rssMb, worker.pssMb].map((mb) => mb.toFixed(1)),
  ]);
  const [rest] = stages;
  const after = stages.find(({ stage }) => stage === `after ${sizes.memoryTasks[0]} tasks`) ?? rest;
  const goals = ['leader', 'worker'].flatMap((program) => {
    const growth = after[program].rssMb - rest[program].rssMb;
    return [
      {
        what: `RSS of the ${program} at rest`,
        wanted: `≤ ${MOST_MB[program]} MB`,
        measured: `${rest[program].rssMb.toFixed(1)} MB`,
        isMet: rest[program].rssMb <= MOST_MB[program],
      },
      {
        what: `RSS of the ${program} ${after.stage}`,
        wanted: `≤ ${MOST_GROWTH_MB} MB more`,
        measured: `${growth.toFixed(1)} MB more`,
        isMet: growth <= MOST_GROWTH_MB,
      },
    ];
  });
  return {
    text: `Bundled, \`node ${V8_FLAGS.join(' ')}\`, ${Object.entries(MALLOC_SETTINGS)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}; runs of ${JOB_SIZE} tasks on two workers, of which the larger is shown.

${table(['MB', 'leader RSS', 'leader PSS', 'worker RSS', 'worker PSS'], rows)}`,
    goals,
  };
}

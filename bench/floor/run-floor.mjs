import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { execa } from 'execa';
import { Queue } from 'bullmq';
import { connectRedis, makeTempDir, startRedis, waitFor } from '@petit/testkit';
import { Program } from '../cluster/program.mjs';

const programOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Runs `count` times `true`, `atOnce` at once, with nothing around it. Milliseconds for all of them. */
export async function runCommands(way, { count, atOnce }) {
  const argv = [programOf('commands.mjs'), way, String(count), String(atOnce)];
  const { stdout } = await execa(process.execPath, argv);
  return JSON.parse(stdout);
}

/** How late a bare timer calls each second, and how late the command is that it starts. Resolves after `count` s. */
export async function measureTicks(count) {
  const { stdout } = await execa(process.execPath, [programOf('ticks.mjs'), String(count)]);
  return JSON.parse(stdout);
}

/** Two bare BullMQ workers that run `true` with execa. */
export async function startBullFloor() {
  const home = await makeTempDir('petit-floor-');
  const redis = await startRedis();
  const connection = await connectRedis(redis.options);
  const workers = ['one', 'two'].map(
    (name) =>
      new Program({
        name,
        argv: [programOf('bullmq-worker.mjs'), redis.socketPath, 'floor', '4'],
        environment: { PATH: process.env.PATH, NODE_ENV: 'production' },
        logPath: join(home.path, `${name}.log`),
      }),
  );
  for (const worker of workers) worker.start();
  await waitFor(() => workers.every((worker) => worker.log().includes('ready')), {
    what: 'the floor to be ready',
    timeoutMs: 30_000,
  });
  const queue = new Queue('floor', { connection });
  const until = async (done) => {
    const beganAt = performance.now();
    while (Number(await connection.get('done')) < done)
      await new Promise((go) => setTimeout(go, 2));
    return performance.now() - beganAt;
  };
  return {
    redis,
    /** `count` jobs at once, on two workers with four slots each. Milliseconds. */
    async fan(count) {
      await connection.set('done', 0);
      const beganAt = performance.now();
      const job = { name: 'task', data: { left: 0 }, opts: { removeOnComplete: { count: 1_000 } } };
      await queue.addBulk(Array.from({ length: count }, () => job));
      await until(count);
      return performance.now() - beganAt;
    },
    /** `count` jobs, each of which adds the next. Milliseconds. */
    async chain(count) {
      await connection.set('done', 0);
      const beganAt = performance.now();
      await queue.add('task', { left: count - 1 });
      await until(1);
      return performance.now() - beganAt;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await queue.close();
      connection.disconnect();
      await redis.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}

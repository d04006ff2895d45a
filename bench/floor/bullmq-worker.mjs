// A floor: a bare BullMQ worker that runs each job with execa, with BullMQ's defaults. With `chain`, each job adds the
// next. Usage: node bullmq-worker.mjs SOCKET QUEUE CONCURRENCY
import { execa } from 'execa';
import { Redis } from 'ioredis';
import { Queue, Worker } from 'bullmq';

const [path, name, concurrency] = process.argv.slice(2);
const KEPT = { removeOnComplete: { count: 1_000 } };
const connection = new Redis({ path, maxRetriesPerRequest: null });
const queue = new Queue(name, { connection });
const worker = new Worker(
  name,
  async ({ data }) => {
    await execa('true');
    if (data.left > 0) await queue.add('task', { left: data.left - 1 }, KEPT);
    else await connection.incr('done');
  },
  { connection, concurrency: Number(concurrency) },
);

await worker.waitUntilReady();
console.log('ready');

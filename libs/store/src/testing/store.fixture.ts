import { connectRedis, startRedis } from '@petit/testkit';
import {
  advance,
  applyAdvance,
  buildGraph,
  jobIdSchema,
  newRun,
  nodeNameSchema,
  runIdSchema,
  taskIdSchema,
  taskKeySchema,
  type RunView,
  type Task,
} from '@petit/model';
import type { Redis } from 'ioredis';
import { LeaseStore, type Fence } from '../leader/index.js';

/** A Redis of its own, and the fence of a leader that holds its lease. */
export interface StoreFixture extends AsyncDisposable {
  readonly redis: Redis;
  readonly fence: Fence;
}

export async function openStore(): Promise<StoreFixture> {
  const server = await startRedis();
  const redis = await connectRedis(server.options);
  const fence = await lead(redis, 'leader-a');
  return {
    redis,
    fence,
    [Symbol.asyncDispose]: async () => {
      await redis[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Takes the lease as `holder`, whoever has it. */
export async function lead(redis: Redis, holder: string): Promise<Fence> {
  const lease = new LeaseStore(redis);
  const token = `token-of-${holder}`;
  const request = { holder, token, periodMs: 3_000, leastEpoch: 1 };
  const first = await lease.take({ ...request, stoodStill: null });
  if (first.kind === 'taken') return { epoch: first.epoch, token };
  const second = await lease.take({ ...request, stoodStill: first.sighting });
  if (second.kind !== 'taken') throw new Error('the lease could not be taken');
  return { epoch: second.epoch, token };
}

export const NODE = nodeNameSchema.parse('cube1');
export const KEY = taskKeySchema.parse('only');

/** A run of one task, begun: the task is ready. */
export function beginRun(now = 1_000, id = '11111111-1111-8111-8111-111111111111'): RunView {
  const built = buildGraph([TASK]);
  if (!built.ok) throw new Error('the graph of the fixture has problems');
  const run = newRun({
    id: runIdSchema.parse(id),
    jobId: jobIdSchema.parse('job'),
    definitionHash: 'hash',
    graph: built.graph,
    trigger: { kind: 'manual', by: 'test', idempotencyKey: null },
    now,
  });
  return move(run, { kind: 'begin' }, now);
}

/** Applies an event that must be legal. */
export function move(run: RunView, event: Parameters<typeof advance>[1], now = 2_000): RunView {
  const moved = advance(run, event, now);
  if (moved.kind !== 'moved') throw new Error(`ignored: ${moved.why}`);
  applyAdvance(run, moved);
  return run;
}

const TASK: Task = {
  id: taskIdSchema.parse('only'),
  name: 'only',
  action: { type: 'command', command: 'true', args: [], workingDir: null },
  dependsOn: [],
  condition: 'all_success',
  environment: {},
  retry: { maxRetries: 0, delayMs: 0, condition: 'always' },
  timeoutMs: null,
  killGraceMs: 1_000,
  runsOn: {},
  every: false,
  needs: { slots: 1 },
  idempotent: false,
};

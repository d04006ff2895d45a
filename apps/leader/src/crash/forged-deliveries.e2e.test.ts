import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  connectRedis,
  describeViolation,
  EvidentCluster,
  evidentTask,
  waitFor,
  type EvidentJob,
  type RedisConnection,
} from '@petit/testkit';
import {
  envelopeSchema,
  generateSigningKey,
  importSigningKey,
  isSigned,
  sealEnvelope,
  type Envelope,
  type Signed,
} from '@petit/protocol';
import { openDeliveries } from '@petit/queue';
import { deliveryId } from '@petit/store/shared';
import { ROOT } from './root.fixture.js';
import { openWritableBoard } from './writable-board.fixture.js';

const JOB: EvidentJob = {
  id: 'job',
  schedule: null,
  tasks: ['cube1', 'cube2'].map((node) => evidentTask({ id: `on-${node}`, node })),
};
const NODE = 'cube1';
const QUEUE = `n-${NODE}`;

/** A delivery as its leader made it. */
interface Genuine {
  readonly id: string;
  readonly signed: Signed;
  readonly envelope: Envelope;
}

/** Reads the delivery that waits for a node. */
async function readGenuine(redis: RedisConnection, node: string): Promise<Genuine> {
  return waitFor(
    async () => {
      const [id] = await redis.lrange(`{petit}:n-${node}:wait`, 0, 0);
      const text = id === undefined ? null : await redis.hget(`{petit}:n-${node}:${id}`, 'data');
      const signed: unknown = text === null || text === undefined ? null : JSON.parse(text);
      if (id === undefined || !isSigned(signed)) return null;
      return { id, signed, envelope: envelopeSchema.parse(JSON.parse(signed.body)) };
    },
    { what: `a delivery for ${node}` },
  );
}

/** Adds a delivery with nothing but commands, as with redis-cli, and wakes who waits for one. */
async function addByCommands(redis: RedisConnection, id: string, data: unknown): Promise<void> {
  const key = `{petit}:${QUEUE}`;
  await redis.hset(`${key}:${id}`, {
    name: 'task',
    data: JSON.stringify(data),
    opts: JSON.stringify({ attempts: 5 }),
    timestamp: '1',
    delay: '0',
    priority: '0',
  });
  await redis.lpush(`${key}:wait`, id);
  await redis.zadd(`${key}:marker`, 0, '0');
}

/** Changes one byte: how long the task is busy. */
function withOneByteChanged({ body, signature }: Signed): Signed {
  const changed = body.replace('"10"', '"90"');
  assert.notEqual(changed, body);
  return { body: changed, signature };
}

test('P9: a delivery that no leader made for this node and this moment is refused, counted and shown; good ones are run', async () => {
  await using lab = await EvidentCluster.open({
    root: ROOT,
    nodes: ['cube1', 'cube2'],
    slots: 4,
    jobs: [JOB],
  });
  const { cluster } = lab;
  await using redis = await cluster.connect();
  await using queues = await connectRedis({ ...cluster.redis.options, maxRetriesPerRequest: null });
  await using deliveries = openDeliveries({
    redis: queues,
    prefix: '{petit}',
    onError: (error) => assert.fail(error),
  });
  await using board = await openWritableBoard(deliveries.boardQueues([QUEUE]));

  // Both stand still, so that genuine deliveries can be read, and copied, before they are taken.
  for (const worker of cluster.workers.values()) worker.signal('SIGSTOP');
  const run = await lab.trigger(JOB.id);
  const own = await readGenuine(redis, NODE);
  const foreign = await readGenuine(redis, 'cube2');
  const clusterKey = importSigningKey(
    readFileSync(join(cluster.path, 'leader-1', 'cluster-key.pem'), 'utf8'),
  );
  const later = (change: Partial<Envelope>): Envelope => ({ ...own.envelope, ...change });
  const idOf = ({ attemptId, placement }: Envelope): string => deliveryId(attemptId, placement);
  const expired = later({ placement: 7, expiresAt: Date.now() - 60_000 });
  const unplaced = later({ placement: 8 });
  const strange = later({ placement: 9 });

  // By a writable Bull Board.
  await board.add(QUEUE, { id: 'by-hand', name: 'task', data: { command: 'id' } });
  await board.add(QUEUE, { id: 'changed', name: 'task', data: withOneByteChanged(own.signed) });
  await board.add(QUEUE, { id: foreign.id, name: 'task', data: foreign.signed });
  // By commands alone.
  await addByCommands(redis, idOf(strange), sealEnvelope(generateSigningKey(), strange));
  await addByCommands(redis, 'copied', own.signed);
  await addByCommands(redis, 'nothing', 'junk');
  // By somebody who even has the cluster's key, or kept an old delivery: too late, or for no placement there is.
  await addByCommands(redis, idOf(expired), sealEnvelope(clusterKey, expired));
  await addByCommands(redis, idOf(unplaced), sealEnvelope(clusterKey, unplaced));
  for (const worker of cluster.workers.values()) worker.signal('SIGCONT');

  assert.deepEqual(await lab.untilEnded(run), [], cluster.logs());
  const REFUSED = {
    'by-hand': 'malformed',
    changed: 'bad_signature',
    [foreign.id]: 'other_node',
    [idOf(strange)]: 'bad_signature',
    copied: 'malformed',
    nothing: 'malformed',
  };
  await waitFor(
    async () => Number(await redis.hget('{petit}:counters', 'refused_deliveries')) === 6,
    { what: 'six refused deliveries to be counted' },
  );
  await cluster.worker(NODE).untilLogged('"why":"expired"');
  await cluster.worker(NODE).untilLogged('"why":"not_granted"');
  // Each is told by the leader, with the reason, and is in Bull Board for what it is.
  for (const [id, why] of Object.entries(REFUSED)) {
    assert.match(told(cluster.leader().log(), id), new RegExp(`"why":"${why}"`), id);
    const failure = await redis.hget(`{petit}:${QUEUE}:${id}`, 'failedReason');
    assert.equal(failure, `refused: ${why}`);
  }
  // A good one is active until its worker has seen that the record shows its end.
  await waitFor(async () => (await redis.llen(`{petit}:${QUEUE}:active`)) === 0, {
    what: 'no delivery to be active',
  });
  // And by the evidence each task ran once, as its leader had said.
  assert.deepEqual(lab.checkAsked().map(describeViolation), [], cluster.logs());
  assert.equal(cluster.evidence().lines.length, 4);
});

function told(log: string, id: string): string {
  const lines = log.split('\n').filter((line) => line.includes('"delivery_refused"'));
  return lines.find((line) => line.includes(`"deliveryId":"${id}"`)) ?? '';
}

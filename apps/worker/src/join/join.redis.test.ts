import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { memberSchema, nodeNameSchema, PetitError } from '@petit/model';
import { createLog } from '@petit/daemon';
import {
  encodeInvitation,
  generateSigningKey,
  importPublicKey,
  isInvited,
  joinRequestSchema,
  open,
  parseJson,
  seal,
  type Invitation,
  type SigningKey,
} from '@petit/protocol';
import { KEYS } from '@petit/store/shared';
import {
  connectRedis,
  makeTempDir,
  startRedis,
  waitFor,
  type RedisConnection,
  type RedisServer,
} from '@petit/testkit';
import { loadWorkerKey, readMembership, writeMembership } from '../identity/membership.js';
import { awaitMembership } from './await-membership.js';
import { joinCluster, type JoinOptions } from './join-cluster.js';

const NODE = nodeNameSchema.parse('cube1');
const LOG = createLog({ level: 'silent', name: 'test' });
const CLUSTER = generateSigningKey();
const SECRET = Buffer.alloc(32, 7).toString('base64url');

function invitationTo(server: RedisServer, clusterKey: SigningKey = CLUSTER): Invitation {
  const redis = { url: `unix:${server.socketPath}`, ca: null };
  return { v: 1, id: 'inv1', secret: SECRET, redis, clusterKey: clusterKey.publicText };
}

function optionsFor(invitation: Invitation, change: Partial<JoinOptions> = {}): JoinOptions {
  return {
    invitation,
    node: NODE,
    key: generateSigningKey(),
    timeoutMs: 10_000,
    onWaiting: () => undefined,
    signal: new AbortController().signal,
    ...change,
  };
}

/** Answers the next join request as a leader does. */
async function answer(redis: RedisConnection, how: 'admit' | 'refuse'): Promise<void> {
  const text = await waitFor(() => redis.hget(KEYS.joins, NODE), { what: 'a join request' });
  const request = joinRequestSchema.parse(parseJson(text));
  assert.ok(isInvited(request, SECRET));
  await redis.hdel(KEYS.joins, NODE);
  if (how === 'admit') {
    const member = { v: 1, node: NODE, publicKey: request.publicKey, joinedAt: 1 };
    await redis.hset(KEYS.members, NODE, JSON.stringify(seal(CLUSTER, 'member', member)));
  }
  await redis.publish(KEYS.nudge(NODE), how === 'admit' ? 'admitted' : 'refused');
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof PetitError && error.code === code;
}

test('an invited worker becomes a member, signed by the cluster, and is one when it asks again', async () => {
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  const options = optionsFor(invitationTo(server));
  const joining = joinCluster(options);
  await answer(redis, 'admit');
  const membership = await joining;
  const publicKey = importPublicKey(CLUSTER.publicText);
  assert.ok(publicKey);
  const member = open(membership.member, { publicKey, kind: 'member', schema: memberSchema });
  assert.equal(member.ok && member.value.publicKey, options.key.publicText);
  assert.deepEqual(await joinCluster(options), membership);
  assert.equal(await redis.hget(KEYS.joins, NODE), null, 'without another request');
});

test('a name that another worker has is refused by its name', async () => {
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  const joining = joinCluster(optionsFor(invitationTo(server)));
  await answer(redis, 'admit');
  await joining;
  await assert.rejects(
    joinCluster(optionsFor(invitationTo(server))),
    (error) => hasCode('NAME_TAKEN')(error) && /cube1.*--name/.test(String(error)),
  );
});

test('a refused invitation and one of another cluster are told apart from no answer', async () => {
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  const refused = joinCluster(optionsFor(invitationTo(server)));
  const rejected = assert.rejects(refused, hasCode('BAD_JOIN_TOKEN'));
  await answer(redis, 'refuse');
  await rejected;
  await redis.hset(
    KEYS.members,
    NODE,
    JSON.stringify(seal(CLUSTER, 'member', { v: 1, node: NODE, publicKey: 'x', joinedAt: 1 })),
  );
  await assert.rejects(
    joinCluster(optionsFor(invitationTo(server, generateSigningKey()))),
    hasCode('BAD_JOIN_TOKEN'),
  );
});

test('without a leader, and without Redis, it is said what does not answer', async () => {
  await using server = await startRedis();
  await assert.rejects(
    joinCluster(optionsFor(invitationTo(server), { timeoutMs: 600 })),
    hasCode('LEADER_UNREACHABLE'),
  );
  await server.kill('SIGKILL');
  const invitation = invitationTo(server);
  await assert.rejects(
    joinCluster(optionsFor(invitation)),
    (error) => hasCode('REDIS_UNAVAILABLE')(error) && String(error).includes(server.socketPath),
  );
});

test('a worker waits for an invitation in a file, and for a better one than the first', async () => {
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  await using home = await makeTempDir();
  const joinFile = join(home.path, 'invitation');
  const stopping = new AbortController();
  const key = loadWorkerKey(home.path);
  const waiting = awaitMembership({
    dataDir: home.path,
    joinFile,
    node: NODE,
    key,
    signal: stopping.signal,
    log: LOG,
  });
  await writeFile(joinFile, `${encodeInvitation(invitationTo(server))}\n`);
  await answer(redis, 'admit');
  const membership = await waiting;
  assert.equal(membership?.node, NODE);
  assert.deepEqual(readMembership(home.path), membership);
});

test('waiting for an invitation ends when the agent is stopped', async () => {
  await using home = await makeTempDir();
  const stopping = new AbortController();
  const waiting = awaitMembership({
    dataDir: home.path,
    joinFile: join(home.path, 'never'),
    node: NODE,
    key: loadWorkerKey(home.path),
    signal: stopping.signal,
    log: LOG,
  });
  stopping.abort();
  assert.equal(await waiting, null);
});

test('key and membership are for their owner alone, and are read as they were written', async () => {
  await using server = await startRedis();
  await using home = await makeTempDir();
  const umask = process.umask(0);
  try {
    const key = loadWorkerKey(home.path);
    assert.equal(loadWorkerKey(home.path).publicText, key.publicText);
    assert.equal(readMembership(home.path), null);
    const { redis, clusterKey } = invitationTo(server);
    const member = { v: 1, node: NODE, publicKey: key.publicText, joinedAt: 1 };
    const membership = {
      v: 1,
      node: NODE,
      redis,
      clusterKey,
      member: seal(CLUSTER, 'member', member),
    } as const;
    writeMembership(home.path, membership);
    assert.deepEqual(readMembership(home.path), membership);
    for (const name of ['worker.key', 'membership.json'])
      assert.equal((await stat(join(home.path, name))).mode & 0o777, 0o600, name);
  } finally {
    process.umask(umask);
  }
});

test('a damaged key or membership is named, with what to do', async () => {
  await using home = await makeTempDir();
  await writeFile(join(home.path, 'membership.json'), '{"v":1}');
  await writeFile(join(home.path, 'worker.key'), 'nonsense');
  assert.throws(() => readMembership(home.path), hasCode('CORRUPT_RECORD'));
  assert.throws(() => loadWorkerKey(home.path), hasCode('CORRUPT_RECORD'));
  assert.equal(await readFile(join(home.path, 'worker.key'), 'utf8'), 'nonsense');
});

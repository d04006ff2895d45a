import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { test } from 'node:test';
import { nodeNameSchema } from '@petit/model';
import {
  beatSchema,
  generateSigningKey,
  hashAttempts,
  importPublicKey,
  logChunkSchema,
  open,
  parseJson,
  sealEnvelope,
  type LogChunk,
} from '@petit/protocol';
import { KEY_PREFIX, KEYS, queueName } from '@petit/store/shared';
import { waitFor } from '@petit/testkit';
import { commandOf, type PlacedTask } from './hand-leader.fixture.js';
import { announcements, openWorld, type World } from './test-agent.fixture.js';

async function outputOf(world: World, task: PlacedTask, stream: string): Promise<string> {
  const field = `${task.attemptId}|${stream}`;
  const stored = await world.leader.redis.hgetBuffer(KEYS.logs(task.runId), field);
  return stored === null ? '' : gunzipSync(stored.subarray(8)).toString();
}

async function deliveryState(world: World, task: PlacedTask): Promise<string> {
  const [board] = world.leader.deliveries.boardQueues([queueName(world.leader.node)]);
  return (await board?.getJobState(task.id)) ?? 'none';
}

test('a task is taken, given leave, started once, and its end reported with its output', async () => {
  await using world = await openWorld();
  await world.start();
  const task = await world.leader.place(world.noting('echo out; echo err >&2; exit 3'));
  const word = await world.leader.wordOf(task);
  assert.ok(word.kind === 'ended');
  assert.deepEqual(word.end.ending, { kind: 'exited', code: 3 });
  assert.equal(await outputOf(world, task, 'stdout'), 'out\n');
  assert.equal(await outputOf(world, task, 'stderr'), 'err\n');
  const entries = await world.leader.entries();
  assert.deepEqual(
    entries.map(({ kind }) => kind).filter((kind) => kind !== 'announcement'),
    ['leave', 'word'],
  );
  assert.equal(await world.starts(), 1);
  await waitFor(async () => (await deliveryState(world, task)) === 'failed', {
    what: 'the delivery to be finished',
  });
});

test('once the record shows the end, the attempt is forgotten and its files go', async () => {
  await using world = await openWorld();
  const shown: string[] = [];
  const agent = await world.start({
    failpoint: (name) => {
      if (name === 'worker.after_shown') shown.push(name);
    },
  });
  const task = await world.leader.place(['true']);
  await world.leader.wordOf(task);
  await world.leader.apply(task);
  await waitFor(() => shown.length, { what: 'the end to be seen in the record' });
  await world.stop(agent);
  await world.start();
  const [latest] = (await announcements(world.leader)).slice(-1);
  assert.deepEqual(latest?.unfinished, []);
  assert.ok(!existsSync(`${world.dataDir}/attempts/${task.attemptId}`));
  assert.equal((await world.leader.words()).length, 1, 'nothing is said twice');
});

test('no more tasks run at once than there are slots, and a large one waits for all it needs', async () => {
  await using world = await openWorld();
  await world.start({ slots: 2 });
  const script = `echo + >> ${world.evidence}; sleep 0.15; echo - >> ${world.evidence}`;
  const small = [1, 2, 3].map(() => world.leader.place(['sh', '-c', script]));
  const tasks = await Promise.all(small);
  tasks.push(await world.leader.place(['sh', '-c', script], { slots: 2 }));
  tasks.push(await world.leader.place(['sh', '-c', script]));
  for (const task of tasks) await world.leader.wordOf(task);
  let running = 0;
  let most = 0;
  for (const mark of (await readFile(world.evidence, 'utf8')).trim().split('\n')) {
    running += mark === '+' ? 1 : -1;
    most = Math.max(most, running);
  }
  assert.equal(most, 2);
});

test('leave that is refused or too late starts nothing, and the placement is given back', async () => {
  await using world = await openWorld();
  await world.start();
  const withdrawn = await world.leader.record(commandOf(world.noting('true')));
  await world.leader.setTask(withdrawn.envelope, { state: 'ready' });
  await world.leader.deliver(withdrawn);
  const expired = await world.leader.place(world.noting('true'), { expiresAt: Date.now() - 1 });
  const words = [await world.leader.wordOf(withdrawn), await world.leader.wordOf(expired)];
  assert.deepEqual(
    words.map((word) => word.kind === 'declined' && word.why),
    ['not_granted', 'expired'],
  );
  assert.equal(await world.starts(), 0);
  await waitFor(async () => (await deliveryState(world, withdrawn)) === 'failed', {
    what: 'the delivery to be finished',
  });
});

test('what no leader signed for this node is refused, told and never started; a good one is, in between', async () => {
  await using world = await openWorld();
  const { leader } = world;
  await world.start();
  const tasks = await Promise.all(
    Array.from({ length: 4 }, () => leader.record(commandOf(world.noting('true')))),
  );
  const [changed, foreign, elsewhere, good] = tasks;
  assert.ok(changed && foreign && elsewhere && good);
  const sealed = leader.seal(changed);
  await leader.deliver(changed, { ...sealed, body: sealed.body.replace('started', 'Started') });
  await leader.deliver(foreign, sealEnvelope(generateSigningKey(), foreign.envelope));
  const other = { ...elsewhere.envelope, node: nodeNameSchema.parse('cube2') };
  await leader.deliver(elsewhere, leader.seal({ ...elsewhere, envelope: other }));
  const [board] = leader.deliveries.boardQueues([queueName(leader.node)]);
  await board?.add('task', { command: 'sh', args: ['-c', `echo x >> ${world.evidence}`] });
  await leader.deliver(good);
  const word = await leader.wordOf(good);
  assert.equal(word.kind, 'ended');
  const refusals = (await leader.words()).filter(({ kind }) => kind === 'refused');
  assert.deepEqual(
    refusals.map((refusal) => 'why' in refusal && refusal.why),
    ['bad_signature', 'bad_signature', 'other_node', 'malformed'],
  );
  assert.equal(await world.starts(), 1);
});

test('an envelope of an epoch below one that was seen is declined, also after a restart', async () => {
  await using world = await openWorld();
  const first = await world.start();
  const task = await world.leader.place(['true'], { epoch: 7 });
  await world.leader.wordOf(task);
  await world.stop(first);
  await world.start();
  const old = await world.leader.place(world.noting('true'), { epoch: 6 });
  const word = await world.leader.wordOf(old);
  assert.equal(word.kind === 'declined' && word.why, 'old_epoch');
  assert.equal(await world.starts(), 0);
});

test('junk without end is refused, and the leader hears of a bounded part of it', async () => {
  await using world = await openWorld();
  await world.start();
  const [board] = world.leader.deliveries.boardQueues([queueName(world.leader.node)]);
  assert.ok(board);
  await board.addBulk(Array.from({ length: 150 }, (_, data) => ({ name: 'task', data })));
  const good = await world.leader.place(['true']);
  await world.leader.wordOf(good, { timeoutMs: 30_000 });
  const refusals = (await world.leader.words()).filter(({ kind }) => kind === 'refused');
  assert.ok(refusals.length >= 60 && refusals.length <= 120, `${refusals.length} refusals`);
});

test('a cordoned worker takes nothing new and says so, and goes on when it may', async () => {
  await using world = await openWorld();
  const { leader } = world;
  await world.start();
  await leader.setControl({ cordon: true });
  await waitFor(async () => (await announcements(leader)).at(-1)?.closed === 'cordoned', {
    what: 'the announcement that it is cordoned',
  });
  await leader.setControl({ rev: 2 });
  await waitFor(async () => (await announcements(leader)).at(-1)?.closed === null, {
    what: 'the announcement that it is open',
  });
  await leader.wordOf(await leader.place(['true']));
});

test('what a leader wants to end is ended, with the grace that the envelope states', async () => {
  await using world = await openWorld();
  const { leader } = world;
  await world.start();
  const stubborn = await leader.place(world.noting("trap '' TERM; while :; do sleep 0.05; done"), {
    killGraceMs: 200,
  });
  const obedient = await leader.place(world.noting('sleep 60'), { killGraceMs: 60_000 });
  await waitFor(async () => (await world.starts()) === 2, { what: 'both to run' });
  await leader.setControl({ stop: [stubborn.attemptId, obedient.attemptId] });
  for (const task of [stubborn, obedient]) {
    const word = await leader.wordOf(task);
    assert.equal(word.kind === 'ended' && word.end.ending.kind, 'stopped');
  }
});

test('a stop that was written while nobody listened is obeyed at the next connect', async () => {
  await using world = await openWorld();
  const { leader } = world;
  const first = await world.start();
  const task = await leader.place(world.noting('sleep 60'));
  await waitFor(() => world.starts(), { what: 'it to run' });
  await world.stop(first);
  await leader.setControl({ stop: [task.attemptId] });
  await world.start();
  const word = await leader.wordOf(task);
  assert.equal(word.kind === 'ended' && word.end.ending.kind, 'stopped');
});

test('followed output is published as it comes, whole and in order', async () => {
  await using world = await openWorld();
  const { leader } = world;
  await world.start();
  const subscriber = leader.redis.duplicate();
  const chunks: LogChunk[] = [];
  await subscriber.subscribe(KEYS.logChunks);
  subscriber.on('message', (_channel, text) => chunks.push(logChunkSchema.parse(parseJson(text))));
  const script = `for i in 1 2 3; do echo line $i; while [ ! -e ${world.evidence}.$i ]; do sleep 0.02; done; done`;
  const task = await leader.place(['sh', '-c', script]);
  await leader.setControl({ follow: [task.attemptId] });
  const text = (): string =>
    chunks.map(({ bytes }) => Buffer.from(bytes, 'base64').toString()).join('');
  // The control record may be read before the attempt is known: it is a level, and read again.
  for (const line of [1, 2, 3]) {
    await waitFor(() => text().includes(`line ${line}\n`), { what: `line ${line}` });
    await leader.redis.publish(KEYS.nudge(leader.node), '');
    await writeFile(`${world.evidence}.${line}`, '');
  }
  await leader.wordOf(task);
  assert.equal(text(), 'line 1\nline 2\nline 3\n');
  let expected = 0;
  for (const { fromByte, bytes } of chunks) {
    assert.equal(fromByte, expected);
    expected += Buffer.from(bytes, 'base64').length;
  }
  subscriber.disconnect();
});

test('P4 a follow begins with what the task has printed so far', async () => {
  await using world = await openWorld();
  const { leader, evidence } = world;
  await world.start();
  const subscriber = leader.redis.duplicate();
  const chunks: LogChunk[] = [];
  await subscriber.subscribe(KEYS.logChunks);
  subscriber.on('message', (_channel, text) => chunks.push(logChunkSchema.parse(parseJson(text))));
  const script = `echo early; touch ${evidence}.on; while [ ! -e ${evidence}.off ]; do sleep 0.02; done`;
  const task = await leader.place(['sh', '-c', script]);
  await waitFor(() => existsSync(`${evidence}.on`), { what: 'the task to have printed' });
  await leader.setControl({ follow: [task.attemptId] });
  await waitFor(() => chunks.length > 0, { what: 'what it has printed' });
  const [first] = chunks;
  assert.equal(first?.fromByte, 0);
  assert.equal(Buffer.from(first.bytes, 'base64').toString(), 'early\n');
  await writeFile(`${evidence}.off`, '');
  await leader.wordOf(task);
  subscriber.disconnect();
});

test('an announcement names what is unfinished, and beats carry its hash and the announcement', async () => {
  await using world = await openWorld();
  const { leader } = world;
  const subscriber = leader.redis.duplicate();
  await subscriber.subscribe(KEYS.beats);
  const publicKey = importPublicKey(leader.workerKey.publicText);
  assert.ok(publicKey);
  const beats: ReturnType<typeof beatSchema.parse>[] = [];
  subscriber.on('message', (_channel, text) => {
    const beat = open(parseJson(text), { publicKey, kind: 'beat', schema: beatSchema });
    if (beat.ok) beats.push(beat.value);
  });
  await world.start();
  const task = await leader.place(world.noting('sleep 60'));
  await waitFor(() => world.starts(), { what: 'it to run' });
  await leader.setControl({ rev: 9 });
  const beat = await waitFor(() => beats.find(({ controlRev }) => controlRev === 9), {
    what: 'a beat',
  });
  const announcement = (await announcements(leader)).at(-1);
  assert.deepEqual(announcement?.unfinished, [task.attemptId]);
  assert.deepEqual(announcement.begun, [task.attemptId]);
  assert.equal(beat.unfinished, hashAttempts([task.attemptId]));
  assert.equal(beat.announcement, announcement?.seq);
  assert.equal(beat.agentId, announcement?.agentId);
  subscriber.disconnect();
});

test('a drained worker takes nothing new, waits for what runs, and has reported it', async () => {
  await using world = await openWorld();
  const { leader } = world;
  const agent = await world.start();
  const task = await leader.place(
    world.noting(`while [ ! -e ${world.evidence}.go ]; do sleep 0.02; done`),
  );
  await waitFor(() => world.starts(), { what: 'it to run' });
  let isDrained = false;
  const draining = agent.drain().then(() => (isDrained = true));
  await waitFor(async () => (await announcements(leader)).at(-1)?.closed === 'draining', {
    what: 'the announcement that it drains',
  });
  const late = await leader.place(world.noting('true'));
  const lateWord = leader.wordOf(late);
  assert.equal(isDrained, false);
  await writeFile(`${world.evidence}.go`, '');
  await leader.wordOf(task);
  await leader.apply(task);
  // One that was on its way when the door closed is given back; one that was not waits in the queue.
  const outcome = await Promise.race([lateWord, draining.then(() => 'drained' as const)]);
  if (outcome !== 'drained') {
    assert.equal(outcome.kind === 'declined' && outcome.why, 'draining');
    await leader.apply(late, 'ready');
  }
  await draining;
  assert.equal(await world.starts(), 1);
  lateWord.catch(() => undefined);
  await world.stop(agent);
});

test('an agent that is told to end its tasks ends them and has reported it', async () => {
  await using world = await openWorld();
  const agent = await world.start();
  const task = await world.leader.place(world.noting('sleep 60'));
  await waitFor(() => world.starts(), { what: 'it to run' });
  await world.stop(agent, 'end');
  const [word] = await world.leader.words();
  assert.ok(word?.kind === 'ended' && word.attemptId === task.attemptId);
  assert.equal(word.end.ending.kind, 'stopped');
});

test('three connections are enough', async () => {
  await using world = await openWorld();
  await world.start();
  await world.leader.wordOf(await world.leader.place(['true']));
  const list = String(await world.leader.redis.client('LIST'))
    .trim()
    .split('\n');
  const own = list.filter((line) => !/name=petit-hand/.test(line));
  assert.equal(own.length, 3, list.join('\n'));
  assert.ok(list.every((line) => !line.includes(`${KEY_PREFIX}:x`)));
});

test('a worker without its files directory still reports how a task could not be started', async () => {
  await using world = await openWorld();
  await world.start();
  await rm(`${world.dataDir}/attempts`, { recursive: true });
  const task = await world.leader.place(['/no/such/program']);
  const word = await world.leader.wordOf(task);
  assert.equal(word.kind === 'ended' && word.end.ending.kind, 'start_failed');
});

test('a start that the disk refuses is told, once the disk lets it be decided that it never will', async () => {
  await using world = await openWorld();
  let isAnswered = false;
  await world.start({
    failpoint: (name) => {
      isAnswered ||= name === 'runner.after_start_answer';
    },
  });
  const task = await world.leader.record(commandOf(world.noting('true')));
  // Where the directory of the attempt would be, something else is.
  await writeFile(`${world.dataDir}/attempts/${task.attemptId}`, '');
  await world.leader.deliver(task);
  await waitFor(() => isAnswered, { what: 'the supervisor to have refused it' });
  await rm(`${world.dataDir}/attempts/${task.attemptId}`);
  const word = await world.leader.wordOf(task);
  assert.equal(word.kind === 'ended' && word.end.ending.kind, 'start_failed');
  assert.equal(await world.starts(), 0);
});

import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import { nodeNameSchema } from '@petit/model';
import { createLog } from '@petit/daemon';
import { generateSigningKey, parseJson, type Report, type Signed } from '@petit/protocol';
import { deliveryId } from '@petit/store/shared';
import { envelopeOf, runIdOf, SUCCESS } from '../test-envelope.fixture.js';
import { Outbox, type Heard, type Word } from './outbox.js';
import { endedWord } from './words.js';

const NODE = nodeNameSchema.parse('cube1');

function wordOf(number: number): Word {
  const envelope = envelopeOf({ runId: runIdOf(number), expiresAt: 100_000 });
  const id = deliveryId(envelope.attemptId, envelope.placement);
  return endedWord(NODE, { id, envelope }, SUCCESS);
}

/** An outbox on a clock that stands still, before a store that answers as it is told. */
function openTestOutbox(context: TestContext): {
  readonly outbox: Outbox;
  readonly sent: string[];
  readonly looks: string[];
  readonly said: string[];
  readonly heard: [string, Heard][];
  answer: 'shown' | 'open' | 'no_run';
  isOnline: boolean;
  redisNow: number;
  failing: Error | null;
  pass(ms: number): Promise<void>;
} {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  const world = {
    sent: [] as string[],
    looks: [] as string[],
    said: [] as string[],
    heard: [] as [string, Heard][],
    answer: 'open' as 'shown' | 'open' | 'no_run',
    isOnline: true,
    redisNow: 0,
    failing: null as Error | null,
    pass: async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 50) {
        now += 50;
        context.mock.timers.tick(50);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
  const outbox = new Outbox({
    store: {
      report: async (_node, { body }: Signed) => {
        if (world.failing !== null) throw world.failing;
        world.sent.push((parseJson(body) as Report).attemptId);
      },
      saveLog: async ({ attemptId, stream }) => {
        world.sent.push(`${stream} of ${attemptId}`);
      },
      readShown: async ({ attemptId }) => {
        world.looks.push(attemptId);
        return world.answer;
      },
    },
    node: NODE,
    key: generateSigningKey(),
    readTails: async ({ report }) => [
      { attemptId: report.attemptId, stream: 'stdout', sizeBytes: 2, bytes: Buffer.from('hi') },
    ],
    isOnline: () => world.isOnline,
    onSaid: ({ id }) => world.said.push(id),
    onHeard: async (word, heard) => {
      world.heard.push([word.id, heard]);
    },
    redisNow: () => world.redisNow,
    monotonicMs: () => now,
    failpoint: () => undefined,
    log: createLog({ level: 'silent', name: 'test' }),
  });
  context.after(() => outbox.close());
  return Object.assign(world, { outbox });
}

test('a word is sent at once, behind its output, and looked for a second later', async (context) => {
  const world = openTestOutbox(context);
  const word = wordOf(1);
  const { attemptId } = word.report;
  await world.outbox.say(word);
  assert.deepEqual(world.sent, [`stdout of ${attemptId}`, attemptId]);
  assert.deepEqual(world.said, [word.id]);
  await world.pass(950);
  assert.deepEqual(world.looks, []);
  world.answer = 'shown';
  await world.pass(100);
  assert.deepEqual(world.looks, [attemptId]);
  assert.deepEqual(world.heard, [[word.id, 'shown']]);
  assert.equal(world.outbox.find(word.id), null);
  await world.pass(60_000);
  assert.equal(world.looks.length, 1, 'what was heard is asked for no more');
});

test('words that are said together are looked for together', async (context) => {
  const world = openTestOutbox(context);
  for (let number = 0; number < 5; number += 1) {
    await world.outbox.say(wordOf(number));
    await world.pass(50);
  }
  await world.pass(700);
  assert.equal(world.looks.length, 0, 'the first was said 950 ms ago');
  await world.pass(50);
  assert.equal(world.looks.length, 5);
});

test('a word that is not shown is said again, later and later, and never given up', async (context) => {
  const world = openTestOutbox(context);
  await world.outbox.say(wordOf(1));
  await world.pass(25_000);
  const reports = (): number => world.sent.filter((text) => !text.startsWith('stdout')).length;
  assert.equal(reports(), 2, 'after ten seconds');
  await world.pass(3_600_000);
  assert.ok(reports() >= 12 && reports() <= 20, `${reports()} in an hour`);
  assert.ok(world.looks.length <= 400, `${world.looks.length} looks in an hour`);
});

test('P4 when a leader is back after hours, what waits is looked for in a second and said again in ten', async (context) => {
  const world = openTestOutbox(context);
  await world.outbox.say(wordOf(1));
  await world.pass(3_600_000);
  world.sent.length = 0;
  world.looks.length = 0;
  world.outbox.hasten();
  await world.pass(1_300);
  assert.equal(world.looks.length, 1, 'looked for');
  // A leader that is followed nudges often: that puts nothing off, and repeats nothing sooner.
  for (let nudge = 0; nudge < 80; nudge += 1) {
    world.outbox.hasten();
    await world.pass(100);
  }
  assert.equal(world.sent.length, 0);
  await world.pass(3_000);
  assert.equal(world.sent.length, 2, 'its output and itself, once');
  world.answer = 'shown';
  await world.pass(10_000);
  assert.equal(world.heard.length, 1);
});

test('a new word is looked for in time while old ones wait longer', async (context) => {
  const world = openTestOutbox(context);
  await world.outbox.say(wordOf(1));
  await world.pass(60_000);
  world.looks.length = 0;
  const word = wordOf(2);
  await world.outbox.say(word);
  await world.pass(1_100);
  assert.ok(world.looks.includes(word.report.attemptId));
});

test('while Redis is away nothing is sent; at the next connect what the record does not show is', async (context) => {
  const world = openTestOutbox(context);
  world.isOnline = false;
  await world.outbox.say(wordOf(1));
  await world.pass(60_000);
  assert.deepEqual(world.sent, []);
  world.isOnline = true;
  await world.outbox.revive();
  assert.equal(world.sent.length, 2);
});

test('what an earlier agent may have said is not said again if the record shows it', async (context) => {
  const world = openTestOutbox(context);
  const word = wordOf(1);
  world.outbox.remember(word);
  assert.deepEqual(world.sent, []);
  world.answer = 'shown';
  await world.outbox.revive();
  assert.deepEqual(world.sent, []);
  assert.deepEqual(world.heard, [[word.id, 'shown']]);
});

test('of a run that is not there only the end is told, and only until the envelope expires', async (context) => {
  const world = openTestOutbox(context);
  const word = wordOf(1);
  world.outbox.remember(word);
  world.answer = 'no_run';
  await world.outbox.revive();
  assert.deepEqual(world.sent, [word.report.attemptId], 'no output, which nobody would remove');
  await world.pass(60_000);
  assert.equal(world.sent.length, 1);
  world.redisNow = 100_001;
  await world.pass(11_000);
  assert.deepEqual(world.heard, [[word.id, 'no_run']]);
});

test('a word that Redis refuses is said again', async (context) => {
  const world = openTestOutbox(context);
  world.failing = new Error('OOM command not allowed');
  await world.outbox.say(wordOf(1));
  world.failing = null;
  await world.pass(11_000 + 10_000);
  assert.ok(world.sent.includes(wordOf(1).report.attemptId));
});

test('a closed outbox asks and says nothing more', async (context) => {
  const world = openTestOutbox(context);
  await world.outbox.say(wordOf(1));
  world.outbox.close();
  await world.pass(60_000);
  assert.deepEqual(world.looks, []);
  mock.reset();
});

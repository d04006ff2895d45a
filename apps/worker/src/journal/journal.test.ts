import assert from 'node:assert/strict';
import { constants, readlinkSync } from 'node:fs';
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import * as fc from 'fast-check';
import {
  envelopeSchema,
  generateSigningKey,
  importPublicKey,
  open as openSigned,
  sealEnvelope,
  type Envelope,
} from '@petit/protocol';
import { makeTempDir } from '@petit/testkit';
import { envelopeOf, runIdOf, SUCCESS } from '../test-envelope.fixture.js';
import { Journal, type OpenEntry } from './journal.js';

const KEY = generateSigningKey();
const PUBLIC_KEY = importPublicKey(KEY.publicText);

function openJournal(path: string, freshId = 'fresh'): Promise<Journal> {
  assert.ok(PUBLIC_KEY);
  const publicKey = PUBLIC_KEY;
  return Journal.open({
    path,
    freshId,
    openEnvelope: (signed) => {
      const opened = openSigned(signed, { publicKey, kind: 'envelope', schema: envelopeSchema });
      return opened.ok ? opened.value : null;
    },
  });
}

function accept(journal: Journal, envelope: Envelope): Promise<OpenEntry> {
  return journal.accept({ envelope, signed: sealEnvelope(KEY, envelope), bootId: 'boot' });
}

/** What a journal knows, in a form that can be compared. */
function contentOf(journal: Journal): unknown {
  return {
    id: journal.id,
    epoch: journal.highestEpoch,
    open: [...journal.open()].map(({ id, state, envelope }) => ({ id, state, envelope })),
    settled: [...journal.settled()],
  };
}

/** What is called on every open file, to be watched or made to fail. */
async function fileMethods(path: string): Promise<{ write(): Promise<void> }> {
  const file = await open(path, 'a');
  await file.close();
  return Object.getPrototypeOf(file) as never;
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

test('what was written is known after a restart, in each state', async () => {
  await using home = await makeTempDir();
  const path = join(home.path, 'journal');
  let content: unknown;
  {
    await using journal = await openJournal(path, 'first');
    await accept(journal, envelopeOf({ runId: runIdOf(1) }));
    journal.grant(await accept(journal, envelopeOf({ runId: runIdOf(2), epoch: 7 })));
    journal.decline(await accept(journal, envelopeOf({ runId: runIdOf(3) })), 'expired');
    const ended = journal.grant(await accept(journal, envelopeOf({ runId: runIdOf(4) })));
    journal.settle(ended, SUCCESS, 1_000);
    journal.forget(await accept(journal, envelopeOf({ runId: runIdOf(5) })));
    content = contentOf(journal);
  }
  await using again = await openJournal(path, 'second');
  assert.deepEqual(contentOf(again), content);
  assert.equal(again.id, 'first');
  assert.equal(again.highestEpoch, 7);
  assert.deepEqual(
    [...again.open()].map(({ state }) => state.kind),
    ['accepted', 'granted', 'declined'],
  );
  assert.deepEqual(again.damage, { badLines: [], foreign: 0 });
});

test('a journal that is gone is made anew, under another id', async () => {
  await using home = await makeTempDir();
  await using one = await openJournal(join(home.path, 'one'), 'a');
  await using other = await openJournal(join(home.path, 'other'), 'b');
  assert.deepEqual([one.id, other.id], ['a', 'b']);
});

test('many accepts at once share few writes, each of which is synced', async () => {
  await using home = await makeTempDir();
  const path = join(home.path, 'journal');
  await using journal = await openJournal(path);
  const descriptors = await readdir('/proc/self/fd');
  const targets = descriptors.map((fd) => [fd, readLink(`/proc/self/fd/${fd}`)] as const);
  const own = targets.find(([, target]) => target === path)?.[0];
  const flags = /^flags:\s+(\d+)$/m.exec(await readFile(`/proc/self/fdinfo/${own}`, 'latin1'))?.[1];
  assert.ok(
    Number.parseInt(flags ?? '0', 8) & constants.O_DSYNC,
    'the file is opened with O_DSYNC',
  );
  const write = mock.method(await fileMethods(path), 'write');
  try {
    const entries = Array.from({ length: 100 }, (_, index) =>
      accept(journal, envelopeOf({ runId: runIdOf(index) })),
    );
    await Promise.all(entries);
    const { length: writes } = write.mock.calls;
    assert.ok(writes >= 1 && writes <= 3, `${writes} writes for 100 accepts`);
    await accept(journal, envelopeOf({ runId: runIdOf(1_000) }));
    assert.equal(write.mock.callCount(), writes + 1);
  } finally {
    write.mock.restore();
  }
});

test('an accept that the disk refuses is thrown, and leaves a journal that can be read and written', async () => {
  await using home = await makeTempDir();
  const path = join(home.path, 'journal');
  const kept = envelopeOf({ runId: runIdOf(1) });
  const refused = envelopeOf({ runId: runIdOf(2) });
  const later = envelopeOf({ runId: runIdOf(3) });
  {
    await using journal = await openJournal(path);
    await accept(journal, kept);
    const methods = await fileMethods(path);
    const append = mock.method(methods, 'write', async () => {
      // As a full disk does: a part of it is there.
      await writeFile(path, 'half a li', { flag: 'a' });
      throw new Error('ENOSPC: no space left on device');
    });
    await assert.rejects(accept(journal, refused), /ENOSPC/);
    await assert.rejects(journal.probe(), /ENOSPC/);
    append.mock.restore();
    assert.equal([...journal.open()].length, 1);
    await journal.probe();
    await accept(journal, later);
  }
  await using again = await openJournal(path);
  assert.deepEqual(
    [...again.open()].map(({ envelope }) => envelope.runId),
    [kept.runId, later.runId],
  );
  assert.deepEqual(again.damage.badLines, []);
});

test('a write that failed is not trusted: the file is written anew', async () => {
  await using home = await makeTempDir();
  const path = join(home.path, 'journal');
  await using journal = await openJournal(path);
  await accept(journal, envelopeOf({ runId: runIdOf(1) }));
  const { ino } = await stat(path);
  const write = mock.method(await fileMethods(path), 'write', async () => {
    throw new Error('EIO: i/o error');
  });
  await assert.rejects(accept(journal, envelopeOf({ runId: runIdOf(2) })), /EIO/);
  write.mock.restore();
  await accept(journal, envelopeOf({ runId: runIdOf(3) }));
  assert.notEqual((await stat(path)).ino, ino);
});

test('the file stays small however many attempts go through it', async () => {
  await using home = await makeTempDir();
  const path = join(home.path, 'journal');
  await using journal = await openJournal(path);
  const signed = sealEnvelope(KEY, envelopeOf({ config: JSON.stringify('x'.repeat(10_000)) }));
  let largestBytes = 0;
  for (let round = 0; round < 10; round += 1) {
    const entries = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const envelope = envelopeOf({ runId: runIdOf(round * 40 + index), expiresAt: 10 });
        return journal.accept({ envelope, signed, bootId: 'boot' });
      }),
    );
    for (const entry of entries) journal.settle(journal.grant(entry), SUCCESS, 0);
    journal.forgetOld(1_000_000);
    largestBytes = Math.max(largestBytes, (await stat(path)).size);
  }
  assert.ok(largestBytes > 1_000_000, 'it has grown enough to be compacted');
  assert.ok(largestBytes < 2_500_000, `${largestBytes} bytes`);
  assert.equal([...journal.settled()].length, 0);
});

test('settled attempts are remembered past the expiry of their envelope, and of those the newest', async () => {
  await using home = await makeTempDir();
  await using journal = await openJournal(join(home.path, 'journal'));
  const signed = sealEnvelope(KEY, envelopeOf());
  const settle = async (number: number, expiresAt: number): Promise<void> => {
    const envelope = envelopeOf({ runId: runIdOf(number), expiresAt });
    const entry = await journal.accept({ envelope, signed, bootId: 'boot' });
    journal.settle(journal.grant(entry), SUCCESS, 1_000);
  };
  await settle(1, 50_000);
  journal.forgetOld(49_000);
  assert.equal([...journal.settled()].length, 1, 'not expired');
  journal.forgetOld(60_000);
  assert.equal([...journal.settled()].length, 1, 'expired, but settled less than a minute ago');
  journal.forgetOld(61_001);
  assert.equal([...journal.settled()].length, 0);
  await Promise.all(
    Array.from({ length: 5_010 }, (_, index) => settle(index, Number.MAX_SAFE_INTEGER)),
  );
  journal.forgetOld(2_000);
  assert.equal([...journal.settled()].length, 5_000);
  assert.equal(journal.findSettled(envelopeOf({ runId: runIdOf(9) }).attemptId), null);
  assert.notEqual(journal.findSettled(envelopeOf({ runId: runIdOf(10) }).attemptId), null);
});

test('the same attempt may be accepted again under a later placement', async () => {
  await using home = await makeTempDir();
  await using journal = await openJournal(join(home.path, 'journal'));
  const first = journal.grant(await accept(journal, envelopeOf({ placement: 1 })));
  const second = await accept(journal, envelopeOf({ placement: 2 }));
  assert.equal(journal.grantedOf(second.envelope.attemptId)?.id, first.id);
  journal.grant(second);
  assert.equal(journal.grantedOf(second.envelope.attemptId)?.id, second.id);
});

test('damage in the middle and envelopes of another cluster are told, and the rest is kept', async () => {
  await using home = await makeTempDir();
  const path = join(home.path, 'journal');
  {
    await using journal = await openJournal(path);
    for (const number of [1, 2, 3]) await accept(journal, envelopeOf({ runId: runIdOf(number) }));
    const foreign = envelopeOf({ runId: runIdOf(4) });
    const signed = sealEnvelope(generateSigningKey(), foreign);
    await journal.accept({ envelope: foreign, signed, bootId: 'boot' });
  }
  const text = await readFile(path, 'latin1');
  await writeFile(path, text.replace(runIdOf(2), runIdOf(9)));
  await using again = await openJournal(path);
  assert.equal(again.damage.badLines.length, 1);
  assert.equal(again.damage.foreign, 1);
  assert.deepEqual(
    [...again.open()].map(({ envelope }) => envelope.runId),
    [runIdOf(1), runIdOf(3)],
  );
  await accept(again, envelopeOf({ runId: runIdOf(5) }));
  await using mended = await openJournal(path);
  assert.deepEqual(mended.damage, { badLines: [], foreign: 0 });
});

type Step = {
  readonly kind: 'accept' | 'grant' | 'decline' | 'settle' | 'forget' | 'restart';
  readonly number: number;
};

test('whatever happens to attempts, in whatever order, a journal that is read again knows the same', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('accept', 'accept', 'grant', 'decline', 'settle', 'forget', 'restart'),
    number: fc.integer({ min: 0, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      await using home = await makeTempDir();
      const path = join(home.path, 'journal');
      let journal = await openJournal(path);
      for (const { kind, number } of steps) {
        const entry = [...journal.open()].find(
          ({ envelope }) => envelope.runId === runIdOf(number),
        );
        if (kind === 'restart') {
          const content = contentOf(journal);
          await journal[Symbol.asyncDispose]();
          journal = await openJournal(path);
          assert.deepEqual(contentOf(journal), content);
        } else if (kind === 'accept') {
          if (entry === undefined)
            await accept(journal, envelopeOf({ runId: runIdOf(number), epoch: number + 1 }));
        } else if (entry !== undefined) {
          if (kind === 'grant') journal.grant(entry);
          else if (kind === 'decline') journal.decline(entry, 'expired');
          else if (kind === 'settle') journal.settle(entry, SUCCESS, number);
          else journal.forget(entry);
        }
      }
      await journal[Symbol.asyncDispose]();
    }),
    { seed: 20_261_124, numRuns: 60 },
  );
});

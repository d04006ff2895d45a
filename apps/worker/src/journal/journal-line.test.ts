import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { generateSigningKey, sealEnvelope } from '@petit/protocol';
import { envelopeOf, runIdOf, SUCCESS } from '../test-envelope.fixture.js';
import { encodeLine, parseJournal, type JournalLine } from './journal-line.js';

const KEY = generateSigningKey();

const line: fc.Arbitrary<JournalLine> = fc
  .record({
    number: fc.integer({ min: 0, max: 999 }),
    placement: fc.integer({ min: 1, max: 5 }),
    kind: fc.constantFrom(
      'journal',
      'epoch',
      'accepted',
      'granted',
      'declined',
      'settled',
      'forgotten',
    ),
    text: fc.string({ unit: 'binary', maxLength: 20 }),
  })
  .map(({ number, placement, kind, text }): JournalLine => {
    const envelope = envelopeOf({ runId: runIdOf(number), placement, environment: { TEXT: text } });
    const about = { attemptId: envelope.attemptId, placement };
    switch (kind) {
      case 'journal':
        return { kind, v: 1, id: `id${number}` };
      case 'epoch':
        return { kind, epoch: number };
      case 'accepted':
        return { kind, ...about, bootId: 'boot', envelope: sealEnvelope(KEY, envelope) };
      case 'declined':
        return { kind, ...about, why: 'expired' };
      case 'settled':
        return { kind, ...about, end: SUCCESS, expiresAt: number, settledAt: number };
      case 'granted':
      case 'forgotten':
        return { kind, ...about };
      default:
        return kind satisfies never;
    }
  });

const SEED = { seed: 20_261_124 };

test('what is written is read again, every kind of line', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
      const file = Buffer.from(lines.map(encodeLine).join(''));
      assert.deepEqual(parseJournal(file), { lines, wholeBytes: file.length, badLines: [] });
    }),
    { ...SEED, numRuns: 100 },
  );
});

test('an append that was torn at any byte is dropped, and nothing else is', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 3 }), line, (before, last) => {
      const whole = Buffer.from(before.map(encodeLine).join(''));
      const torn = Buffer.from(encodeLine(last));
      for (let at = 0; at < torn.length; at += 1) {
        const text = parseJournal(Buffer.concat([whole, torn.subarray(0, at)]));
        assert.deepEqual(text, { lines: before, wholeBytes: whole.length, badLines: [] });
      }
    }),
    { ...SEED, numRuns: 20 },
  );
});

test('blocks of zeros that a loss of power left behind are a torn append too', () => {
  const line1 = encodeLine({ kind: 'epoch', epoch: 1 });
  const file = Buffer.concat([Buffer.from(line1), Buffer.alloc(512), Buffer.from('\n\0\0\n')]);
  const text = parseJournal(file);
  assert.deepEqual(text.badLines, []);
  assert.equal(text.wholeBytes, line1.length);
});

test('one flipped bit anywhere in a line costs that line, and is told when lines follow', () => {
  const lines: JournalLine[] = [1, 2, 3].map((epoch) => ({ kind: 'epoch', epoch }));
  const texts = lines.map(encodeLine);
  const [first = '', second = ''] = texts;
  const file = Buffer.from(texts.join(''));
  for (let at = first.length; at < first.length + second.length - 1; at += 1) {
    const damaged = Buffer.from(file);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    // A flip that makes a newline splits the line: two bad ones then.
    const { lines: read, badLines, wholeBytes } = parseJournal(damaged);
    assert.deepEqual(read, [lines[0], lines[2]], `byte ${at}`);
    assert.ok(badLines.includes(2));
    assert.equal(wholeBytes, file.length);
  }
});

test('a line with a right checksum and an unknown kind is damage, not a crash', () => {
  const unknown = encodeLine(JSON.parse('{"kind":"launched"}') as JournalLine);
  const known = encodeLine({ kind: 'epoch', epoch: 1 });
  const { lines, badLines } = parseJournal(Buffer.from(unknown + known));
  assert.deepEqual(lines, [{ kind: 'epoch', epoch: 1 }]);
  assert.deepEqual(badLines, [1]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogText, type LogPiece } from './log-text.js';

type Chunk = Parameters<LogText['read']>[0];

function chunk(bytes: Uint8Array | string, more: Partial<Chunk> = {}): Chunk {
  return {
    kind: 'chunk',
    key: 'only',
    attempt: 1,
    stream: 'stdout',
    fromByte: 0,
    bytes: Buffer.from(bytes).toString('base64'),
    ...more,
  };
}

function textOf(pieces: readonly LogPiece[]): string {
  return pieces.map(({ text }) => text).join('');
}

test('letters that a chunk cuts in two are put together, in each stream for itself', () => {
  const log = new LogText();
  const bytes = Buffer.from('größe ✓');
  assert.equal(textOf(log.read(chunk(bytes.subarray(0, 3)))), 'gr');
  assert.equal(textOf(log.read(chunk('warn', { stream: 'stderr' }))), 'warn');
  assert.equal(textOf(log.read(chunk(bytes.subarray(3), { fromByte: 3 }))), 'öße ✓');
});

test('bytes that are no letters and controls are shown as signs', () => {
  const log = new LogText();
  const pieces = log.read(chunk(Uint8Array.of(0x61, 0xff, 0x1b, 0x5b, 0x0d, 0x0a, 0x62)));
  assert.deepEqual(pieces, [{ kind: 'stdout', text: 'a\ufffd␛[\nb' }]);
});

test('what is not kept is said, and what comes twice is shown once', () => {
  const log = new LogText();
  const [note, text] = log.read(chunk('world', { fromByte: 5_000 }));
  assert.deepEqual(note, { kind: 'note', text: '5 KB of stdout before this are not here' });
  assert.deepEqual(text, { kind: 'stdout', text: 'world' });
  assert.equal(textOf(log.read(chunk('rld wide', { fromByte: 5_002 }))), ' wide');
  assert.deepEqual(log.read(chunk('world', { fromByte: 5_000 })), []);
});

test('another attempt begins anew and says so; a first one needs no saying', () => {
  const log = new LogText();
  assert.deepEqual(log.read(chunk('one')), [{ kind: 'stdout', text: 'one' }]);
  assert.deepEqual(log.read(chunk('two', { attempt: 2 })), [
    { kind: 'note', text: 'attempt 2' },
    { kind: 'stdout', text: 'two' },
  ]);
});

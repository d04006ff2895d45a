import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJobFile } from './decode-text.js';

function mistakeOf(bytes: Uint8Array): string {
  const decoded = decodeJobFile(bytes, 'x.yaml');
  assert.ok(!decoded.ok, 'the bytes were decoded');
  const { line, column, code, message } = decoded.problem;
  return `${line}:${column} ${code} ${message}`;
}

test('UTF-8 is decoded, and its byte order mark is no part of the text', () => {
  const decoded = decodeJobFile(Buffer.from('\uFEFFid: "grün"', 'utf8'), 'x.yaml');
  assert.deepEqual(decoded, { ok: true, text: 'id: "grün"' });
});

test('UTF-16 is named, with its mark and without', () => {
  const utf16 = '1:1 encoding the file is UTF-16, not UTF-8: save it as UTF-8';
  assert.equal(mistakeOf(Buffer.from('\uFEFFid: a', 'utf16le')), utf16);
  assert.equal(mistakeOf(Buffer.from('\uFEFFid: a', 'utf16le').swap16()), utf16);
  assert.equal(mistakeOf(Buffer.from('id: a', 'utf16le')), utf16);
  assert.equal(mistakeOf(Buffer.from('id: a', 'utf16le').swap16()), utf16);
});

test('broken UTF-8 is told at the character where it breaks', () => {
  const head = Buffer.from('id: a\nname: "für ', 'utf8');
  for (const bad of [
    [0xff],
    [0xc3],
    [0xc3, 0x28],
    [0xe2, 0x82],
    [0xed, 0xa0, 0x80],
    [0xc0, 0x80],
    [0xf5, 0x80],
  ]) {
    const byte = `0x${(bad[0] ?? 0).toString(16)}`;
    assert.equal(
      mistakeOf(Buffer.concat([head, Buffer.from(bad), Buffer.from('"')])),
      `2:12 encoding the file is not UTF-8: byte ${byte} cannot stand here; save it as UTF-8`,
    );
  }
});

test('a file that is cut in the middle of a character is told at its end', () => {
  const whole = Buffer.from('ü', 'utf8');
  assert.match(mistakeOf(whole.subarray(0, 1)), /^1:1 encoding/);
});

test('a file above the limit is refused before it is looked at', () => {
  assert.equal(
    mistakeOf(Buffer.alloc(1_048_577, 0xff)),
    '1:1 too_large the file must have at most 1048576 bytes, not 1048577 bytes',
  );
});

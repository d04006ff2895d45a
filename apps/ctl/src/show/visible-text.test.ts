import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visibleJson, visibleLine, visibleText } from './visible-text.js';

// What a terminal would obey, turn round or hide: CSI, OSC 8 links, title, C1 forms, bells, bidi, joiners, tags.
const HOSTILE = [
  '\u001b[2J\u001b[31mred',
  '\u001b]8;;http://evil/\u0007link\u001b]8;;\u0007',
  '\u001b]0;title\u001b\\',
  '\u009b2J',
  '\u0090q\u009c',
  'a\bb\u007f',
  'abc\rX',
  'user\u202etxt.exe',
  '\u2066x\u2069',
  'in\u200bvisible',
  '\u{e0041}',
  '\ud800 half',
  '\ufeffmark',
  'line\u2028break',
  'nul\u0000',
];

test('nothing that a terminal obeys or hides is left, and the rest is as it was', () => {
  for (const text of HOSTILE) {
    const shown = visibleText(text);
    assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u, JSON.stringify(text));
    assert.ok(shown.length >= text.length);
  }
  const plain = 'Grüße, 世界 👩‍🚀 e\u0301\tcolumn\nnext';
  assert.equal(visibleText(plain.replace('\u200d', '')), plain.replace('\u200d', ''));
});

test('escapes are shown as small letters or by their number', () => {
  assert.equal(visibleText('\u001b[31m'), '␛[31m');
  assert.equal(visibleText('\u007f\u009b'), '␡<U+009B>');
  assert.equal(visibleText('\u202e'), '<U+202E>');
});

test('the line ends of Windows are line ends, a lone carriage return is shown', () => {
  assert.equal(visibleText('a\r\nb\rc'), 'a\nb␍c');
});

test('a name stays on one line', () => {
  assert.equal(visibleLine('a\nb\tc'), 'a␊b␉c');
});

test('JSON for a terminal holds the same value and nothing that a terminal obeys', () => {
  const text = visibleJson({ hostile: HOSTILE }, 2);
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  assert.deepEqual(JSON.parse(text), { hostile: HOSTILE });
});

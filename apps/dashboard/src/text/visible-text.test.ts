import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visibleLine, visibleText } from './visible-text.js';

test('attack 47: escapes, NUL, bidi and zero-width marks become signs that can be seen', () => {
  assert.equal(visibleText('\u001b[31mred\u001b[0m'), '␛[31mred␛[0m');
  assert.equal(visibleText('a\u0000b\u007fc\u009bd'), 'a␀b␡c‹U+009B›d');
  assert.equal(visibleText('\u202egpj.exe\u2066'), '‹U+202E›gpj.exe‹U+2066›');
  assert.equal(visibleText('pass\u200bword\ufeff'), 'pass‹U+200B›word‹U+FEFF›');
  assert.equal(visibleText('\u001b]8;;http://x\u0007link'), '␛]8;;http://x␇link');
  assert.equal(visibleText('50 %\r100 %'), '50 %␍100 %');
});

test('letters of every script, line breaks and tabs stay as they are', () => {
  const text = 'Größe\t42\nпривет 日本語 🚀 <b>&amp;';
  assert.equal(visibleText(text), text);
  assert.equal(visibleLine('a\nb\tc'), 'a␊b␉c');
});

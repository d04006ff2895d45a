import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutToWidth, textWidth } from './text-width.js';

test('widths are those of terminals', () => {
  const widths: readonly (readonly [string, number])[] = [
    ['', 0],
    ['abc', 3],
    ['äöü', 3],
    ['e\u0301', 1],
    ['世界', 4],
    ['ｆｕｌｌ', 8],
    ['한글', 4],
    ['\u1112\u1161\u11ab', 2],
    ['🚀', 2],
    ['👍🏽', 2],
    ['👩\u200d🚀', 2],
    ['✓ ok', 4],
    ['│ ├ └', 5],
  ];
  for (const [text, width] of widths) assert.equal(textWidth(text), width, text);
});

test('a text is cut to a width and never in the middle of a character', () => {
  assert.equal(cutToWidth('abcdef', 6), 'abcdef');
  assert.equal(cutToWidth('abcdef', 4), 'abc…');
  assert.equal(cutToWidth('世界地図', 6), '世界…');
  assert.equal(cutToWidth('a 世界', 4), 'a…');
  assert.equal(cutToWidth('abc', 0), '');
});

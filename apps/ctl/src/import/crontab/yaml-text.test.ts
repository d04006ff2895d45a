import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { yamlBlock, yamlText } from './yaml-text.js';

suite('text in a job file', () => {
  test('stands without quotes only where no reader of YAML takes it for something else', () => {
    for (const text of ['/usr/bin:/bin', 'backup.sh --all', 'Europe/Berlin', '-c'])
      assert.equal(yamlText(text), text);
    for (const text of [
      'true',
      'No',
      'off',
      'null',
      '12',
      '-1',
      '',
      ' a',
      'a: b',
      'a #b',
      '*a',
      '- a',
      '@daily',
    ])
      assert.equal(yamlText(text), `'${text}'`);
    assert.equal(yamlText("it's"), "'it''s'");
  });

  test('with what cannot be seen is in double quotes, in which it can', () => {
    assert.equal(yamlText('a\r\u0007\u202e"\\\u{e0001}'), '"a\\r\\u0007\\u202e\\"\\\\\\U000e0001"');
    assert.equal(yamlBlock('a\n\u202eb', '  '), '"a\\n\\u202eb"');
  });

  test('of several lines is a block, unless a block would change its blanks', () => {
    assert.equal(yamlBlock('a\n\n  b', '  '), '|-\n  a\n\n    b');
    assert.equal(yamlBlock('a\nb\n', '  '), '|\n  a\n  b');
    assert.equal(yamlBlock(' a\nb', '  '), '" a\\nb"');
    assert.equal(yamlBlock('a\n\n', '  '), '"a\\n\\n"');
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { ERROR_TABLE, TASK_STATES } from '@petit/model';
import { markdownTable } from './markdown-table.js';
import { RENDERED_PAGES } from './rendered-docs.js';
import { renderErrors } from './render-errors.js';
import { renderMoves } from './render-moves.js';

const ROOT = new URL('../../../../', import.meta.url);

suite('the pages made from the code', () => {
  for (const { path, render } of RENDERED_PAGES)
    test(`${path} says what the code does; if not, run node libs/testkit/bin/docs.mjs`, () => {
      assert.equal(readFileSync(new URL(path, ROOT), 'utf8'), render());
    });

  test('the errors name every code once, with a row that is in the table and nowhere else', () => {
    const page = renderErrors();
    const named = [...page.matchAll(/^\| `([A-Z_]+)` +\| (\d+) +\| (\d+) +\|/gm)];
    assert.deepEqual(
      named.map(([, code]) => code),
      Object.keys(ERROR_TABLE),
    );
  });

  test('the moves show every state of a task, and every end in the diagram', () => {
    const page = renderMoves();
    for (const state of TASK_STATES) assert.ok(page.includes(`\`${state}\``), state);
    assert.match(page, /^ {4}placed --> running: leave$/m);
    assert.match(page, /^ {4}lost --> \[\*\]$/m);
    assert.doesNotMatch(page, /^ {4}running --> \[\*\]$/m);
  });
});

test('a bar in a cell does not end the cell', () => {
  assert.equal(markdownTable(['a'], [['b|c']]), '| a    |\n| ---- |\n| b\\|c |\n');
});

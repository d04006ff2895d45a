import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem } from './format-problem.js';
import { nearest } from './nearest.js';
import type { Problem } from './problem.js';
import { quote } from './quote.js';

function problem(column: number, line = 2): Problem {
  return { path: 'jobs/a.yaml', line, column, code: 'wrong_value', message: 'no good' };
}

test('a mistake is shown with its line and a caret below the place', () => {
  assert.equal(
    formatProblem(problem(7), 'id: a\nname: "x"\r\nmore: 1'),
    'jobs/a.yaml:2:7  no good\n  2 | name: "x"\n    |       ^',
  );
});

test('without the text it is one line', () => {
  assert.equal(formatProblem(problem(7), null), 'jobs/a.yaml:2:7  no good');
  assert.equal(formatProblem(problem(7, 9), 'one line'), 'jobs/a.yaml:9:7  no good');
});

test('the caret stands right behind tabs and characters of two units', () => {
  const [, line, caret] = formatProblem(problem(6), '\n\t💥: x').split('\n');
  assert.equal(line, '  2 |  💥: x');
  assert.equal(caret, '    |     ^');
});

test('a long line is cut around the place', () => {
  const [, line, caret] = formatProblem(
    problem(501),
    `\n${'a'.repeat(500)}!${'b'.repeat(500)}`,
  ).split('\n');
  assert.ok((line?.length ?? 0) < 120);
  assert.equal(line?.[caret?.indexOf('^') ?? -1], '!');
});

test('nothing of a file acts on the terminal it is shown on', () => {
  const shown = formatProblem(problem(1), '\n\u001b[2J\u202ename\u0007: \u009b31m');
  assert.equal(shown.split('\n')[1], '  2 | \\x1b[2J\\u202ename\\x07: \\x9b31m');
  assert.equal(quote('a\nb'), '"a\\x0ab"');
  assert.equal(quote('x'.repeat(1_000)).length, 82);
});

test('the nearest word is one that differs in at most a third', () => {
  const words = ['command', 'condition', 'timeout', 'environment'];
  assert.equal(nearest('comand', words), 'command');
  assert.equal(nearest('tiemout', words), 'timeout');
  assert.equal(nearest('Environment', words), 'environment');
  assert.equal(nearest('schedule', words), null);
  assert.equal(nearest('x'.repeat(10_000), words), null);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taskView } from '../testing/sample-views.fixture.js';
import { taskTree } from './task-tree.js';

function tree(edges: readonly (readonly [string, readonly string[]])[], unicode = true): string[] {
  const tasks = edges.map(([key, dependsOn]) => taskView(key, { dependsOn }));
  return taskTree(tasks, unicode).map(({ task, branch, alsoAfter }) =>
    [branch + task.key, ...alsoAfter.map((key) => `+${key}`)].join(' '),
  );
}

test('a task hangs from the deepest that it depends on and names the others', () => {
  const diamond = [
    ['a', []],
    ['b', ['a']],
    ['c', ['a']],
    ['d', ['b']],
    ['e', ['c', 'd']],
    ['f', ['e']],
    ['lone', []],
  ] as const;
  assert.deepEqual(tree(diamond), ['a', '├ b', '│ └ d', '│   └ e +c', '│     └ f', '└ c', 'lone']);
  assert.equal(tree(diamond, false)[2], '| `-d');
});

test('instances hang from their task', () => {
  assert.deepEqual(
    tree([
      ['check', []],
      ['check@cube1', []],
      ['check@cube2', []],
    ]),
    ['check', '├ check@cube1', '└ check@cube2'],
  );
});

test('a chain of 10,000 tasks is drawn, and does not leave the screen', () => {
  const chain = Array.from(
    { length: 10_000 },
    (_, at) => [`t${at}`, at === 0 ? [] : [`t${at - 1}`]] as const,
  );
  const rows = tree(chain);
  assert.equal(rows.length, 10_000);
  assert.ok(rows.every((row) => row.length < 40));
});

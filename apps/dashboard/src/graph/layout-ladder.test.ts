import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleTask } from '../sample-task.fixture.js';
import { layoutLadder, type Ladder } from './layout-ladder.js';

function layout(...tasks: readonly (readonly [string, ...string[]])[]): Ladder {
  return layoutLadder(tasks.map(([key, ...dependsOn]) => sampleTask({ key, dependsOn })));
}

function drawn({ rows }: Ladder): readonly string[] {
  return rows.map(({ task, lane }) => `${'.'.repeat(lane)}${task.key}`);
}

test('a chain is one upright line', () => {
  const ladder = layout(['a'], ['b', 'a'], ['c', 'b']);
  assert.deepEqual(drawn(ladder), ['a', 'b', 'c']);
  assert.equal(ladder.laneCount, 1);
  assert.deepEqual(ladder.edges, [
    { fromRow: 0, toRow: 1 },
    { fromRow: 1, toRow: 2 },
  ]);
});

test('a fan has a line for each branch and comes together on one', () => {
  const ladder = layout(['a'], ['b', 'a'], ['c', 'a'], ['d', 'a'], ['join', 'b', 'c', 'd']);
  assert.deepEqual(drawn(ladder), ['a', '.b', '..c', 'd', 'join']);
});

test('rows go by how much stands before them, whatever the order of the file', () => {
  const ladder = layout(['a'], ['long', 'a'], ['longer', 'long'], ['short', 'a'], ['alone']);
  assert.deepEqual(
    ladder.rows.map(({ task }) => task.key),
    ['a', 'alone', 'long', 'short', 'longer'],
  );
});

test('no two tasks share a line while one of them is still depended on', () => {
  const ladder = layout(['a'], ['b'], ['c', 'a'], ['d', 'b'], ['e', 'c', 'a'], ['f', 'd', 'b']);
  for (const { fromRow, toRow } of ladder.edges) {
    const lane = ladder.rows[fromRow]?.lane;
    const between = ladder.rows.slice(fromRow + 1, toRow);
    assert.ok(
      between.every((row) => row.lane !== lane),
      `row ${fromRow} to ${toRow}`,
    );
  }
});

test('instances stand behind their task, on its line', () => {
  const ladder = layout(['a'], ['b'], ['a@cube1'], ['a@cube2'], ['join', 'a', 'b']);
  assert.deepEqual(
    ladder.rows.map(({ task, isInstance }) => `${isInstance ? '>' : ''}${task.key}`),
    ['a', '>a@cube1', '>a@cube2', 'b', 'join'],
  );
  assert.deepEqual(drawn(ladder), ['a', 'a@cube1', 'a@cube2', '.b', 'join']);
});

test('a fan of 1,000 stays narrow, and its lines are left out rather than drawn as a blot', () => {
  const branches = Array.from({ length: 1_000 }, (_, index) => `b${index}`);
  const ladder = layout(['a'], ...branches.map((key) => [key, 'a'] as const), [
    'join',
    ...branches,
  ]);
  assert.equal(ladder.rows.length, 1_002);
  assert.equal(ladder.laneCount, 7);
  assert.deepEqual(ladder.edges, []);
});

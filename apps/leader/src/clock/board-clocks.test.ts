import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeNameSchema } from '@petit/model';
import type { Beat } from '@petit/protocol';
import { BoardClocks } from './board-clocks.js';

const NOW = { wallAt: 1_000_000, bootMs: 5_000, monotonicMs: 5_000 };
const cube = (number: number) => nodeNameSchema.parse(`cube${number}`);

function beat(node: Beat['node'], kernel: string, wallAt: number): Beat {
  const bootId = `${kernel}.journal.1-2`;
  return {
    v: 1,
    node,
    bootId,
    agentId: 'a',
    seq: 1,
    wallAt,
    announcement: 1,
    controlRev: 0,
    unfinished: '',
  };
}

test('a board tells how far its clock is ahead, and goes on telling it after ours has stepped', () => {
  const clocks = new BoardClocks('here');
  clocks.heard(beat(cube(2), 'there', 1_000_250), NOW);
  const all = () => true;
  assert.deepEqual(clocks.beside(NOW, all), [{ name: 'cube2', aheadMs: 250, isElsewhere: true }]);
  const stepped = { wallAt: 1_000_000 + 86_410_000, bootMs: 15_000, monotonicMs: 15_000 };
  assert.equal(clocks.beside(stepped, all)[0]?.aheadMs, 250 - 86_400_000);
});

test('a worker under our kernel says nothing, two under one other kernel speak once, a lost board not at all', () => {
  const clocks = new BoardClocks('here');
  clocks.heard(beat(cube(1), 'here', 0), NOW);
  clocks.heard(beat(cube(2), 'there', 1_000_000), NOW);
  clocks.heard(beat(cube(3), 'there', 1_000_000), NOW);
  clocks.heard(beat(cube(4), 'far', 1_000_000), NOW);
  const names = clocks.beside(NOW, (node) => node !== cube(4)).map(({ name }) => name);
  assert.deepEqual(names, ['cube2']);
});

test('a board whose clock was not heard yet is known as such, unless its clock is ours', () => {
  const clocks = new BoardClocks('here');
  assert.equal(clocks.knows(cube(1), 'here.journal.1-2'), true);
  assert.equal(clocks.knows(cube(2), 'there.journal.1-2'), false);
  clocks.heard(beat(cube(2), 'there', 1_000_000), NOW);
  assert.equal(clocks.knows(cube(2), 'there.journal.1-2'), true);
});

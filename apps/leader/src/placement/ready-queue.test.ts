import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeNameSchema, runIdSchema, taskKeySchema, type Requirement } from '@petit/model';
import { ReadyQueue, type ReadyTask } from './ready-queue.js';

const RUN = runIdSchema.parse('11111111-1111-8111-8111-111111111111');
const ANY: Requirement = { runsOn: {}, slots: 1, node: null };
const ARM: Requirement = { runsOn: { arch: 'arm64' }, slots: 1, node: null };

function ready(key: string, need: Requirement = ANY): ReadyTask {
  return { runId: RUN, key: taskKeySchema.parse(key), need, readyAt: 0 };
}

test('tasks that ask for the same wait in one group, oldest first', () => {
  const queue = new ReadyQueue();
  for (const key of ['a', 'b', 'c']) queue.add(ready(key));
  const [group, ...others] = queue.groups();
  assert.equal(others.length, 0);
  assert.equal(group?.peek()?.key, 'a');
  queue.remove(RUN, taskKeySchema.parse('a'));
  assert.equal(group?.peek()?.key, 'b');
});

test('the group with the oldest head comes first, whatever it asks for', () => {
  const queue = new ReadyQueue();
  queue.add(ready('first', ARM));
  queue.add(ready('second'));
  queue.add(ready('third', ARM));
  assert.deepEqual(
    queue.groups().map((group) => group.peek()?.key),
    ['first', 'second'],
  );
  queue.remove(RUN, taskKeySchema.parse('first'));
  assert.deepEqual(
    queue.groups().map((group) => group.peek()?.key),
    ['second', 'third'],
  );
});

test('a task that waits already keeps its place when it is added again', () => {
  const queue = new ReadyQueue();
  queue.add(ready('a'));
  queue.add(ready('b'));
  queue.add(ready('a'));
  assert.equal(queue.size, 2);
  assert.equal(queue.groups()[0]?.peek()?.key, 'a');
});

test('one node for one instance is another wish than any node, and labels in another order are the same wish', () => {
  const queue = new ReadyQueue();
  queue.add(ready('a', { ...ANY, node: nodeNameSchema.parse('cube1') }));
  queue.add(ready('b', { ...ANY, runsOn: { x: '1', y: '2' } }));
  queue.add(ready('c', { ...ANY, runsOn: { y: '2', x: '1' } }));
  assert.equal(queue.groups().length, 2);
});

test('an empty queue has no groups', () => {
  const queue = new ReadyQueue();
  queue.add(ready('a'));
  queue.remove(RUN, taskKeySchema.parse('a'));
  queue.remove(RUN, taskKeySchema.parse('never'));
  assert.equal(queue.size, 0);
  assert.deepEqual(queue.groups(), []);
});

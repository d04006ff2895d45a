import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { nodeNameSchema } from '../ids.js';
import { matchesLabels, type NodeRoom, type Requirement } from './node.js';
import { fitsNode, placeTask } from './place-task.js';

function room(node: string, change: Partial<Omit<NodeRoom, 'node'>> = {}): NodeRoom {
  return {
    node: nodeNameSchema.parse(node),
    state: 'live',
    labels: {},
    closed: null,
    slots: 4,
    usedSlots: 0,
    aheadSlots: 0,
    ...change,
  };
}

const ANYWHERE: Requirement = { runsOn: {}, slots: 1, node: null };

function place(need: Requirement, ...nodes: NodeRoom[]): string {
  const placement = placeTask(need, nodes);
  return placement.kind === 'node'
    ? placement.node
    : `${placement.reason.token}: ${placement.reason.text}`;
}

suite('a task goes', () => {
  test('to the node with the smallest share of its slots in use, not to the one with the fewest', () => {
    assert.equal(
      place(ANYWHERE, room('a', { usedSlots: 1 }), room('big', { slots: 16, usedSlots: 2 })),
      'big',
    );
    assert.equal(place(ANYWHERE, room('a', { usedSlots: 2 }), room('b', { usedSlots: 1 })), 'b');
  });

  test('to the first by name among equals, in whatever order they are given', () => {
    assert.equal(place(ANYWHERE, room('c'), room('a'), room('b')), 'a');
    assert.equal(
      place(ANYWHERE, room('b', { slots: 8, usedSlots: 4 }), room('a', { usedSlots: 2 })),
      'a',
    );
  });

  test('over all nodes, when many come one after the other', () => {
    const nodes = [room('a'), room('b'), room('c')];
    const counts = new Map<string, number>();
    for (let round = 0; round < 12; round += 1) {
      const placement = placeTask(ANYWHERE, nodes);
      assert.equal(placement.kind, 'node');
      const index = nodes.findIndex(
        (one) => placement.kind === 'node' && one.node === placement.node,
      );
      const chosen = nodes[index];
      assert.ok(chosen !== undefined);
      nodes[index] = { ...chosen, usedSlots: chosen.usedSlots + 1 };
      counts.set(chosen.node, (counts.get(chosen.node) ?? 0) + 1);
    }
    assert.deepEqual([...counts.values()], [4, 4, 4]);
    assert.equal(place(ANYWHERE, ...nodes).split(':')[0], 'no_room');
  });

  test('only to a node that has its labels, of which the name of the node is one', () => {
    const ssd = room('a', { labels: { disk: 'ssd', arch: 'arm64' } });
    assert.equal(place({ ...ANYWHERE, runsOn: { disk: 'ssd' } }, room('b'), ssd), 'a');
    assert.equal(place({ ...ANYWHERE, runsOn: { node: 'b' } }, ssd, room('b')), 'b');
    // A label that a worker sets by hand does not make it another node.
    const liar = room('liar', { labels: { node: 'b' } });
    assert.equal(place({ ...ANYWHERE, runsOn: { node: 'b' } }, liar, room('b')), 'b');
    assert.equal(
      place({ ...ANYWHERE, node: nodeNameSchema.parse('b') }, room('a'), room('b')),
      'b',
    );
  });

  test('ahead of a free slot only where that is allowed, and after those that have one', () => {
    const full = room('a', { slots: 2, usedSlots: 2, aheadSlots: 1 });
    assert.equal(place(ANYWHERE, full), 'a');
    assert.equal(place(ANYWHERE, full, room('b', { slots: 2, usedSlots: 1 })), 'b');
    assert.equal(place(ANYWHERE, { ...full, usedSlots: 3 }).split(':')[0], 'no_room');
  });
});

suite('a task waits', () => {
  test('with the reason when all that fit are full', () => {
    assert.equal(
      place(
        { ...ANYWHERE, slots: 2, runsOn: { disk: 'ssd' } },
        room('a', { usedSlots: 3, labels: { disk: 'ssd' } }),
        room('b'),
      ),
      'no_room: waits for 2 free slot(s): 1 node(s) that fit disk=ssd are full',
    );
  });

  test('with the count of each reason when none fits', () => {
    assert.equal(
      place(
        { ...ANYWHERE, slots: 8, runsOn: { disk: 'ssd' } },
        room('a'),
        room('b', { labels: { disk: 'hdd' } }),
        room('c', { labels: { disk: 'ssd' }, state: 'suspect' }),
        room('d', { labels: { disk: 'ssd' }, state: 'lost' }),
        room('e', { labels: { disk: 'ssd' }, closed: 'drains' }),
        room('f', { labels: { disk: 'ssd' } }),
      ),
      'no_fitting_node: waits for a fitting node: of 6, 2 do not have disk=ssd, 2 are not live, 1 take nothing new, 1 have fewer than 8 slots in all',
    );
  });

  test('when there is no node at all', () => {
    assert.equal(place(ANYWHERE), 'no_fitting_node: waits for a node: no worker has joined yet');
  });
});

test('a node fits a task whether it is full or not, but not when it is closed, away, too small or another', () => {
  assert.ok(fitsNode(ANYWHERE, room('a', { usedSlots: 4 })));
  assert.ok(!fitsNode(ANYWHERE, room('a', { closed: 'drains' })));
  assert.ok(!fitsNode(ANYWHERE, room('a', { state: 'unseen' })));
  assert.ok(!fitsNode({ ...ANYWHERE, slots: 5 }, room('a')));
  assert.ok(!fitsNode({ ...ANYWHERE, runsOn: { gpu: 'yes' } }, room('a')));
});

test('labels answer by equality of their own keys, never of a prototype', () => {
  assert.ok(matchesLabels({ a: '1', b: '2' }, { a: '1' }));
  assert.ok(!matchesLabels({ a: '1' }, { a: '2' }));
  assert.ok(!matchesLabels({}, { constructor: String(Object) }));
});

test('the choice never depends on the order of the nodes, and never overfills one', () => {
  const someRoom = fc.record({
    node: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    state: fc.constantFrom('live', 'live', 'suspect', 'lost', 'unseen'),
    closed: fc.constantFrom(null, null, 'drains'),
    slots: fc.integer({ min: 1, max: 8 }),
    usedSlots: fc.nat(10),
    aheadSlots: fc.nat(2),
  });
  const rooms = fc.uniqueArray(someRoom, { selector: (one) => one.node, maxLength: 5 });
  fc.assert(
    fc.property(rooms, fc.integer({ min: 1, max: 4 }), (some, slots) => {
      const nodes = some.map(({ node, ...rest }) => room(node, rest));
      const need = { ...ANYWHERE, slots };
      const chosen = placeTask(need, nodes);
      assert.deepEqual(placeTask(need, nodes.toReversed()), chosen);
      const open = nodes.filter(
        (one) =>
          one.state === 'live' &&
          one.closed === null &&
          slots <= one.slots &&
          one.usedSlots + slots <= one.slots + one.aheadSlots,
      );
      assert.equal(chosen.kind, open.length > 0 ? 'node' : 'waits');
      if (chosen.kind !== 'node') return;
      const best = Math.min(...open.map((one) => one.usedSlots / one.slots));
      const one = open.find((each) => each.node === chosen.node);
      assert.ok(one !== undefined && one.usedSlots / one.slots <= best + 1e-9);
    }),
    { seed: 13, numRuns: 1_000 },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TickHeap } from './tick-heap.js';

const SEED = Number(process.env['SCHEDULE_SEED'] ?? 20_261_124);

type Step =
  | { readonly kind: 'set'; readonly id: string; readonly at: number }
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'take'; readonly now: number };

const id = fc.integer({ min: 0, max: 30 }).map((number) => `s${number}`);
const at = fc.integer({ min: 0, max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('set' as const), id, at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('take' as const), now: at }) },
);

/** What the heap must answer, by sorting everything each time. */
function sorted(entries: ReadonlyMap<string, number>): readonly { id: string; at: number }[] {
  return [...entries]
    .map(([entryId, entryAt]) => ({ id: entryId, at: entryAt }))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

test('a heap answers like a sorted list, through any order of sets, removals and takings', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new TickHeap();
      const model = new Map<string, number>();
      for (const action of steps) {
        switch (action.kind) {
          case 'set':
            heap.set(action.id, action.at);
            model.set(action.id, action.at);
            break;
          case 'remove':
            assert.equal(heap.remove(action.id), model.delete(action.id));
            break;
          case 'take': {
            const due = sorted(model).filter((entry) => entry.at <= action.now);
            assert.deepEqual(heap.takeDue(action.now), due);
            for (const entry of due) model.delete(entry.id);
            break;
          }
        }
        assert.deepEqual(heap.peek(), sorted(model)[0] ?? null);
        assert.deepEqual(heap.first(4), sorted(model).slice(0, 4));
        assert.equal(heap.size, model.size);
      }
      assert.deepEqual(heap.first(100), sorted(model));
      for (const [entryId, entryAt] of model) assert.equal(heap.get(entryId), entryAt);
      assert.deepEqual(heap.takeDue(Number.POSITIVE_INFINITY), sorted(model));
      assert.equal(heap.get('s0'), null);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('setting and removing cost the logarithm: 100,000 entries are moved 200,000 times', () => {
  const heap = new TickHeap();
  for (let index = 0; index < 100_000; index += 1) heap.set(`s${index}`, (index * 7_919) % 100_003);
  for (let index = 0; index < 200_000; index += 1) {
    const first = heap.peek();
    assert.ok(first !== null);
    heap.set(first.id, first.at + 100_003);
  }
  assert.equal(heap.size, 100_000);
});

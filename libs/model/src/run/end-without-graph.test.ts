import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { makeGraph, makeTask } from '../job/make-task.fixture.js';
import { TASK_CONDITIONS } from '../job/job.js';
import { endWithoutGraph } from './end-without-graph.js';
import { isRunEnded, isTaskEnded } from './moves.js';
import { reason } from './reason.js';
import { RunSimulator, seededRandom } from './run-simulator.fixture.js';

const WHY = reason('definition_gone', 'its definition is gone');

const someRun = fc.record({
  tasks: fc.array(
    fc.record({
      waitsFor: fc.array(fc.nat(20), { maxLength: 3 }),
      condition: fc.constantFrom(...TASK_CONDITIONS),
      every: fc.boolean(),
      maxRetries: fc.constantFrom(0, 2),
    }),
    { minLength: 1, maxLength: 20 },
  ),
  seed: fc.nat(),
  steps: fc.nat(60),
});

test('P2 a run of which nobody knows the graph ends from every state, in one legal move, with its reason', () => {
  const before = new Set<string>();
  const ends = new Set<string>();
  fc.assert(
    fc.property(someRun, ({ tasks, seed, steps }) => {
      const graph = makeGraph(
        tasks.map(({ waitsFor, ...rest }, index) => {
          const ids = index === 0 ? [] : waitsFor.map((one) => `t${one % index}`);
          return makeTask(`t${index}`, { ...rest, dependsOn: [...new Set(ids)] });
        }),
      );
      const simulator = new RunSimulator({ graph, random: seededRandom(seed) });
      simulator.begin(steps, 0.01);
      const { view } = simulator;
      if (isRunEnded(view.header.state)) return;
      const { header, tasks: changed } = endWithoutGraph(view, WHY, 1_000_000);
      ends.add(header.state);
      assert.ok(isRunEnded(header.state), header.state);
      assert.deepEqual(header.reason, WHY);
      assert.equal(header.counts.open, 0);
      const { open: _, ...ended } = header.counts;
      assert.equal(
        Object.values(ended).reduce((sum, count) => sum + count, 0),
        graph.order.length,
      );
      for (const [key, record] of view.tasks) {
        before.add(record.state);
        const after = changed.get(key) ?? record;
        assert.ok(isTaskEnded(after.state), `${key} is ${after.state}`);
        if (isTaskEnded(record.state)) assert.equal(after, record, 'what has ended stays');
        else if (record.state !== 'running') assert.equal(after.state, 'cancelled');
        else if (record.instances.length === 0) assert.equal(after.state, 'lost');
      }
    }),
    { seed: 7, numRuns: 300 },
  );
  for (const state of ['pending', 'ready', 'placed', 'running', 'retrying'])
    assert.ok(before.has(state), `a task was ${state}`);
  assert.ok(ends.has('cancelled') && ends.has('interrupted'), [...ends].join());
});

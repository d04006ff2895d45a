import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { buildGraph, checkGraph, type GraphProblem, type Links } from './graph.js';
import { makeGraph, makeTask, taskId } from './make-task.fixture.js';

function check(links: Readonly<Record<string, readonly string[]>>): GraphProblem<string>[] {
  return checkGraph(Object.entries(links).map(([id, dependsOn]) => ({ id, dependsOn })));
}

suite('a graph', () => {
  test('has its tasks in an order in which nobody comes before what it waits for, else in the order of the file', () => {
    const graph = makeGraph([
      makeTask('d', { dependsOn: ['b', 'c'] }),
      makeTask('c', { dependsOn: ['a'] }),
      makeTask('b', { dependsOn: ['a'] }),
      makeTask('a'),
      makeTask('z'),
    ]);
    assert.deepEqual(graph.order, ['a', 'z', 'c', 'b', 'd']);
    assert.deepEqual(graph.dependents.get(taskId('a')), ['c', 'b']);
    assert.deepEqual(graph.dependents.get(taskId('d')), []);
  });

  test('is not built when there is a problem, and every problem is named', () => {
    const built = buildGraph([
      makeTask('a', { dependsOn: ['nobody'] }),
      makeTask('a'),
      makeTask('b', { dependsOn: ['a', 'a', 'b'] }),
    ]);
    assert.deepEqual(built, {
      ok: false,
      problems: [
        { kind: 'duplicate_task', task: 'a' },
        { kind: 'unknown_dependency', task: 'a', dependency: 'nobody' },
        { kind: 'duplicate_dependency', task: 'b', dependency: 'a' },
        { kind: 'cycle', path: ['b', 'b'] },
      ],
    });
  });

  test('names a cycle from a task over those that wait for it back to itself', () => {
    assert.deepEqual(check({ in: [], a: ['in', 'c'], b: ['a'], c: ['b'], out: ['c'] }), [
      { kind: 'cycle', path: ['a', 'b', 'c', 'a'] },
    ]);
  });

  test('names cycles that have nothing in common each by itself', () => {
    assert.deepEqual(check({ a: ['b'], b: ['a'], c: ['c'], d: ['e', 'a'], e: ['d'] }), [
      { kind: 'cycle', path: ['a', 'b', 'a'] },
      { kind: 'cycle', path: ['c', 'c'] },
      { kind: 'cycle', path: ['d', 'e', 'd'] },
    ]);
  });

  test('is checked without recursion, so that a chain may be as long as a file allows', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) => ({
      id: `t${index}`,
      dependsOn: [`t${(index + 1) % 100_000}`],
    }));
    assert.equal(checkGraph(chain).length, 1);
    assert.deepEqual(
      checkGraph(chain.map((one, index) => (index === 99_999 ? { ...one, dependsOn: [] } : one))),
      [],
    );
  });
});

/** Some links between `n0 … n11`, forward and back. */
const someLinks = fc
  .array(fc.uniqueArray(fc.nat(11), { maxLength: 4 }), { minLength: 12, maxLength: 12 })
  .map((all) =>
    all.map((to, index) => ({ id: `n${index}`, dependsOn: to.map((one) => `n${one}`) })),
  );

test('there is a cycle exactly when taking away who waits for nobody does not empty the graph', () => {
  fc.assert(
    fc.property(someLinks, (links) => {
      const cycles = checkGraph(links);
      assert.equal(cycles.length > 0, peel(links).length > 0);
    }),
    { seed: 3, numRuns: 1_000 },
  );
});

test('every cycle that is named is one, no task is in two, and without their tasks none is left', () => {
  fc.assert(
    fc.property(someLinks, (links) => {
      const seen = new Set<string>();
      for (const problem of checkGraph(links)) {
        assert.equal(problem.kind, 'cycle');
        if (problem.kind !== 'cycle') continue;
        const { path } = problem;
        assert.equal(path[0], path.at(-1));
        for (const [index, id] of path.slice(1).entries()) {
          const waits = links.find((one) => one.id === id)?.dependsOn ?? [];
          assert.ok(waits.includes(path[index] ?? ''), `${id} does not wait for ${path[index]}`);
          assert.ok(!seen.has(id), `${id} is in two cycles`);
          seen.add(id);
        }
      }
      const rest = links
        .filter((one) => !seen.has(one.id))
        .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((id) => !seen.has(id)) }));
      assert.deepEqual(peel(rest), []);
    }),
    { seed: 5, numRuns: 1_000 },
  );
});

/** What is left when whoever waits for nobody is taken away again and again. */
function peel(links: readonly Links<string>[]): readonly Links<string>[] {
  const free = new Set(links.filter((one) => one.dependsOn.length === 0).map((one) => one.id));
  if (free.size === 0) return links;
  return peel(
    links
      .filter((one) => !free.has(one.id))
      .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((id) => !free.has(id)) })),
  );
}

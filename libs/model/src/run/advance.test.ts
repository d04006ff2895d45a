import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { TASK_CONDITIONS, type Task } from '../job/job.js';
import type { Graph } from '../job/graph.js';
import { makeGraph, makeTask } from '../job/make-task.fixture.js';
import { advance } from './advance.js';
import { TASK_MOVE_TABLE, TASK_STATES } from './moves.js';
import { viewRun } from './view.js';
import { RunSimulator, seededRandom } from './run-simulator.fixture.js';

const MAX_TASKS = 40;

/** What is random of one task: which of those before it are waited for is drawn as a share of each. */
const someTask = fc.record({
  waitsFor: fc.array(fc.nat(MAX_TASKS - 1), { maxLength: 4 }),
  condition: fc.constantFrom(...TASK_CONDITIONS),
  every: fc.constantFrom(false, false, false, true),
  idempotent: fc.boolean(),
  maxRetries: fc.constantFrom(0, 0, 1, 3),
  retryOn: fc.constantFrom('always', 'transient_only', 'never'),
  delayMs: fc.nat(1_000),
});

const someTasks: fc.Arbitrary<Task[]> = fc
  .array(someTask, { minLength: 1, maxLength: MAX_TASKS })
  .map((drawn) =>
    drawn.map(({ waitsFor, ...rest }, index) => {
      const before = index === 0 ? [] : waitsFor.map((one) => `t${one % index}`);
      return makeTask(`t${index}`, { ...rest, dependsOn: [...new Set(before)] });
    }),
  );

const someRun = fc.record({
  tasks: someTasks,
  seed: fc.nat(),
  steps: fc.nat(300),
  cancelChance: fc.constantFrom(0, 0, 0.01, 0.1),
});

suite('a run of any graph, under any order of events', () => {
  test('P7 ends, keeps its order and its counts, and never leaves a terminal state', () => {
    const seen = new Set<string>();
    const ends = new Set<string>();
    let ignored = 0;
    fc.assert(
      fc.property(someRun, ({ tasks, seed, steps, cancelChance }) => {
        const simulator = new RunSimulator({ graph: makeGraph(tasks), random: seededRandom(seed) });
        simulator.run(steps, cancelChance);
        for (const step of simulator.seen) seen.add(step);
        ends.add(simulator.view.header.state);
        ignored += simulator.ignored;
      }),
      { seed: 20_260, numRuns: 400 },
    );
    assert.ok(ignored > 1_000, 'late, stale and repeated events came');
    assert.deepEqual(ends, new Set(['completed', 'failed', 'cancelled', 'interrupted']));
    for (const from of TASK_STATES)
      for (const to of Object.values(TASK_MOVE_TABLE[from]))
        assert.ok(seen.has(`${from}>${to}`), `${from} never became ${to}`);
  });

  test('can be taken over by another leader at any point, from what is stored', () => {
    fc.assert(
      fc.property(someRun, ({ tasks, seed, steps }) => {
        const graph = makeGraph(tasks);
        const simulator = new RunSimulator({ graph, random: seededRandom(seed) });
        simulator.run(steps, 0.01);
        const { header, tasks: records, unsettled } = simulator.view;
        assert.deepEqual(viewRun({ header, graph, tasks: records }).unsettled, unsettled);
      }),
      { seed: 29, numRuns: 50 },
    );
  });
});

suite('the same check goes red', () => {
  test('P7 when every task starts at once, whatever it waits for', () => {
    assertCaught((graph) => changeTasks(graph, { dependsOn: [] }), /started by|waits for/);
  });

  test('P7 when the judge always says start', () => {
    assertCaught((graph) => changeTasks(graph, { condition: 'all_done' }), /started by/);
  });

  test('when the judge never says start', () => {
    assertCaught(
      (graph) => changeTasks(graph, { condition: 'on_failure' }),
      /skipped, but might start/,
    );
  });

  test('when a report of an older attempt is taken for the present one', () => {
    assertJudgeCaught((view, event, now) => {
      const record = 'key' in event ? view.tasks.get(event.key) : undefined;
      if (event.kind !== 'end' || record === undefined || record.node === null)
        return advance(view, event, now);
      const { attempt, placement, node } = record;
      return advance(view, { ...event, attempt, placement, node }, now);
    }, /a stale end was taken/);
  });

  test('P3 when an attempt whose end nobody knows is made again', () => {
    assertCaught(
      (graph) => changeTasks(graph, { idempotent: true }),
      /ran again after an unknown end/,
    );
  });

  test('when the tasks that are taken from a placement are not named', () => {
    assertJudgeCaught((view, event, now) => {
      const outcome = advance(view, event, now);
      return outcome.kind === 'moved' ? { ...outcome, withoutLeave: [] } : outcome;
    }, /Expected values to be strictly deep-equal/);
  });

  test('when a task comes back from its end', () => {
    assertJudgeCaught((view, event, now) => {
      const outcome = advance(view, event, now);
      const ended = [...view.tasks].find(([, record]) => record.state === 'completed');
      if (outcome.kind !== 'moved' || ended === undefined) return outcome;
      const [key, record] = ended;
      const again = { ...record, state: 'ready', endedAt: null } as const;
      return { ...outcome, tasks: new Map([...outcome.tasks, [key, again]]) };
    }, /left the terminal state/);
  });
});

type Judge = NonNullable<ConstructorParameters<typeof RunSimulator>[0]['judge']>;

/** Runs a mutant over many graphs and demands that one of them catches it, and by the right check. */
function assertCaught(mutate: (graph: Graph) => Graph, by: RegExp): void {
  assert.throws(() => {
    fc.assert(
      fc.property(someRun, ({ tasks, seed, steps }) => {
        const graph = makeGraph(tasks);
        const random = seededRandom(seed);
        new RunSimulator({ graph, random, judgedGraph: mutate(graph) }).run(steps, 0.01);
      }),
      { seed: 31, numRuns: 200, endOnFailure: true },
    );
  }, causedBy(by));
}

function assertJudgeCaught(judge: Judge, by: RegExp): void {
  assert.throws(() => {
    fc.assert(
      fc.property(someRun, ({ tasks, seed, steps }) => {
        new RunSimulator({ graph: makeGraph(tasks), random: seededRandom(seed), judge }).run(
          steps,
          0.01,
        );
      }),
      { seed: 37, numRuns: 200, endOnFailure: true },
    );
  }, causedBy(by));
}

function causedBy(by: RegExp): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof Error);
    const { cause } = thrown;
    assert.match(cause instanceof Error ? cause.message : thrown.message, by);
    return true;
  };
}

function changeTasks(graph: Graph, change: Partial<Task>): Graph {
  return makeGraph([...graph.tasks.values()].map((task) => ({ ...task, ...change })));
}

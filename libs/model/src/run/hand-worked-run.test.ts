import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttemptEnding } from '../attempt/ending.js';
import { taskKeyOf, type TaskKey } from '../ids.js';
import { makeGraph, makeTask, taskId } from '../job/make-task.fixture.js';
import type { TaskCondition } from '../job/job.js';
import { advance, applyAdvance } from './advance.js';
import type { RunEvent } from './event.js';
import type { TaskState } from './moves.js';
import { NODES, seededRandom, startRun, type Random } from './run-simulator.fixture.js';
import type { RunView } from './view.js';

/** How the command of a task does: `flaky` fails once and then succeeds, `lost` is what nobody sees the end of. */
type Command = 'ok' | 'fail' | 'flaky' | 'lost';

interface Row {
  readonly waitsFor: readonly string[];
  readonly condition: TaskCondition;
  readonly command: Command;
  readonly retries: number;
  readonly end: TaskState;
  readonly attempts: number;
}

/**
 * Three branches below `prepare` that come together in `publish` and `alarm`. The last two columns were worked out by
 * hand, row by row; the remark says from what.
 *
 *   task     waits for     condition    command retries  end        attempts
 */
const TABLE = `
  prepare   -             all_success  ok      0        completed  1   starts at once
  a1        prepare       all_success  ok      0        completed  1
  a2        a1            all_success  ok      0        completed  1
  a3        a1            all_success  fail    1        failed     2   one retry, which fails too
  a4        a2            all_success  ok      0        completed  1
  a5        a3            all_success  ok      0        skipped    0   a3 failed
  a6        a3            on_failure   ok      0        completed  1   a3 failed
  a7        a2            on_failure   ok      0        skipped    0   a2 did not fail
  a8        a5,a6         all_done     ok      0        completed  1   a5 skipped is done
  a9        a4,a8         all_success  ok      0        completed  1
  b1        prepare       always       flaky   2        completed  2   second try succeeds
  b2        b1            all_success  fail    0        failed     1
  b3        b2            all_success  ok      0        skipped    0   b2 failed
  b4        b3            all_success  ok      0        skipped    0   b3 skipped is no success
  b5        b3            on_failure   ok      0        skipped    0   b3 skipped is no failure
  b6        b2,b3         on_failure   fail    0        failed     1   b2 failed
  b7        b6            on_failure   ok      0        completed  1   b6 failed
  b8        b4,b5         all_done     ok      0        completed  1   both skipped are done
  b9        b8,b1         all_success  ok      0        completed  1
  b10       b7,b2         all_success  ok      0        skipped    0   b2 failed
  c1        prepare       all_success  lost    3        lost       1   not idempotent: no second try
  c2        c1            all_success  ok      0        skipped    0   c1 lost is no success
  c3        c1            on_failure   ok      0        completed  1   c1 lost is a failure
  c4        c1            always       ok      0        completed  1
  c5        c2            all_done     flaky   1        completed  2   c2 skipped is done
  c6        c3,c4         all_success  ok      0        completed  1
  c7        c2,c5         all_success  ok      0        skipped    0   c2 skipped is no success
  c8        c7            always       fail    0        failed     1   c7 skipped is done
  publish   a9,b9,c6      all_success  ok      0        completed  1
  alarm     a9,b10,c8     on_failure   ok      0        completed  1   c8 failed
`;

/** Counted by hand in the table above. */
const COUNTS = { open: 0, completed: 17, failed: 4, skipped: 8, cancelled: 0, lost: 1 };

function readTable(): ReadonlyMap<string, Row> {
  const rows = TABLE.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.map(([id = '', waitsFor = '', condition, command, retries, end, attempts]) => [
      id,
      {
        waitsFor: waitsFor === '-' ? [] : waitsFor.split(','),
        condition: condition as TaskCondition,
        command: command as Command,
        retries: Number(retries),
        end: end as TaskState,
        attempts: Number(attempts),
      },
    ]),
  );
}

test('a graph of three branches, 30 tasks and all four conditions ends as worked out by hand, 200 times', () => {
  const rows = readTable();
  assert.equal(rows.size, 30);
  assert.equal(new Set([...rows.values()].map((row) => row.condition)).size, 4);
  const orders = new Set<string>();
  for (let seed = 1; seed <= 200; seed += 1) {
    const { view, order } = play(rows, seededRandom(seed));
    orders.add(order.join(' '));
    for (const [id, row] of rows) {
      const record = view.tasks.get(taskKeyOf(taskId(id)));
      assert.equal(record?.state, row.end, `${id}, seed ${seed}`);
      assert.equal(record.attempt, row.attempts, `${id}, seed ${seed}`);
    }
    assert.deepEqual(view.header.counts, COUNTS);
    assert.equal(view.header.state, 'failed');
    assert.deepEqual(view.header.reason, { token: 'tasks_failed', text: '4 tasks failed' });
  }
  assert.ok(orders.size > 190, `the tasks ended in ${orders.size} different orders`);
});

interface Played {
  readonly view: RunView;
  /** The tasks in the order in which they ended. */
  readonly order: readonly TaskKey[];
}

/** Plays a run on a clock of its own: everything takes a time drawn at random, a command from 1 to 1,000. */
function play(rows: ReadonlyMap<string, Row>, random: Random): Played {
  const graph = makeGraph(
    [...rows].map(([id, row]) =>
      makeTask(id, {
        dependsOn: row.waitsFor,
        condition: row.condition,
        maxRetries: row.retries,
        delayMs: 50,
      }),
    ),
  );
  const view = startRun(graph);
  const order: TaskKey[] = [];
  const agenda: { readonly at: number; readonly event: RunEvent }[] = [];
  const later = (at: number, event: RunEvent): void => void agenda.push({ at, event });
  later(0, { kind: 'begin' });
  while (agenda.length > 0) {
    agenda.sort((a, b) => a.at - b.at);
    const [next] = agenda.splice(0, 1);
    assert.ok(next !== undefined);
    const { at, event } = next;
    const moved = advance(view, event, at);
    assert.ok(moved.kind === 'moved', `${event.kind} was ignored`);
    applyAdvance(view, moved);
    for (const [key, record] of moved.tasks) {
      if (record.endedAt === at) order.push(key);
      const { placement, attempt } = record;
      const node = record.node ?? NODES[0];
      assert.ok(node !== undefined);
      if (record.state === 'ready') later(at + random() * 10, { kind: 'place', key, node });
      if (record.state === 'placed')
        later(at + random() * 10, { kind: 'leave', key, placement, node, leftAt: at });
      if (record.state !== 'running') continue;
      const ending = endingOf(rows.get(key)?.command ?? 'ok', attempt);
      const endedAt = Math.ceil(at + 1 + random() * 999);
      const end = { ending, startedAt: Math.ceil(at), endedAt, durationMs: null, cpuMs: null };
      later(endedAt, { kind: 'end', key, attempt, placement, node, end });
    }
    for (const effect of moved.effects)
      if (effect.kind === 'retry_at') later(effect.at, { kind: 'retry_due', key: effect.key });
  }
  return { view, order };
}

function endingOf(command: Command, attempt: number): AttemptEnding {
  switch (command) {
    case 'ok':
      return { kind: 'exited', code: 0 };
    case 'fail':
      return { kind: 'exited', code: 1 };
    case 'flaky':
      return { kind: 'exited', code: attempt === 1 ? 1 : 0 };
    case 'lost':
      return { kind: 'unknown', reason: 'the board rebooted' };
    default:
      return command satisfies never;
  }
}

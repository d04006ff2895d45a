import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { AttemptEnding } from '../attempt/ending.js';
import { nodeNameSchema, taskKeySchema, type NodeName, type TaskKey } from '../ids.js';
import type { Task } from '../job/job.js';
import { makeGraph, makeTask } from '../job/make-task.fixture.js';
import { advance, applyAdvance, readyTasks } from './advance.js';
import type { Advance, Moved, RunEvent } from './event.js';
import { reason } from './reason.js';
import type { TaskRecord } from './run.js';
import { startRun } from './run-simulator.fixture.js';
import type { RunView } from './view.js';

const N1 = nodeNameSchema.parse('n1');
const N2 = nodeNameSchema.parse('n2');
const OK: AttemptEnding = { kind: 'exited', code: 0 };
const BAD: AttemptEnding = { kind: 'exited', code: 9 };
const STOPPED: AttemptEnding = { kind: 'stopped', code: null, signal: 'SIGTERM' };
const BY_HAND = reason('cancel_requested', 'by hand');

/** A run that a test drives event by event; the clock moves by one each time. */
class Played {
  readonly view: RunView;
  #now = 0;

  constructor(...tasks: Task[]) {
    this.view = startRun(makeGraph(tasks));
    this.moved({ kind: 'begin' });
  }

  judge(event: RunEvent): Advance {
    this.#now += 1;
    const outcome = advance(this.view, event, this.#now);
    if (outcome.kind === 'moved') applyAdvance(this.view, outcome);
    return outcome;
  }

  moved(event: RunEvent): Moved {
    const outcome = this.judge(event);
    assert.ok(outcome.kind === 'moved', outcome.kind === 'ignored' ? outcome.why : '');
    return outcome;
  }

  ignored(event: RunEvent): string {
    const outcome = this.judge(event);
    assert.equal(outcome.kind, 'ignored');
    return outcome.kind === 'ignored' ? outcome.why : '';
  }

  start(name: string, node: NodeName = N1): void {
    const key = keyOf(name);
    const { placement } = this.moved({ kind: 'place', key, node }).tasks.get(key) ?? {
      placement: 0,
    };
    this.moved({ kind: 'leave', key, placement, node, leftAt: this.#now });
  }

  end(name: string, ending: AttemptEnding): RunEvent {
    const { attempt, placement, node } = this.task(name);
    const end = { ending, startedAt: 1, endedAt: 2, durationMs: 1, cpuMs: 1 };
    return { kind: 'end', key: keyOf(name), attempt, placement, node: node ?? N1, end };
  }

  task(name: string): TaskRecord {
    const record = this.view.tasks.get(keyOf(name));
    assert.ok(record !== undefined, `no task ${name}`);
    return record;
  }
}

const keyOf = (name: string): TaskKey => taskKeySchema.parse(name);
const cancel = (onlyBeforeStart = false): RunEvent => ({
  kind: 'cancel',
  reason: BY_HAND,
  onlyBeforeStart,
});
const everywhere = (...nodes: NodeName[]): RunEvent => ({
  kind: 'fan_out',
  key: keyOf('a'),
  nodes,
});

suite('a report', () => {
  test('that comes twice is taken once', () => {
    const run = new Played(makeTask('a'), makeTask('b'));
    run.start('a');
    const end = run.end('a', OK);
    run.moved(end);
    assert.equal(run.ignored(end), 'task_ended');
    assert.equal(run.view.header.counts.completed, 1);
  });

  test('of an earlier attempt is not taken for the present one', () => {
    const run = new Played(makeTask('a', { maxRetries: 1 }));
    run.start('a');
    const first = run.end('a', BAD);
    run.moved(first);
    assert.equal(run.ignored(first), 'not_in_that_state');
    run.moved({ kind: 'retry_due', key: keyOf('a') });
    assert.equal(run.ignored(first), 'stale_attempt');
    run.start('a');
    assert.equal(run.ignored(first), 'stale_attempt');
  });

  test('of a placement that was taken back is not taken', () => {
    const run = new Played(makeTask('a'));
    const key = keyOf('a');
    run.moved({ kind: 'place', key, node: N1 });
    const old = run.end('a', OK);
    run.moved({ kind: 'withdraw', key, placement: 1, reason: BY_HAND });
    run.moved({ kind: 'place', key, node: N2 });
    assert.equal(run.ignored(old), 'stale_placement');
    assert.equal(
      run.ignored({ kind: 'leave', key, placement: 1, node: N1, leftAt: 1 }),
      'stale_placement',
    );
    assert.equal(
      run.ignored({ kind: 'leave', key, placement: 2, node: N1, leftAt: 1 }),
      'stale_placement',
    );
  });

  test('that overtakes the word of its leave is taken, and starts the run', () => {
    const run = new Played(makeTask('a'), makeTask('b'));
    run.moved({ kind: 'place', key: keyOf('a'), node: N1 });
    const { withoutLeave } = run.moved(run.end('a', OK));
    assert.deepEqual(withoutLeave, []);
    assert.equal(run.task('a').state, 'completed');
    assert.equal(run.view.header.state, 'running');
  });
});

suite('a placement', () => {
  test('that comes anew tells why until leave is given; what was waited for before is told no more', () => {
    const run = new Played(makeTask('a'));
    const key = keyOf('a');
    run.moved({ kind: 'task_wait', key, reason: reason('no_room', 'full') });
    run.moved({ kind: 'place', key, node: N1 });
    assert.equal(run.task('a').reason, null);
    const declined = reason('declined', 'expired');
    run.moved({ kind: 'withdraw', key, placement: 1, reason: declined });
    run.moved({ kind: 'place', key, node: N2 });
    assert.deepEqual(run.task('a').reason, declined);
    run.moved({ kind: 'leave', key, placement: 2, node: N2, leftAt: 1 });
    assert.equal(run.task('a').reason, null);
  });
});

suite('a cancel', () => {
  test('takes what has not started, whatever waits for it, and has the rest stopped', () => {
    const run = new Played(
      makeTask('running'),
      makeTask('placed'),
      makeTask('ready'),
      makeTask('after', { dependsOn: ['ready'], condition: 'always' }),
      makeTask('rescue', { dependsOn: ['placed'], condition: 'on_failure' }),
      makeTask('last', { dependsOn: ['after'] }),
    );
    run.start('running');
    run.moved({ kind: 'place', key: keyOf('placed'), node: N2 });
    const { effects, withoutLeave } = run.moved(cancel());
    assert.deepEqual(effects, [{ kind: 'stop', key: 'running' }]);
    assert.deepEqual(withoutLeave, ['placed']);
    for (const name of ['placed', 'ready', 'after', 'rescue', 'last']) {
      assert.equal(run.task(name).state, 'cancelled', name);
      assert.deepEqual(run.task(name).reason, BY_HAND);
    }
    const { effects: last } = run.moved(run.end('running', STOPPED));
    assert.deepEqual(last, [{ kind: 'run_ended' }]);
    assert.equal(run.task('running').state, 'cancelled');
    assert.equal(run.view.header.state, 'cancelled');
    assert.deepEqual(run.view.header.reason, BY_HAND);
  });

  test('does not make a task that succeeded all the same less of a success', () => {
    const run = new Played(makeTask('a'));
    run.start('a');
    run.moved(cancel());
    run.moved(run.end('a', OK));
    assert.equal(run.view.header.state, 'completed');
  });

  test('ends retries: what fails now has failed', () => {
    const run = new Played(makeTask('a', { maxRetries: 5 }), makeTask('b', { maxRetries: 5 }));
    run.start('a');
    run.start('b');
    run.moved(run.end('b', BAD));
    run.moved(cancel());
    assert.equal(run.task('b').state, 'cancelled');
    run.moved(run.end('a', BAD));
    assert.equal(run.task('a').state, 'failed');
    assert.equal(run.view.header.state, 'cancelled');
  });

  test('is asked for once', () => {
    const run = new Played(makeTask('a'));
    run.start('a');
    run.moved(cancel());
    assert.equal(run.ignored(cancel()), 'not_in_that_state');
  });

  test('for a start that came too late leaves a run alone that has started', () => {
    const run = new Played(makeTask('a'));
    run.start('a');
    assert.equal(run.ignored(cancel(true)), 'not_in_that_state');
    const waiting = new Played(makeTask('a'));
    waiting.moved(cancel(true));
    assert.equal(waiting.view.header.state, 'cancelled');
    assert.equal(waiting.view.header.startedAt, null);
  });
});

suite('a task on every node', () => {
  test('runs once on each, and what waits for it starts after the last of them', () => {
    const run = new Played(makeTask('a', { every: true }), makeTask('b', { dependsOn: ['a'] }));
    const { effects } = run.moved(everywhere(N1, N2));
    assert.deepEqual(effects, [
      { kind: 'ready', key: 'a@n1' },
      { kind: 'ready', key: 'a@n2' },
    ]);
    assert.deepEqual(readyTasks(run.view), ['a@n1', 'a@n2']);
    run.start('a@n1', N1);
    run.start('a@n2', N2);
    run.moved(run.end('a@n2', OK));
    assert.equal(run.task('b').state, 'pending');
    run.moved(run.end('a@n1', OK));
    assert.equal(run.task('a').state, 'completed');
    assert.equal(run.task('b').state, 'ready');
    assert.deepEqual(run.view.header.counts, {
      open: 1,
      completed: 1,
      failed: 0,
      skipped: 0,
      cancelled: 0,
      lost: 0,
    });
  });

  test('has failed when one of them has, and says on how many', () => {
    const run = new Played(makeTask('a', { every: true }));
    run.moved(everywhere(N1, N2));
    run.start('a@n1', N1);
    run.moved(run.end('a@n1', BAD));
    assert.equal(run.task('a').state, 'running');
    run.start('a@n2', N2);
    run.moved(run.end('a@n2', OK));
    assert.equal(run.task('a').reason?.text, 'failed on 1 of 2 nodes');
    assert.equal(run.view.header.state, 'failed');
  });

  test('retries on the node where it failed alone', () => {
    const run = new Played(makeTask('a', { every: true, maxRetries: 1 }));
    run.moved(everywhere(N1, N2));
    run.start('a@n1', N1);
    run.start('a@n2', N2);
    run.moved(run.end('a@n1', BAD));
    assert.equal(run.task('a@n1').state, 'retrying');
    assert.equal(run.task('a@n2').state, 'running');
  });

  test('is named once for a node that is given twice', () => {
    const run = new Played(makeTask('a', { every: true }));
    run.moved(everywhere(N1, N1));
    assert.deepEqual(run.task('a').instances, ['a@n1']);
  });

  test('is neither placed nor ended nor lost itself', () => {
    const run = new Played(makeTask('a', { every: true }));
    const key = keyOf('a');
    assert.equal(run.ignored({ kind: 'place', key, node: N1 }), 'not_in_that_state');
    assert.equal(run.ignored(everywhere()), 'not_in_that_state');
    run.moved(everywhere(N1));
    assert.equal(
      run.ignored({ kind: 'lose', key, attempt: 1, reason: BY_HAND }),
      'not_in_that_state',
    );
    assert.equal(
      run.ignored({ kind: 'hold', key, heldUntil: 9, reason: BY_HAND }),
      'not_in_that_state',
    );
    assert.equal(run.ignored(everywhere(N2)), 'not_in_that_state');
  });

  test('is what only such a task does', () => {
    const run = new Played(makeTask('a'));
    assert.equal(run.ignored(everywhere(N1, N2)), 'not_in_that_state');
    const other = new Played(makeTask('a', { every: true }));
    other.moved(everywhere(N1));
    assert.equal(
      other.ignored({ kind: 'fan_out', key: keyOf('a@n1'), nodes: [N2] }),
      'not_in_that_state',
    );
  });

  test('is cancelled with its instances', () => {
    const run = new Played(makeTask('a', { every: true }), makeTask('b', { dependsOn: ['a'] }));
    run.moved(everywhere(N1, N2));
    run.start('a@n1', N1);
    const { effects } = run.moved(cancel());
    assert.deepEqual(effects, [{ kind: 'stop', key: 'a@n1' }]);
    run.moved(run.end('a@n1', STOPPED));
    assert.equal(run.task('a').state, 'cancelled');
    assert.equal(run.view.header.state, 'cancelled');
  });
});

suite('a lost node', () => {
  test('holds what runs there, and gives it back when it returns', () => {
    const run = new Played(makeTask('a'));
    run.start('a');
    const key = keyOf('a');
    const { effects } = run.moved({
      kind: 'hold',
      key,
      heldUntil: 600,
      reason: reason('node_lost', 'gone'),
    });
    assert.deepEqual(effects, [{ kind: 'hold_until', key, at: 600 }]);
    assert.equal(run.task('a').heldUntil, 600);
    run.moved({ kind: 'regain', key, attempt: 1 });
    assert.equal(run.task('a').heldUntil, null);
    assert.equal(run.task('a').reason, null);
    assert.equal(run.ignored({ kind: 'regain', key, attempt: 1 }), 'not_in_that_state');
  });

  test('P3 leaves a task lost that may not run twice, and the run interrupted', () => {
    const run = new Played(makeTask('a', { maxRetries: 5 }));
    run.start('a');
    const why = reason('node_lost', 'gone for 10 minutes');
    run.moved({ kind: 'lose', key: keyOf('a'), attempt: 1, reason: why });
    assert.equal(run.task('a').state, 'lost');
    assert.deepEqual(run.task('a').reason, why);
    assert.equal(run.view.header.state, 'interrupted');
    assert.equal(run.view.header.reason?.token, 'tasks_lost');
  });

  test('has a task tried again that may run twice', () => {
    const run = new Played(makeTask('a', { idempotent: true, delayMs: 5 }));
    run.start('a');
    const { effects } = run.moved({ kind: 'lose', key: keyOf('a'), attempt: 1, reason: BY_HAND });
    assert.equal(effects[0]?.kind, 'retry_at');
    assert.equal(run.task('a').state, 'retrying');
  });
});

suite('a run', () => {
  test('in which nothing may start ends at once, completed', () => {
    const run = new Played(
      makeTask('a', { condition: 'on_failure' }),
      makeTask('b', { dependsOn: ['a'] }),
    );
    assert.equal(run.view.header.state, 'completed');
    assert.equal(run.view.header.counts.skipped, 2);
    assert.equal(run.ignored({ kind: 'begin' }), 'run_ended');
  });

  test('that has begun is not begun again', () => {
    const run = new Played(makeTask('a'));
    assert.equal(run.ignored({ kind: 'begin' }), 'not_in_that_state');
  });

  test('knows nothing of a task that it does not have', () => {
    const run = new Played(makeTask('a'));
    assert.equal(run.ignored({ kind: 'retry_due', key: keyOf('z') }), 'unknown_task');
    assert.equal(run.ignored({ kind: 'retry_due', key: keyOf('a@n1') }), 'unknown_task');
  });

  test('of 10,000 tasks in a chain of skips ends without recursion running out', () => {
    const tasks = Array.from({ length: 10_000 }, (_, index) =>
      makeTask(`t${index}`, index === 0 ? {} : { dependsOn: [`t${index - 1}`] }),
    );
    const run = new Played(...tasks);
    run.start('t0');
    run.moved(run.end('t0', BAD));
    assert.equal(run.view.header.counts.skipped, 9_999);
    assert.equal(run.view.header.state, 'failed');
  });
});

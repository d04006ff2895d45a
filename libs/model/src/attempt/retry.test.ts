import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RetryCondition } from '../job/job.js';
import { describeEnding, isSuccess, isTransient, type AttemptEnding } from './ending.js';
import { decideRetry } from './retry.js';

const SUCCEEDED: AttemptEnding = { kind: 'exited', code: 0 };
const EXITED: AttemptEnding = { kind: 'exited', code: 3 };
const KILLED: AttemptEnding = { kind: 'signalled', signal: 'SIGSEGV' };
const TIMED_OUT: AttemptEnding = { kind: 'timed_out', code: null, signal: 'SIGTERM' };
const STOPPED: AttemptEnding = { kind: 'stopped', code: null, signal: 'SIGTERM' };
const NOT_THERE: AttemptEnding = {
  kind: 'start_failed',
  reason: 'not_found',
  message: 'x: not found',
};
const UNKNOWN: AttemptEnding = { kind: 'unknown', reason: 'the board rebooted' };

function decide(
  ending: AttemptEnding,
  change: {
    readonly attempt?: number;
    readonly maxRetries?: number;
    readonly condition?: RetryCondition;
    readonly idempotent?: boolean;
  } = {},
): string | number {
  const decision = decideRetry({
    policy: {
      maxRetries: change.maxRetries ?? 2,
      delayMs: 500,
      condition: change.condition ?? 'always',
    },
    attempt: change.attempt ?? 1,
    ending,
    idempotent: change.idempotent ?? false,
  });
  return decision.retry ? decision.delayMs : decision.why;
}

suite('a retry', () => {
  test('comes as often as the policy says after the first try, each after its delay', () => {
    assert.equal(decide(EXITED, { attempt: 1 }), 500);
    assert.equal(decide(EXITED, { attempt: 2 }), 500);
    assert.equal(decide(EXITED, { attempt: 3 }), 'no_retries_left');
    assert.equal(decide(EXITED, { maxRetries: 0 }), 'no_retries_left');
  });

  test('never comes after a success or a stop on request', () => {
    assert.equal(decide(SUCCEEDED), 'succeeded');
    assert.equal(decide(STOPPED), 'condition');
    assert.equal(decide(STOPPED, { idempotent: true }), 'condition');
  });

  test('by transient_only comes after a timeout or a signal, not after an exit code or a command that is not there', () => {
    const condition = 'transient_only';
    assert.equal(decide(TIMED_OUT, { condition }), 500);
    assert.equal(decide(KILLED, { condition }), 500);
    assert.equal(decide(EXITED, { condition }), 'condition');
    assert.equal(decide(NOT_THERE, { condition }), 'condition');
  });

  test('by never comes after no end that is known', () => {
    for (const ending of [EXITED, KILLED, TIMED_OUT, NOT_THERE])
      assert.equal(decide(ending, { condition: 'never' }), 'condition');
  });

  test('P3 comes after an unknown end only when the task says that it may run twice', () => {
    for (const condition of ['always', 'transient_only', 'never'] as const)
      assert.equal(decide(UNKNOWN, { condition, maxRetries: 9 }), 'not_idempotent');
    assert.equal(decide(UNKNOWN, { idempotent: true }), 500);
  });

  test('of an idempotent task comes once after an unknown end, whatever the policy says', () => {
    assert.equal(decide(UNKNOWN, { idempotent: true, maxRetries: 0 }), 500);
    assert.equal(decide(UNKNOWN, { idempotent: true, maxRetries: 0, condition: 'never' }), 500);
    assert.equal(
      decide(UNKNOWN, { idempotent: true, maxRetries: 0, attempt: 2 }),
      'no_retries_left',
    );
  });
});

suite('an ending', () => {
  test('is a success only by exit code 0', () => {
    assert.ok(isSuccess(SUCCEEDED));
    for (const ending of [EXITED, KILLED, TIMED_OUT, STOPPED, NOT_THERE, UNKNOWN])
      assert.ok(!isSuccess(ending));
    assert.ok(!isSuccess({ kind: 'timed_out', code: 0, signal: null }));
    assert.ok(!isSuccess({ kind: 'stopped', code: 0, signal: null }));
  });

  test('is transient when its reason lies outside of the command', () => {
    const transient = [SUCCEEDED, EXITED, KILLED, TIMED_OUT, STOPPED, NOT_THERE, UNKNOWN].filter(
      isTransient,
    );
    assert.deepEqual(transient, [KILLED, TIMED_OUT, UNKNOWN]);
  });

  test('is told in words', () => {
    const words = [SUCCEEDED, EXITED, KILLED, TIMED_OUT, STOPPED, NOT_THERE, UNKNOWN].map(
      describeEnding,
    );
    assert.deepEqual(words, [
      'succeeded',
      'command exited with code 3',
      'command was killed by SIGSEGV',
      'timed out',
      'stopped on request',
      'could not start: x: not found',
      'nobody knows how it ended: the board rebooted',
    ]);
  });
});

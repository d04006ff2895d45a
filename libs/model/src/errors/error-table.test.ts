import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_TABLE, isErrorCode } from './error-table.js';
import { messageOf, PetitError } from './petit-error.js';

test('every row has a status that HTTP knows, an exit code that a shell can see, and a meaning', () => {
  for (const [code, row] of Object.entries(ERROR_TABLE)) {
    assert.match(code, /^[A-Z]+(_[A-Z]+)*$/);
    assert.ok(row.httpStatus >= 200 && row.httpStatus < 600, code);
    // 126 and up are the shell's own.
    assert.ok(row.exitCode >= 1 && row.exitCode < 126, code);
    assert.ok(row.meaning.length > 10, code);
  }
});

test('what is never worth another try is not called retryable', () => {
  for (const [code, row] of Object.entries(ERROR_TABLE))
    if (
      row.httpStatus >= 400 &&
      row.httpStatus < 500 &&
      row.httpStatus !== 429 &&
      row.httpStatus !== 409
    )
      assert.equal(row.retryable, false, code);
});

test('the exit codes that scripts rely on are as promised', () => {
  assert.equal(ERROR_TABLE.RUN_FAILED.exitCode, 1);
  assert.equal(ERROR_TABLE.INVALID_JOB_FILE.exitCode, 2);
  assert.equal(ERROR_TABLE.NOT_FOUND.exitCode, 3);
  assert.equal(ERROR_TABLE.LEADER_UNREACHABLE.exitCode, 4);
});

test('a code is one of the table, never of a prototype', () => {
  assert.ok(isErrorCode('NOT_FOUND'));
  for (const text of ['not_found', 'toString', '__proto__', ''])
    assert.ok(!isErrorCode(text), text);
});

test('an error carries its row, its details and its cause', () => {
  const cause = new Error('ECONNREFUSED');
  const error = new PetitError('REDIS_UNAVAILABLE', 'no answer', { cause, details: { port: 1 } });
  assert.equal(error.httpStatus, 503);
  assert.equal(error.exitCode, 4);
  assert.equal(error.retryable, true);
  assert.equal(error.cause, cause);
  assert.deepEqual(error.details, { port: 1 });
  assert.ok(!('cause' in new PetitError('NOT_FOUND', 'x')));
  assert.equal(messageOf(error), 'no answer');
  assert.equal(messageOf('thrown text'), 'thrown text');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseCommand, type AttemptCommand } from './attempt-command.js';

const COMMAND: AttemptCommand = {
  attemptId: 'a.1',
  argv: ['true'],
  cwd: null,
  environment: { PATH: '/bin' },
  timeoutMs: null,
  killGraceMs: 1_000,
};

test('an ordinary command is not refused', () => {
  assert.equal(refuseCommand(COMMAND), null);
  assert.equal(
    refuseCommand({ ...COMMAND, environment: { EMPTY: '', 'odd name': 'a=b\n' } }),
    null,
  );
});

test('a NUL byte is refused wherever it stands', () => {
  const refused = [
    refuseCommand({ ...COMMAND, argv: ['true', 'a\0b'] }),
    refuseCommand({ ...COMMAND, cwd: '/tmp\0' }),
    refuseCommand({ ...COMMAND, environment: { NAME: '\0' } }),
    refuseCommand({ ...COMMAND, environment: { 'NA\0ME': '' } }),
  ];
  assert.deepEqual(
    refused.map((refusal) => refusal?.reason),
    Array.from({ length: 4 }, () => 'nul_byte'),
  );
});

test('a variable whose name cannot be told from its value is refused', () => {
  assert.equal(refuseCommand({ ...COMMAND, environment: { 'A=B': '1' } })?.reason, 'other');
  assert.equal(refuseCommand({ ...COMMAND, environment: { '': '1' } })?.reason, 'other');
});

test('more than Linux could ever take is refused before it is sent', () => {
  const argv: [string, ...string[]] = ['true', 'x'.repeat(9 * 1024 * 1024)];
  assert.equal(refuseCommand({ ...COMMAND, argv })?.reason, 'argument_too_long');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PetitError } from '@petit/model';
import { HELP, parseArguments } from './parse-arguments.js';

test('each command is read', () => {
  assert.deepEqual(parseArguments(['join', 'T']), { kind: 'join', token: 'T', name: null });
  for (const args of [
    ['join', 'T', '--name', 'nas'],
    ['join', '--name', 'nas', 'T'],
    ['join', '--name=nas', 'T'],
  ])
    assert.deepEqual(parseArguments(args), { kind: 'join', token: 'T', name: 'nas' });
  assert.deepEqual(parseArguments(['join', '-']), { kind: 'join', token: '-', name: null });
  assert.deepEqual(parseArguments(['run']), { kind: 'run' });
  assert.deepEqual(parseArguments(['drain']), { kind: 'drain' });
  assert.deepEqual(parseArguments(['health']), { kind: 'health' });
  assert.deepEqual(parseArguments(['--version']), { kind: 'version' });
  for (const args of [[], ['help'], ['--help'], ['join', '-h']])
    assert.deepEqual(parseArguments(args), { kind: 'help' });
});

const WRONG: readonly (readonly [readonly string[], RegExp])[] = [
  [['start'], /no command "start"; wanted join, run, drain or health/],
  [['join'], /wants the token/],
  [['join', 'T', 'U'], /one token, got also "U"/],
  [['join', 'T', '--name'], /--name wants the name/],
  [['join', 'T', '--name', 'a/b'], /a node's name is a letter or digit/],
  [['join', 'T', '--slots', '3'], /no option "--slots"/],
  [['run', 'fast'], /"run" takes no arguments, got "fast"/],
];

for (const [args, message] of WRONG) {
  test(`refused: petit-worker ${args.join(' ')}`, () => {
    assert.throws(
      () => parseArguments(args),
      (error) =>
        error instanceof PetitError && error.code === 'BAD_REQUEST' && message.test(error.message),
    );
  });
}

test('the help names every command and every setting', () => {
  for (const word of [
    'join',
    'run',
    'drain',
    'health',
    'PETIT_DATA_DIR',
    'PETIT_NODE',
    'PETIT_LABELS',
  ])
    assert.ok(HELP.includes(word), word);
  for (const word of ['PETIT_SLOTS', 'PETIT_JOIN_FILE', 'PETIT_ON_STOP', 'PETIT_LOG_LEVEL'])
    assert.ok(HELP.includes(word), word);
});

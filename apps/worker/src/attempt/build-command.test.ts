import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeNameSchema, type Action } from '@petit/model';
import type { Envelope } from '@petit/protocol';
import type { AttemptCommand } from '@petit/runner';
import { envelopeOf } from '../test-envelope.fixture.js';
import { buildCommand } from './build-command.js';

const BASE = { PATH: '/usr/bin:/bin', HOME: '/root', LANG: 'C.UTF-8' };

function build(change: Partial<Envelope>): AttemptCommand {
  const node = nodeNameSchema.parse('cube1');
  return buildCommand(envelopeOf(change), { node, base: BASE, outputPath: '/data/output' });
}

const python = (script: string, inline: boolean): Action => ({
  type: 'python',
  script,
  inline,
  workingDir: null,
});

test('a command is its argv, word for word', () => {
  const action: Action = {
    type: 'command',
    command: 'echo',
    args: ['$(id)', '`id`', '; rm', 'a b', ''],
    workingDir: '/srv',
  };
  const command = build({ action });
  assert.deepEqual(command.argv, ['echo', '$(id)', '`id`', '; rm', 'a b', '']);
  assert.equal(command.cwd, '/srv');
});

test('python runs a file, or the code itself', () => {
  assert.deepEqual(build({ action: python('a.py', false) }).argv, ['python3', 'a.py']);
  assert.deepEqual(build({ action: python('print(1)', true) }).argv, ['python3', '-c', 'print(1)']);
  assert.equal(build({ action: python('a.py', false) }).cwd, null);
});

test('the environment is the base, what the job says, and what the run is', () => {
  const envelope = envelopeOf();
  const { environment } = build({
    environment: { GREETING: 'hi', PATH: '/opt/bin' },
    config: '{"rows":3}',
    tickTime: '2026-11-24T02:00:00Z',
  });
  assert.deepEqual(environment, {
    PATH: '/opt/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
    GREETING: 'hi',
    PETIT_RUN_ID: envelope.runId,
    PETIT_JOB_ID: 'daily',
    PETIT_TASK_ID: 'extract',
    PETIT_ATTEMPT: '1',
    PETIT_CONFIG: '{"rows":3}',
    PETIT_TICK_TIME: '2026-11-24T02:00:00Z',
    PETIT_NODE: 'cube1',
    PETIT_OUTPUT: '/data/output',
  });
});

test('a run that somebody asked for has no tick time', () => {
  assert.ok(!('PETIT_TICK_TIME' in build({}).environment));
});

test('a job cannot pretend to be another run or node', () => {
  const { environment } = build({
    environment: { PETIT_RUN_ID: 'x', PETIT_NODE: 'x', PETIT_OUTPUT: '/etc/passwd' },
  });
  assert.equal(environment['PETIT_NODE'], 'cube1');
  assert.equal(environment['PETIT_OUTPUT'], '/data/output');
  assert.notEqual(environment['PETIT_RUN_ID'], 'x');
});

test('nothing of the own environment is passed on', () => {
  process.env['PETIT_TEST_SECRET'] = 'secret';
  try {
    assert.ok(!Object.values(build({}).environment).includes('secret'));
  } finally {
    delete process.env['PETIT_TEST_SECRET'];
  }
});

test('timeout and grace are passed on', () => {
  const { timeoutMs, killGraceMs } = build({ timeoutMs: 90_000, killGraceMs: 3_000 });
  assert.deepEqual([timeoutMs, killGraceMs], [90_000, 3_000]);
});

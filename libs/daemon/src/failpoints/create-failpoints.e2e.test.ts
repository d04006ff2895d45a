import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir, waitFor } from '@petit/testkit';
import { createFailpoints } from './create-failpoints.js';

const MODULE = JSON.stringify(new URL('create-failpoints.js', import.meta.url).href);
const PASS_THRICE = `
  const { createFailpoints } = await import(${MODULE});
  const failpoint = createFailpoints(process.argv[1]);
  for (const pass of [1, 2, 3]) { console.log(pass); failpoint('leave.sent'); }
  console.log('end');`;

function passThrice(spec: string): ReturnType<typeof spawn> {
  return spawn(process.execPath, ['--input-type=module', '-e', PASS_THRICE, spec], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function outcomeOf(child: ReturnType<typeof spawn>): Promise<[string, unknown]> {
  let said = '';
  child.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const [code, signal] = await once(child, 'close');
  return [said.split('\n').join(' ').trim(), signal ?? code];
}

test('a process dies at the pass that is armed, having said so in the log file', async () => {
  await using temp = await makeTempDir();
  const path = join(temp.path, 'acts');
  const child = passThrice(`leave.sent=kill@2,log:${path}`);
  assert.deepEqual(await outcomeOf(child), ['1 2', 'SIGKILL']);
  const { at, ...act } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  assert.deepEqual(act, { name: 'leave.sent', pid: child.pid, hit: 2 });
  assert.ok(Math.abs(Number(at) - statSync(path).mtimeMs) < 60_000);
});

test('a process stops at its failpoint and goes on when it is continued', async () => {
  await using temp = await makeTempDir();
  const path = join(temp.path, 'acts');
  const child = passThrice(`leave.sent=stop,log:${path}`);
  const ended = outcomeOf(child);
  try {
    await waitFor(() => stateOf(child.pid) === 'T', { what: 'the process to be stopped' });
    assert.match(readFileSync(path, 'utf8'), /leave\.sent/);
  } finally {
    child.kill('SIGCONT');
  }
  assert.deepEqual(await ended, ['1 2 3 end', 0]);
});

test('another process can be killed, and a place can be made to wait', async () => {
  const victim = spawn('sleep', ['60']);
  const died = once(victim, 'exit');
  const failpoint = createFailpoints(`a=kill-pid:${victim.pid},b=stall:30`);
  void failpoint('a');
  assert.deepEqual(await died, [null, 'SIGKILL']);
  const before = performance.now();
  assert.equal(failpoint('unarmed'), undefined);
  await failpoint('b');
  assert.ok(performance.now() - before >= 29);
});

test('a process that runs already is armed by a file, and counts from there', async () => {
  await using temp = await makeTempDir();
  const [arm, log] = [join(temp.path, 'arm'), join(temp.path, 'log')];
  const victim = spawn('sleep', ['60']);
  const died = once(victim, 'exit');
  const failpoint = createFailpoints(`arm:${arm},log:${log}`);
  void failpoint('a');
  void failpoint('a');
  writeFileSync(arm, `a=kill-pid:${victim.pid}@2\n`);
  void failpoint('a');
  assert.equal(existsSync(arm), false);
  assert.equal(existsSync(log), false);
  void failpoint('a');
  assert.deepEqual(await died, [null, 'SIGKILL']);
  assert.match(readFileSync(log, 'utf8'), /"name":"a".*"hit":2/);
  writeFileSync(arm, 'a=b');
  assert.throws(() => failpoint('a'), { code: 'BAD_SETTINGS' });
});

test('without a spec a failpoint is one function that does nothing', () => {
  assert.equal(createFailpoints(undefined), createFailpoints(''));
  assert.equal(createFailpoints('')('leave.sent'), undefined);
});

test('a spec that cannot be read is refused', () => {
  for (const spec of ['a', 'a=b', 'a=kill@0', 'a=kill:3', 'a=stall', 'a=kill-pid:1', 'a=kill,,']) {
    assert.throws(() => createFailpoints(spec), { code: 'BAD_SETTINGS' }, spec);
  }
});

function stateOf(pid: number | undefined): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.charAt(stat.lastIndexOf(')') + 2);
}

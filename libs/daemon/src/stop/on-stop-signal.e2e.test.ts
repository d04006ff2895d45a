import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { createInterface } from 'node:readline';

const MODULE = JSON.stringify(new URL('on-stop-signal.js', import.meta.url).href);
const SLOW_TO_STOP = `
  const { onStopSignal } = await import(${MODULE});
  const stop = onStopSignal();
  const stay = setInterval(() => {}, 1000);
  stop.signal.addEventListener('abort', () => console.log('stopping', stop.signal.reason));
  console.log('up');
  process.stdin.once('data', () => { clearInterval(stay); process.stdin.destroy(); console.log('down'); });`;

async function start(): Promise<{ child: ChildProcess; next: () => Promise<string | undefined> }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SLOW_TO_STOP], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => {
    const { value } = await lines.next();
    return value;
  };
  assert.equal(await next(), 'up');
  return { child, next };
}

test('the first SIGTERM aborts, another changes nothing, and the program ends in its own time', async () => {
  const { child, next } = await start();
  child.kill('SIGTERM');
  assert.equal(await next(), 'stopping SIGTERM');
  child.kill('SIGTERM');
  child.stdin?.write('go\n');
  assert.equal(await next(), 'down');
  if (child.exitCode === null) await once(child, 'exit');
  assert.equal(child.signalCode, null);
});

test('the same press of Ctrl-C may come twice, as npm passes it on, and ends nothing at once', async () => {
  const { child, next } = await start();
  child.kill('SIGINT');
  child.kill('SIGINT');
  assert.equal(await next(), 'stopping SIGINT');
  child.kill('SIGINT');
  child.stdin?.write('go\n');
  assert.equal(await next(), 'down');
  if (child.exitCode === null) await once(child, 'exit');
  assert.equal(child.signalCode, null);
});

test('a second SIGINT ends the program by that signal', async () => {
  const { child, next } = await start();
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  assert.equal(await next(), 'stopping SIGINT');
  // The person looks for a second, and presses again.
  const again = setInterval(() => child.kill('SIGINT'), 1_000);
  assert.deepEqual(await ended, [null, 'SIGINT']);
  clearInterval(again);
});

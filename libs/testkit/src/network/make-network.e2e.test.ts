import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { waitFor } from '../wait-for.js';
import { makeNetwork } from './make-network.js';
import type { Machine } from './machine.js';

const environment = { PATH: process.env['PATH'] ?? '' };
const LISTEN = `require('node:net').createServer((socket) => socket.end('hello'))
  .listen(4000, process.argv[1], () => process.stdout.write('listening'));
  process.stdin.on('end', () => process.exit(0)).resume();`;
const ASK = `require('node:net').connect({ host: process.argv[1], port: 4000, timeout: 500 })
  .on('timeout', () => process.exit(1)).on('error', () => process.exit(1)).pipe(process.stdout);`;

test('two machines reach each other by their addresses, until the cable is cut and again once it is mended', async (t) => {
  const made = await makeNetwork();
  if (made.kind === 'unavailable') return t.skip(`needs network namespaces: ${made.why}`);
  await using network = made.network;
  const { a, b } = network;
  await using _listener = listenOn(a);
  const ask = (from: Machine) =>
    from.run([process.execPath, '-e', ASK, a.address], { environment });
  const hears = (from: Machine, what: string) =>
    waitFor(async () => (await ask(from)).stdout === 'hello', { what, intervalMs: 50 });
  await hears(a, 'A to reach itself');
  await hears(b, 'B to reach A');
  await network.cut();
  assert.equal((await ask(b)).exitCode, 1);
  assert.equal((await ask(a)).stdout, 'hello');
  await network.mend();
  await hears(b, 'B to reach A again');
});

function listenOn(machine: Machine): AsyncDisposable {
  const [program, ...args] = [...machine.launcher, process.execPath, '-e', LISTEN];
  const child = spawn(program, [...args, machine.address], { env: environment, stdio: 'pipe' });
  return {
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    },
  };
}

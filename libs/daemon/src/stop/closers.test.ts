import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Closers } from './closers.js';

function recorder(): { readonly warned: string[]; readonly log: { warn(fields: object): void } } {
  const warned: string[] = [];
  return { warned, log: { warn: (fields) => void warned.push(JSON.stringify(fields)) } };
}

test('what was started last is closed first, once', async () => {
  const closed: string[] = [];
  const closers = new Closers(recorder());
  for (const name of ['redis', 'lease', 'http']) closers.add(name, () => void closed.push(name));
  assert.deepEqual(await closers.close(), []);
  await closers.close();
  assert.deepEqual(closed, ['http', 'lease', 'redis']);
});

test('a close that fails or never ends is told and holds nobody back', async () => {
  const { warned, log } = recorder();
  const closed: string[] = [];
  const closers = new Closers({ log, timeoutMs: 20 });
  closers.add('first', () => void closed.push('first'));
  closers.add('hangs', () => new Promise(() => {}));
  closers.add('throws', () => {
    throw new Error('no');
  });
  assert.deepEqual(await closers.close(), ['throws', 'hangs']);
  assert.deepEqual(closed, ['first']);
  assert.equal(warned.length, 2);
  assert.match(warned[1] ?? '', /"closer":"hangs".*20/);
});

test('what is added on the way down is closed too', async () => {
  const closed: string[] = [];
  const closers = new Closers(recorder());
  closers.add('outer', () => {
    closers.add('inner', () => void closed.push('inner'));
    closed.push('outer');
  });
  await closers.close();
  closers.add('late', () => void closed.push('late'));
  await closers.close();
  assert.deepEqual(closed, ['outer', 'inner', 'late']);
});

test('disposable things are closed by their own method', async () => {
  const closed: string[] = [];
  {
    await using closers = new Closers(recorder());
    closers.use('sync', { [Symbol.dispose]: () => void closed.push('sync') });
    closers.use('async', { [Symbol.asyncDispose]: async () => void closed.push('async') });
  }
  assert.deepEqual(closed, ['async', 'sync']);
});

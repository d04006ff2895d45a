import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PetitError } from '@petit/model';
import { makeTempDir } from '@petit/testkit';
import { lockDirectory } from './lock-directory.js';
import { processStartOf } from './process-start.js';

const MODULE = JSON.stringify(new URL('lock-directory.js', import.meta.url).href);
const LOCK_AND_STAY = `
  const { lockDirectory } = await import(${MODULE});
  try { lockDirectory(process.argv[1]); } catch (error) { console.log(error.code); process.exit(0); }
  console.log('held');
  setInterval(() => {}, 1000);`;

async function startHolder(directory: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', LOCK_AND_STAY, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString().trim() };
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

test('a held directory is refused with the pid, and free again once its holder is killed', async () => {
  await using temp = await makeTempDir();
  const directory = join(temp.path, 'data');
  const { child, said } = await startHolder(directory);
  try {
    assert.equal(said, 'held');
    assert.throws(
      () => lockDirectory(directory),
      (error) =>
        error instanceof PetitError &&
        error.code === 'ALREADY_RUNNING' &&
        error.message.includes(`process ${child.pid};`),
    );
    assert.equal(readdirSync(directory).length, 1);
  } finally {
    await killed(child);
  }
  {
    using lock = lockDirectory(directory);
    assert.equal(lock.path, directory);
    assert.equal(readdirSync(directory).length, 1);
  }
  assert.deepEqual(readdirSync(directory), []);
});

test('a lock of a pid that another process has now, or of an earlier boot, is stale', async () => {
  await using temp = await makeTempDir();
  const parent = process.ppid;
  const start = processStartOf(parent);
  assert.ok(start !== null);
  writeFileSync(join(temp.path, `lock-00000000-${parent}-${start}`), '');
  {
    using _ = lockDirectory(temp.path);
  }
  const boot = readdirOwn(temp.path);
  writeFileSync(join(temp.path, `lock-${boot}-${parent}-${Number(start) + 1}`), '');
  {
    using _ = lockDirectory(temp.path);
  }
  writeFileSync(join(temp.path, `lock-${boot}-${parent}-${start}`), '');
  assert.throws(() => lockDirectory(temp.path), /in use by process/);
});

test('of several that start at once no two hold it', async () => {
  await using temp = await makeTempDir();
  const started = await Promise.all([1, 2, 3, 4].map(() => startHolder(temp.path)));
  try {
    const said = started.map((holder) => holder.said);
    assert.ok(said.filter((word) => word === 'held').length <= 1, said.join());
    assert.ok(
      said.every((word) => word === 'held' || word === 'ALREADY_RUNNING'),
      said.join(),
    );
  } finally {
    await Promise.all(started.map(({ child }) => killed(child)));
  }
});

function readdirOwn(directory: string): string {
  using lock = lockDirectory(directory);
  const [name = ''] = readdirSync(lock.path);
  return name.split('-')[1] ?? '';
}

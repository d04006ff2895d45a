import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { NO_LIMITS } from '@petit/model';
import { makeTempDir, waitFor } from '@petit/testkit';
import { JobDirectory } from './job-directory.js';
import { watchDirectory } from './watch-directory.js';

function jobText(id: string, command = 'true'): string {
  return `id: ${id}\nname: ${id}\ntasks:\n  - id: only\n    type: command\n    command: "${command}"\n`;
}

test('every good file is a job, and what is no YAML file is not looked at', async () => {
  await using dir = await makeTempDir();
  await writeFile(join(dir.path, 'a.yaml'), jobText('a'));
  await writeFile(join(dir.path, 'b.yml'), jobText('b'));
  await writeFile(join(dir.path, '.draft.yaml'), 'nonsense: [');
  await writeFile(join(dir.path, 'notes.txt'), 'nonsense: [');
  const loaded = await new JobDirectory({ path: dir.path, defaultZone: 'UTC' }).load();
  assert.deepEqual(
    loaded.definitions.map(({ job }) => job.id),
    ['a', 'b'],
  );
  assert.deepEqual(loaded.problems, []);
});

test('a file that breaks keeps the last good version of its job in force, and says so with its place', async () => {
  await using dir = await makeTempDir();
  const directory = new JobDirectory({ path: dir.path, defaultZone: 'UTC' });
  const file = join(dir.path, 'a.yaml');
  await writeFile(file, jobText('a'));
  const before = await directory.load();
  await writeFile(file, `${jobText('a')}colour: red\n`);
  const after = await directory.load();
  assert.deepEqual(after.definitions, before.definitions);
  assert.notEqual(after.fingerprint, before.fingerprint);
  assert.equal(after.problems.length, 1);
  assert.deepEqual(
    { ...after.problems[0], message: '' },
    { path: file, line: 7, column: 1, message: '', keptLastGood: true },
  );
  await writeFile(file, jobText('a', 'false'));
  const mended = await directory.load();
  assert.deepEqual(mended.problems, []);
  assert.notEqual(mended.definitions[0]?.hash, before.definitions[0]?.hash);
});

test('the limits of the file of defaults are read with the jobs, and the last good ones hold while it is broken', async () => {
  await using dir = await makeTempDir();
  const directory = new JobDirectory({ path: dir.path, defaultZone: 'UTC' });
  const file = join(dir.path, 'petit.yaml');
  await writeFile(join(dir.path, 'a.yaml'), jobText('a'));
  assert.deepEqual((await directory.load()).limits, NO_LIMITS);
  const limits = { maxConcurrentJobs: 2, maxConcurrentTasks: 8 };
  await writeFile(file, 'max_concurrent_jobs: 2\nmax_concurrent_tasks: 8\n');
  assert.deepEqual((await directory.load()).limits, limits);
  await writeFile(file, 'max_concurrent_jobs: 0\n');
  const broken = await directory.load();
  assert.deepEqual(broken.limits, limits);
  assert.equal(broken.problems.length, 1);
  await rm(file);
  assert.deepEqual((await directory.load()).limits, NO_LIMITS);
});

test('a file that was broken from the first is told, and the good ones beside it load', async () => {
  await using dir = await makeTempDir();
  await writeFile(join(dir.path, 'bad.yaml'), 'id: bad\nname: [');
  await writeFile(join(dir.path, 'good.yaml'), jobText('good'));
  const loaded = await new JobDirectory({ path: dir.path, defaultZone: 'UTC' }).load();
  assert.deepEqual(
    loaded.definitions.map(({ job }) => job.id),
    ['good'],
  );
  assert.ok(loaded.problems.length > 0);
  assert.ok(loaded.problems.every(({ keptLastGood }) => !keptLastGood));
});

test('a file that is gone takes its job with it', async () => {
  await using dir = await makeTempDir();
  const directory = new JobDirectory({ path: dir.path, defaultZone: 'UTC' });
  await writeFile(join(dir.path, 'a.yaml'), jobText('a'));
  await directory.load();
  await rm(join(dir.path, 'a.yaml'));
  assert.deepEqual((await directory.load()).definitions, []);
});

test('attack 33: a directory that vanishes, and a file that cannot be read, leave everything in force', async () => {
  await using dir = await makeTempDir();
  const path = join(dir.path, 'jobs');
  await mkdir(path);
  const directory = new JobDirectory({ path, defaultZone: 'UTC' });
  await writeFile(join(path, 'a.yaml'), jobText('a'));
  const before = await directory.load();
  await mkdir(join(path, 'folder.yaml'));
  const odd = await directory.load();
  assert.deepEqual(odd.definitions, before.definitions);
  assert.match(odd.problems[0]?.message ?? '', /cannot be read/);
  await rm(join(path, 'a.yaml'));
  await mkdir(join(path, 'a.yaml'));
  const unread = await directory.load();
  assert.deepEqual(unread.definitions, before.definitions, 'the job of a file that cannot be read');
  assert.ok(unread.problems.some(({ keptLastGood }) => keptLastGood));
  await rm(path, { recursive: true });
  const gone = await directory.load();
  assert.deepEqual(gone.definitions, before.definitions);
  assert.match(gone.problems[0]?.message ?? '', /cannot be read/);
});

test('a file of defaults that cannot be read does not count as absent, whatever it is called: all stays as it was', async () => {
  await using dir = await makeTempDir();
  const directory = new JobDirectory({ path: dir.path, defaultZone: 'UTC' });
  const shared = join(dir.path, 'everyone.yaml');
  await writeFile(shared, 'environment: {HOUSE: Linden Street 7}\nmax_concurrent_jobs: 3\n');
  await writeFile(join(dir.path, 'a.yaml'), jobText('a'));
  const before = await directory.load();
  assert.deepEqual(before.definitions[0]?.job.environment, { HOUSE: 'Linden Street 7' });
  const broken = ['environment: [', null];
  for (const text of broken) {
    await rm(shared);
    if (text === null) await mkdir(shared);
    else await writeFile(shared, text);
    const { definitions, limits, problems } = await directory.load();
    assert.deepEqual(definitions, before.definitions);
    assert.deepEqual(limits, before.limits);
    assert.deepEqual(
      problems.map(({ path }) => path),
      [shared],
    );
  }
});

test('a look reads nothing where nothing was written, and everything where something was, be it as long as before', async () => {
  await using dir = await makeTempDir();
  const directory = new JobDirectory({ path: dir.path, defaultZone: 'UTC' });
  await writeFile(join(dir.path, 'a.yaml'), jobText('a', 'true1'));
  await writeFile(join(dir.path, 'b.yaml'), jobText('b'));
  const before = await directory.load();
  assert.equal(await directory.look(), before);
  await writeFile(join(dir.path, 'a.yaml'), jobText('a', 'true2'));
  const after = await directory.look();
  assert.notEqual(after.fingerprint, before.fingerprint);
  assert.notEqual(after.definitions[0]?.hash, before.definitions[0]?.hash);
  assert.equal(after.definitions[1], before.definitions[1], 'what has not changed is kept');
  await rm(join(dir.path, 'b.yaml'));
  assert.deepEqual(
    (await directory.look()).definitions.map(({ job }) => job.id),
    ['a'],
  );
});

test('a saved file is noticed by itself', async () => {
  await using dir = await makeTempDir();
  const stop = new AbortController();
  let changes = 0;
  const watching = watchDirectory({
    path: dir.path,
    changed: async () => {
      changes += 1;
    },
    onError: (error) => assert.fail(String(error)),
    monotonicNow: () => performance.now(),
    signal: stop.signal,
  });
  await writeFile(join(dir.path, 'a.yaml'), jobText('a'));
  await waitFor(() => changes > 0, { what: 'the change to be noticed', timeoutMs: 20_000 });
  stop.abort();
  await watching;
});

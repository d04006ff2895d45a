import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { runInTest, type Ran } from '../testing/run-in-test.fixture.js';

const GOOD = `id: hello
name: Say hello
schedule: "0 0 2 * * *"
tasks:
  - id: say
    type: command
    command: echo
    args: [hello]
`;

async function validate(
  files: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<Ran> {
  await using temp = await makeTempDir();
  mkdirSync(join(temp.path, 'jobs'));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(temp.path, 'jobs', name), text);
  return await runInTest(['validate', 'jobs', ...more], { cwd: temp.path });
}

test('good files are listed and exit 0', async () => {
  const { exitCode, stdout, stderr } = await validate({
    'hello.yaml': GOOD,
    'notes.txt': 'x',
    '.hidden.yaml': ':',
  });
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.equal(stdout, '✓ hello  1 task  0 0 2 * * *  jobs/hello.yaml\n');
});

test('every mistake is told with place, line and caret, and exits 2', async () => {
  const { exitCode, stdout, stderr } = await validate({
    'hello.yaml': GOOD,
    'bad.yml': GOOD.replace('0 0 2', '61 0 2')
      .replace('id: hello', 'id: bad')
      .replace('command: echo', 'comand: echo'),
  });
  assert.equal(exitCode, 2);
  assert.match(stdout, /^✓ hello/);
  assert.match(stdout, /jobs\/bad\.yml:3:\d+ {2}schedule/);
  assert.match(stdout, /\n {2}3 \| schedule: "61 0 2 \* \* \*"\n {4}\| +\^/);
  assert.match(stdout, /jobs\/bad\.yml:7:\d+ .*comand/);
  assert.match(stderr, /\d mistakes in jobs/);
});

test('--json lists jobs and problems', async () => {
  const { stdout, exitCode } = await validate({ 'hello.yaml': GOOD, 'bad.yaml': 'id: [' }, [
    '--json',
  ]);
  assert.equal(exitCode, 2);
  const { jobs, problems } = JSON.parse(stdout) as Record<string, Record<string, unknown>[]>;
  assert.equal(jobs?.[0]?.['id'], 'hello');
  assert.equal(problems?.[0]?.['path'], 'jobs/bad.yaml');
});

test('a directory without job files, or that is none, exits 3', async () => {
  const empty = await validate({});
  assert.deepEqual([empty.exitCode, empty.stdout], [3, '']);
  const missing = await runInTest(['validate', '/nowhere'], { cwd: '/' });
  assert.equal(missing.exitCode, 3);
  assert.match(missing.stderr, /directory \/nowhere cannot be read/);
});

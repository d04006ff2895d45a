import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { runInTest } from '../testing/run-in-test.fixture.js';
import {
  BROKEN_DIRECTORIES,
  expectedPath,
  validateBroken,
} from '../testing/validate-broken.fixture.js';

suite('the broken job files', () => {
  for (const directory of BROKEN_DIRECTORIES) {
    test(`${directory}: validate says all that it is expected to say, and exits 2`, async () => {
      const path = expectedPath(directory);
      assert.ok(existsSync(path));
      const { exitCode, text } = await validateBroken(directory);
      assert.equal(exitCode, 2);
      assert.equal(text, readFileSync(path, 'utf8'));
    });
  }

  test('are at least 60, and each one that is not called good has a mistake', async () => {
    const [directory = ''] = BROKEN_DIRECTORIES;
    const names = readdirSync(join(expectedPath(directory), '..')).filter(
      (name) => name.endsWith('.yaml') && !/^good|^jobs-on-a-broken-one/.test(name),
    );
    assert.ok(names.length >= 60);
    const { text } = await validateBroken(directory);
    const told = new Set(text.match(/(?<=^libs\/jobfile\/broken\/)[\w-]+\.yaml(?=:\d+:\d+ {2})/gm));
    assert.deepEqual(
      names.filter((name) => !told.has(name)),
      [],
    );
  });
});

const GOOD = 'id: hello\nname: Hello\ntasks: [{id: say, type: command, command: echo}]\n';

suite('what cannot be read', () => {
  test('is told as a mistake of its own, and the others are checked all the same', async () => {
    await using temp = await makeTempDir();
    const at = (name: string): string => join(temp.path, 'jobs', name);
    mkdirSync(at('folder.yaml'), { recursive: true });
    symlinkSync('nowhere', at('gone.yaml'));
    symlinkSync('/dev/zero', at('endless.yaml'));
    writeFileSync(at('hello.yaml'), GOOD);
    writeFileSync(at('large.yaml'), '');
    truncateSync(at('large.yaml'), 5_000_000_000);
    const { exitCode, stdout } = await runInTest(['validate', 'jobs'], { cwd: temp.path });
    assert.equal(exitCode, 2);
    assert.match(stdout, /^✓ hello/);
    assert.match(stdout, /^jobs\/folder\.yaml:1:1 {2}the file cannot be read: it is no file/m);
    assert.match(stdout, /^jobs\/endless\.yaml:1:1 {2}the file cannot be read: it is no file/m);
    assert.match(stdout, /^jobs\/gone\.yaml:1:1 {2}the file cannot be read: ENOENT/m);
    assert.match(stdout, /^jobs\/large\.yaml:1:1 .*at most 1048576 bytes, not 5000000000 bytes/m);
  });

  test('does not count as absent when it holds the defaults: then no job loads', async () => {
    await using temp = await makeTempDir();
    const at = (name: string): string => join(temp.path, 'jobs', name);
    mkdirSync(at('defaults.yaml'), { recursive: true });
    writeFileSync(at('hello.yaml'), GOOD);
    const { exitCode, stdout } = await runInTest(['validate', 'jobs'], { cwd: temp.path });
    assert.equal(exitCode, 2);
    assert.equal(
      stdout,
      'jobs/defaults.yaml:1:1  the file cannot be read: it is no file, though it is called like one\n',
    );
  });
});

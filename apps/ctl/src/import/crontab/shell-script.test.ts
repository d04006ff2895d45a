import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { shellCommand } from './shell-script.js';
import { splitInput } from './split-input.js';

/** What a command prints when it is run as a job would run it. */
function output(line: string, shell: string, home: string): string {
  const { program, args } = shellCommand(splitInput(line), shell);
  const env = { HOME: home, PATH: '/usr/bin:/bin' };
  return execFileSync(program, args, { cwd: '/', env, encoding: 'utf8' });
}

suite('a command by the shell of its line', () => {
  test('runs at home, with its standard input word for word', async () => {
    await using home = await makeTempDir();
    const run = (line: string): string => output(line, '/bin/sh', home.path);
    assert.equal(run('pwd'), `${home.path}\n`);
    assert.equal(
      run('cat%$HOME `id`%\\%%  STDIN%STDIN%STDIN2%\\x'),
      ['$HOME `id`', '%', '  STDIN', 'STDIN', 'STDIN2', '\\x', ''].join('\n'),
    );
    // All of the line reads it, not only its last command.
    assert.equal(run('read a; echo "1 $a"; cat%one%two'), '1 one\ntwo\n');
    assert.equal(run('exit 0 # \\%'), '');
  });

  test('that is none like sh gets it as -c too, at home and with its standard input', async () => {
    await using home = await makeTempDir();
    const shell = join(home.path, 'odd');
    writeFileSync(shell, '#!/bin/sh\necho "$# $1 <$2>"; pwd; cat\n', { mode: 0o755 });
    assert.equal(output('a "b" $c%in', shell, home.path), `2 -c <a "b" $c>\n${home.path}\nin\n`);
  });

  test('does not run where there is no home', () => {
    assert.throws(() => output('true', '/bin/sh', '/nonexistent'));
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { NOT_CARRIED_KINDS, type NotCarriedKind } from '../../import/crontab/not-carried.js';
import { runInTest } from '../../testing/run-in-test.fixture.js';

const GUIDE = readFileSync(
  fileURLToPath(new URL('../../../../../docs/guide/coming-from-cron.md', import.meta.url)),
  'utf8',
);

/** What stands between the fences of a language, block by block. */
function blocks(language: string): readonly string[] {
  return [...GUIDE.matchAll(/```(\w+)\n([^`]*)```/g)]
    .filter(([, of]) => of === language)
    .map(([, , text]) => text ?? '');
}

test('every command of the guide for those who come from cron works, in its order', async (t) => {
  await using temp = await makeTempDir();
  const [crontab = ''] = blocks('crontab');
  const [log = ''] = blocks('log');
  const [picture = ''] = blocks('text');
  const printed: string[] = [];
  const path = (name: string): string => join(temp.path, name);
  mkdirSync(path('etc'));
  mkdirSync(path('bin'));
  writeFileSync(path('home.crontab'), crontab);
  writeFileSync(path('cron.log'), log);
  writeFileSync(path('etc/crontab'), '17 * * * * root run-parts /etc/cron.hourly\n');
  writeFileSync(path('bin/crontab'), `#!/bin/sh\ncat ${path('home.crontab')}\n`, { mode: 0o755 });
  const environment = { PATH: `${path('bin')}:/usr/bin:/bin` };
  const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));
  assert.ok(commands.length >= 8);
  for (const command of commands) {
    await t.test(`\`${command}\``, async () => {
      const [program, ...args] = command.split(' ');
      assert.equal(program, 'petit-ctl');
      const { exitCode, stdout, stderr } = await runInTest(args, { cwd: temp.path, environment });
      assert.equal(exitCode, 0, stderr);
      assert.notEqual(stdout, '');
      printed.push(stdout);
    });
  }
  await t.test('and what it shows of a comparison is what is printed', () => {
    assert.ok(printed.includes(picture), picture);
  });
});

/** How the guide speaks of each. */
const NAMES: Readonly<Record<NotCarriedKind, string>> = {
  mail: '`MAILTO`',
  user: 'a user',
  reboot: '`@reboot`',
  never_due: 'a date that never comes',
  unlogged: '`-` before the minute',
  random: '`0~30`',
  random_delay: '`RANDOM_DELAY`',
  own_zone: '`CRON_TZ`',
  backslash: 'two backslashes',
  unended: 'no newline at the end',
};

test('the guide names all that is not carried as cron has it', () => {
  for (const kind of NOT_CARRIED_KINDS) assert.ok(GUIDE.includes(`| ${NAMES[kind]} `), kind);
  assert.deepEqual(NOT_CARRIED_KINDS.toSorted(), Object.keys(NAMES).toSorted());
});

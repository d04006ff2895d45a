import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { runInTest, type Ran } from '../../testing/run-in-test.fixture.js';

process.env['TZ'] = 'UTC';

const CRONTAB = ['0 * * * * hourly', '30 2 * * * nightly', '@reboot lights on', ''].join('\n');

/** The log of a machine in Berlin for a morning; without the lines that match. */
function logWithout(left: RegExp | null): string {
  const hours = ['00', '01', '02', '03', '04'];
  return hours
    .flatMap((hour) => [
      `Nov 24 ${hour}:00:01 cube1 CRON[1]: (ann) CMD (hourly)`,
      ...(hour === '02' ? ['Nov 24 02:30:01 cube1 CRON[2]: (ann) CMD (nightly)'] : []),
      `Nov 24 ${hour}:45:01 cube1 CRON[3]: (root) CMD (run-parts x)`,
    ])
    .filter((line) => left === null || !left.test(line))
    .join('\n');
}

async function shadow(
  t: TestContext,
  { log, line = '' }: { readonly log: string; readonly line?: string },
): Promise<Ran & { readonly files: readonly string[] }> {
  const temp = await makeTempDir();
  t.after(() => temp[Symbol.asyncDispose]());
  writeFileSync(join(temp.path, 'mine'), CRONTAB);
  writeFileSync(join(temp.path, 'syslog'), log);
  const args = `import crontab mine --tz Europe/Berlin --shadow syslog ${line}`.trim().split(' ');
  const ran = await runInTest(args, { cwd: temp.path });
  return { ...ran, files: readdirSync(temp.path).toSorted() };
}

suite('import crontab --shadow', () => {
  test("exits 0 when cron's log has each of our ticks and no other, and writes nothing", async (t) => {
    const { exitCode, stdout, stderr, files } = await shadow(t, { log: logWithout(null) });
    assert.deepEqual([exitCode, stderr, files], [0, '', ['mine', 'syslog']]);
    assert.equal(
      stdout,
      `Tue 2026-11-24 00:01 CET +01:00 to Tue 2026-11-24 04:45 CET +01:00  Europe/Berlin

JOB        MATCHED  MISSING IN CRON  MISSING IN OURS
✓ hourly         4                0                0
✓ nightly        1                0                0
  all            5                0                0

not compared, for they have no time or are not logged: lights-on
not compared, for no line here has the command: 4 starts of run-parts x

all 5 ticks agree
`,
    );
  });

  test('exits 1 when one is missing on either side, and tells each with its minute', async (t) => {
    const log = `${logWithout(/ 03:00:01 /)}\n`.replace('02:30:01', '02:31:01');
    const { exitCode, stdout, stderr } = await shadow(t, { log });
    assert.equal(exitCode, 1);
    assert.match(stdout, /✗ hourly +3 +1 +0\n✗ nightly +0 +1 +1\n {2}all +3 +2 +1\n/);
    assert.match(
      stdout,
      /Missing in cron.*\n {2}Tue 2026-11-24 02:30 CET \+01:00 {2}nightly\n {2}Tue 2026-11-24 03:00 CET \+01:00 {2}hourly\n/,
    );
    assert.match(stdout, /Missing in ours.*\n {2}Tue 2026-11-24 02:31 CET \+01:00 {2}nightly\n/);
    assert.match(stdout, /3 ticks agree, 3 do not/);
    assert.match(stderr, /missing in cron 2, missing in ours 1/);
  });

  test('is for the time asked for, and says when the log is not of all of it', async (t) => {
    const log = logWithout(null);
    const within = '--since 2026-11-24T02:00+01:00 --until 2026-11-24T03:00+01:00';
    const asked = await shadow(t, { log, line: within });
    assert.deepEqual([asked.exitCode, /all 2 ticks agree/.test(asked.stdout)], [0, true]);
    const beyond = await shadow(t, { log, line: '--since 2026-11-23' });
    assert.equal(beyond.exitCode, 1);
    assert.match(beyond.stdout, /the log is not of all that time/);
    assert.match(beyond.stdout, /and \d+ more|Mon 2026-11-23/);
  });

  test('as JSON has every instant', async (t) => {
    const { stdout } = await shadow(t, { log: logWithout(/ 03:00:01 /), line: '--json' });
    const { jobs, total } = JSON.parse(stdout) as {
      jobs: { ids: string[]; missingInCron: number[] }[];
      total: unknown;
    };
    assert.deepEqual(jobs[0], {
      ids: ['hourly'],
      matched: 3,
      missingInCron: [Date.UTC(2026, 10, 24, 2)],
      missingInOurs: [],
    });
    assert.deepEqual(total, { matched: 4, missingInCron: 1, missingInOurs: 0 });
  });

  test('takes nothing to compare for no agreement, and refuses what contradicts itself', async (t) => {
    const log = logWithout(null);
    for (const [text, line, message] of [
      ['', '', /syslog has no line of cron/],
      [log, '--since 2026-11-24T00:10Z --until 2026-11-24T00:20Z', /nothing is due in that time/],
      [log, '--out jobs', /wanted one of --shadow and --out/],
      [log, '--since yesterday', /instant "yesterday"/],
    ] as const) {
      const { exitCode, stderr } = await shadow(t, { log: text, line });
      assert.equal(exitCode, 2, line);
      assert.match(stderr, message);
    }
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { runInTest, type Ran, type RunOptions } from '../../testing/run-in-test.fixture.js';

process.env['TZ'] = 'UTC';

interface Place {
  readonly path: string;
  readonly run: (line: string, options?: Partial<RunOptions>) => Promise<Ran>;
}

/** A directory with these files, in which petit-ctl runs. */
async function place(t: TestContext, files: Readonly<Record<string, string>>): Promise<Place> {
  const temp = await makeTempDir();
  t.after(() => temp[Symbol.asyncDispose]());
  mkdirSync(join(temp.path, 'etc', 'cron.d'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(temp.path, name), text);
  return {
    path: temp.path,
    run: (line, options = {}) =>
      runInTest(['import', 'crontab', ...line.split(' ')], { cwd: temp.path, ...options }),
  };
}

const MINE = [
  'MAILTO=me',
  '# Everything.',
  '30 2 * * 1-5 backup.sh --all',
  '@reboot lights on',
  '',
].join('\n');

suite('import crontab', () => {
  test('without --out prints what it would write and what is not carried, and writes nothing', async (t) => {
    const { run, path } = await place(t, { mine: MINE });
    const { stdout, stderr, exitCode } = await run('mine --tz Europe/Berlin');
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.match(stdout, /^── backup\.yaml\n# From line 3 of mine:\n/);
    assert.ok(
      stdout.endsWith(`
WOULD WRITE     DUE               ZONE           FROM    COMMAND
backup.yaml     30 2 * * MON-FRI  Europe/Berlin  mine:3  backup.sh --all
lights-on.yaml  by hand                          mine:4  lights on

Not carried as cron has it
  @reboot  lights-on
    a cluster has no one start to run at, so the job runs by hand; a unit of systemd is for starts of one machine
  MAILTO=me  backup, lights-on
    nothing is mailed; what a run prints is kept, see petit-ctl logs

2 jobs; nothing is written without --out DIR
`),
      stdout,
    );
    assert.deepEqual(readdirSync(path).toSorted(), ['etc', 'mine']);
  });

  test('with --out tells each file written, and they are a directory that validate takes', async (t) => {
    const { run, path } = await place(t, { mine: MINE });
    const { stdout, exitCode } = await run('mine --out made/jobs');
    assert.equal(exitCode, 0);
    assert.match(stdout, /✓ made\/jobs\/backup\.yaml/);
    assert.match(stdout, /2 jobs written to made\/jobs/);
    const checked = await runInTest(['validate', 'made/jobs'], { cwd: path });
    assert.deepEqual([checked.exitCode, checked.stderr], [0, '']);
  });

  test('never writes over a file unless forced, and then none of the others either', async (t) => {
    const { run, path } = await place(t, { mine: MINE });
    mkdirSync(join(path, 'jobs'));
    writeFileSync(join(path, 'jobs', 'lights-on.yaml'), 'mine');
    const { stderr, exitCode } = await run('mine --out jobs');
    assert.equal(exitCode, 6);
    assert.match(
      stderr,
      /nothing was written: --force would overwrite\n {2}jobs\/lights-on\.yaml\n/,
    );
    assert.deepEqual(readdirSync(join(path, 'jobs')), ['lights-on.yaml']);
    assert.equal((await run('mine --out jobs --force')).exitCode, 0);
    assert.match(readFileSync(join(path, 'jobs', 'lights-on.yaml'), 'utf8'), /^id: lights-on$/m);
  });

  test('of a system reads crontab and cron.d as cron does, with users and without files left over', async (t) => {
    const { run } = await place(t, {
      'etc/crontab': '17 * * * * root cd / && run-parts /etc/cron.hourly\n',
      'etc/cron.d/certbot': '0 0 * * * certbot certbot renew\n',
      'etc/cron.d/certbot.dpkg-old': 'broken\n',
    });
    const { stdout, exitCode } = await run('--system etc --worker-user certbot');
    assert.equal(exitCode, 0);
    assert.match(stdout, /certbot-renew\.yaml +0 0 \* \* \* +UTC +etc\/cron\.d\/certbot:1/);
    assert.match(stdout, /user root {2}run-parts-cron\.hourly\n +it runs as certbot/);
    assert.doesNotMatch(stdout, /user certbot/);
  });

  test("of a user asks crontab, and only root's tool may name one", async (t) => {
    const { run, path } = await place(t, {});
    mkdirSync(join(path, 'bin'));
    const tool =
      '#!/bin/sh\n[ "$1 $2 $3" = "-l -u ann" ] && echo "@daily of ann" || { echo no >&2; exit 1; }\n';
    writeFileSync(join(path, 'bin', 'crontab'), tool, { mode: 0o755 });
    const environment = { PATH: `${path}/bin:/usr/bin:/bin` };
    const { stdout } = await run('--user ann --worker-user ann', { environment });
    assert.match(stdout, /of-ann\.yaml +@daily +UTC +crontab of ann:1 +of ann/);
    assert.match(stdout, /LOGNAME: ann/);
    const refused = await run('--user nobody-here', { environment });
    assert.equal(refused.exitCode, 3);
    assert.match(refused.stderr, /the crontab of nobody-here cannot be read: no/);
    assert.equal((await run('--user -e', { environment })).exitCode, 2);
    assert.equal((await run('--user ../x', { environment })).exitCode, 2);
  });

  test('tells lines that cron does not take, carries the others, and exits 2', async (t) => {
    const { run, path } = await place(t, { mine: `61 * * * * a\n${MINE}` });
    const { stderr, exitCode } = await run('mine --out jobs');
    assert.equal(exitCode, 2);
    assert.match(stderr, /1 line was left out.*\n {2}mine:1 {2}minute "61": "61" is not 0-59/);
    assert.equal(readdirSync(join(path, 'jobs')).length, 2);
  });

  test('as JSON has the same, with the text of each file', async (t) => {
    const { run } = await place(t, { mine: MINE });
    const { jobs } = JSON.parse((await run('mine --json --node cube1')).stdout) as {
      jobs: { id: string; written: boolean; schedule: string | null; text: string }[];
    };
    assert.deepEqual(
      jobs.map(({ id, written, schedule }) => [id, written, schedule]),
      [
        ['backup', false, '30 2 * * MON-FRI'],
        ['lights-on', false, null],
      ],
    );
    assert.match(jobs[0]?.text ?? '', /runs_on: \{ node: cube1 \}/);
  });

  test('wants a crontab that is there, one kind of it, and text', async (t) => {
    const { run, path } = await place(t, { mine: MINE });
    writeFileSync(join(path, 'bytes'), Buffer.from([0x2a, 0xff, 0xfe]));
    for (const [line, message] of [
      ['--json', /wanted a crontab/],
      ['mine --user ann', /wanted one of/],
      ['none', /none cannot be read: ENOENT/],
      ['bytes', /bytes is not UTF-8/],
      ['mine --tz Mars', /Mars/],
      ['mine --node a/b', /board "a\/b"/],
    ] as const) {
      const { stderr, exitCode } = await run(line);
      assert.notEqual(exitCode, 0);
      assert.match(stderr, message);
    }
    const empty = await place(t, { empty: '# nothing\n' });
    assert.equal((await empty.run('empty')).stdout, 'no line with a command\n');
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseJobFile } from '@petit/jobfile';
import type { Job } from '@petit/model';
import { parseSchedule, ticksBetween } from '@petit/schedule';
import { carryCrontabs, type Carried, type CarryOptions } from './carry-crontab.js';
import { cronMinutes } from './cron-oracle.fixture.js';
import {
  randomCommand,
  randomTimes,
  randomVariable,
  seededRandom,
} from './random-crontab.fixture.js';
import { readCrontab, type CrontabFormat } from './read-crontab.js';

const OPTIONS: CarryOptions = { zone: 'UTC', node: null, workerUser: null };
const USER: CrontabFormat = { kind: 'user', user: null };

function carry(
  text: string,
  options: Partial<CarryOptions> & { readonly format?: CrontabFormat } = {},
): Carried {
  const { format = USER, ...others } = options;
  const crontab = readCrontab({ path: 'crontab', text: `${text}\n`, format });
  return carryCrontabs([crontab], { ...OPTIONS, ...others });
}

/** The jobs that the files of a crontab load as. */
function load(text: string, options: Parameters<typeof carry>[1] = {}): readonly Job[] {
  const { files, problems } = carry(text, options);
  assert.deepEqual(problems, []);
  return files.map((file) => {
    const loaded = parseJobFile(file.text, { path: file.name });
    assert.ok(loaded.ok, file.text);
    assert.deepEqual(loaded.notes, [], file.text);
    return loaded.job;
  });
}

function only(jobs: readonly Job[]): Job {
  const [job, second] = jobs;
  assert.ok(job !== undefined && second === undefined, `${jobs.length} jobs`);
  return job;
}

/** What `SHELL -c` is given by the one job of a crontab. */
function scriptOf(job: Job): string | undefined {
  const action = job.tasks[0]?.action;
  return action?.type === 'command' ? action.args[1] : undefined;
}

const YEAR = { from: Date.UTC(2027, 0, 1), until: Date.UTC(2028, 0, 1) };

function ticksOf(job: Job): readonly number[] {
  const [schedule] = job.schedules;
  if (schedule === undefined) return [];
  const parsed = parseSchedule(schedule.text, {
    zone: schedule.zone,
    jobId: job.id,
  });
  assert.ok(parsed.ok);
  const range = { after: YEAR.from - 1, until: YEAR.until - 1, limit: 600_000 };
  return ticksBetween(parsed.schedule, range).map(({ at }) => at);
}

suite('ticks of a line', () => {
  test('are those of cron at every minute of a year, for lines that were thought of', () => {
    for (const times of [
      '17 * * * *',
      '0 6 1,15 * mon',
      '0 9 */2 * MON',
      '0 9 1 * */2',
      '0 9 */40 * fri',
      '0 9 1-31 * 1',
      '0 9 *,5 * 2',
      '30 2 * * 0-7',
      '30 2 * * 5-7',
      '30 2 13 * *',
      '*/90 */30 * * */9',
      '5-59/20 8-17/3 * feb-DEC/5 7',
      '0 0 29 2 *',
      '0 0 30 2 *',
      '10-12/7 3 * * 0-6/4',
    ]) {
      const job = only(load(`${times} true`));
      assert.deepEqual(ticksOf(job), cronMinutes(times, YEAR), times);
    }
  });

  test('are those of cron at every minute of a year, for lines of a seeded generator', () => {
    const random = seededRandom(20_271_003);
    let due = 0;
    for (let count = 0; count < 45; count++) {
      const times = randomTimes(random);
      const job = only(load(`${times} true`));
      const wanted = cronMinutes(times, YEAR);
      const ticks = ticksOf(job);
      assert.equal(ticks.length, wanted.length, `${times} as ${job.schedules[0]?.text}`);
      assert.ok(
        ticks.every((at, index) => at === wanted[index]),
        `${times} as ${job.schedules[0]?.text}`,
      );
      if (wanted.length > 0) due += 1;
    }
    assert.ok(due > 25, `${due} lines were due at all`);
  });

  test('go through changes of the clocks by what cron calls a time of day and a rhythm', () => {
    const dst = (times: string): unknown =>
      only(load(`${times} true`, { zone: 'Europe/Berlin' })).schedules[0]?.dst;
    const asItSays = { gap: null, overlap: null };
    assert.deepEqual(dst('30 2 * * *'), asItSays);
    assert.deepEqual(dst('*/30 2 * * *'), asItSays);
    assert.deepEqual(dst('0-59/30 2 * * *'), { gap: 'run_once', overlap: 'first' });
    assert.deepEqual(dst('*/90 2 * * *'), { gap: 'skip', overlap: 'both' });
  });

  test('have the zone of the machine, or that of CRON_TZ from its line on; TZ is for the command alone', () => {
    const jobs = load('0 1 * * * a\nCRON_TZ=Asia/Tokyo\nTZ=UTC\n0 2 * * * b\n', {
      zone: 'Europe/Berlin',
    });
    assert.deepEqual(
      jobs.map(({ schedules }) => schedules[0]?.zone),
      ['Europe/Berlin', 'Asia/Tokyo'],
    );
    assert.equal(jobs[1]?.tasks[0]?.environment['TZ'], 'UTC');
    assert.equal(jobs[0]?.tasks[0]?.environment['TZ'], undefined);
  });
});

suite('a job file of a line', () => {
  test('loads, whatever the line holds, and gives the shell what cron gives it', () => {
    const random = seededRandom(7);
    let withInput = 0;
    for (let count = 0; count < 600; count++) {
      const command = randomCommand(random);
      const variable = randomVariable(random);
      const { files, problems } = carry(`# ${command.trim()}\n${variable}\n* * * * * ${command}\n`);
      assert.deepEqual(problems, [], JSON.stringify([variable, command]));
      const [file] = files;
      assert.ok(file !== undefined);
      const loaded = parseJobFile(file.text, { path: file.name });
      assert.ok(loaded.ok);
      assert.equal(scriptOf(loaded.job), file.job.shell.args[1], file.text);
      assert.deepEqual(
        loaded.job.tasks[0]?.environment,
        Object.fromEntries(file.job.environment),
        file.text,
      );
      if (file.job.run.input !== null) withInput += 1;
    }
    assert.ok(withInput > 100, `${withInput} had standard input`);
  });

  test('looks as a person would have written it', () => {
    const text = [
      'MAILTO=ops@example.org',
      'PATH=/usr/local/bin:/usr/bin:/bin',
      '',
      '# Everything but the caches.',
      '30 2 * * 1-5  backup.sh --all%one%two',
      '',
    ].join('\n');
    const [file] = carry(text, { zone: 'Europe/Berlin', node: 'cube3' }).files;
    assert.equal(file?.name, 'backup.yaml');
    assert.equal(file?.text, EXAMPLE);
  });

  test('allows runs to overlap and makes up for none that was missed, as cron does', () => {
    const job = only(load('* * * * * a'));
    assert.deepEqual([job.overlap, job.catchup.policy], ['allow', 'none']);
    assert.equal(job.maxConcurrency, null);
  });

  test('has the comment right above its line as its description, but not a line out of use', () => {
    const text = [
      '# Edit this file',
      '# m h  dom mon dow   command',
      '# Nightly: dump',
      '#  and keep',
      '0 1 * * * dump',
      '#0 2 * * * old',
      '0 3 * * * new',
      '# about nothing',
      '',
      '0 4 * * * last',
    ].join('\n');
    assert.deepEqual(
      load(text).map(({ description }) => description),
      ['Nightly: dump\n and keep', null, null],
    );
  });

  test('has an id that is made of the command and that no other has', () => {
    const commands = [
      '/usr/local/bin/backup.sh --all',
      'cd /srv && ./manage.py cleanup -v',
      'test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }',
      'nice -n 10 ionice -c3 /opt/x/backup.sh',
      'LANG=C timeout 5m python3 /opt/sync.py photos',
      '[ -x /usr/bin/certbot ] && certbot renew -q',
      '"$RUN"',
      '/usr/bin/BACKUP',
      'test -x /a && perl -e "sleep int(rand(43200))" && certbot -q renew',
      'curl -fsS -m 10 "https://hc.example.org/ping/1"',
      "bash -c 'echo hello'",
      '"$(date)"',
    ];
    assert.deepEqual(
      load(commands.map((command) => `@daily ${command}`).join('\n')).map(({ id }) => id),
      [
        'backup',
        'manage-cleanup',
        'run-parts-cron.daily',
        'backup-2',
        'sync-photos',
        'certbot-renew',
        'RUN',
        'BACKUP-3',
        'certbot',
        'curl-hc.example.org',
        'bash',
        'job',
      ],
    );
  });
});

const EXAMPLE = `# From line 5 of crontab:
#
#   30 2 * * 1-5  backup.sh --all%one%two
id: backup
name: backup.sh --all
description: Everything but the caches.

schedule:
  cron: '30 2 * * MON-FRI'
  timezone: Europe/Berlin

# Cron starts a command whether or not its last run has ended, and makes up for nothing that it missed.
overlap: allow
catchup: none

tasks:
  - id: run
    type: command
    command: /bin/sh
    args:
      - -c
      - |-
        cd "$HOME" || exit 1
        exec <<'STDIN'
        one
        two
        STDIN
        backup.sh --all
    environment:
      SHELL: /bin/sh
      PATH: /usr/local/bin:/usr/bin:/bin
      # Not carried: MAILTO=ops@example.org. Nothing is mailed; what a run prints is kept, see petit-ctl logs.
      MAILTO: ops@example.org
    runs_on: { node: cube3 }
`;

suite('what is not carried', () => {
  test('is named, each kind of it, and stands as a comment in the file', () => {
    const text = [
      'MAILTO=me',
      'CRON_TZ=UTC',
      'RANDOM_DELAY=5',
      '@reboot root a',
      '-0~30 1 * * * root b',
      '0 0 30 2 * worker c\\\\d',
    ].join('\n');
    const { files, problems } = carry(text, { format: { kind: 'system' }, workerUser: 'worker' });
    assert.deepEqual(problems, []);
    const kinds = files.map(({ job }) => job.notCarried.map(({ kind }) => kind));
    assert.deepEqual(kinds, [
      ['reboot', 'user', 'mail', 'own_zone', 'random_delay'],
      ['random', 'user', 'mail', 'own_zone', 'random_delay', 'unlogged'],
      ['mail', 'own_zone', 'random_delay', 'backslash', 'never_due'],
    ]);
    for (const file of files)
      assert.equal(
        [...file.text.matchAll(/# Not carried: /g)].length,
        file.job.notCarried.length,
        file.text,
      );
    assert.deepEqual(
      files.map(({ job }) => job.schedule?.text ?? null),
      [null, 'H(0-30) 1 * * *', null],
    );
  });

  test('a last line without a newline is carried, and named: cron does not take it', () => {
    const crontab = readCrontab({ path: 'c', text: '@daily a\n@daily b', format: USER });
    const { files } = carryCrontabs([crontab], OPTIONS);
    assert.deepEqual(
      files.map(({ job }) => job.notCarried.map(({ kind }) => kind)),
      [[], ['unended']],
    );
    assert.match(files[1]?.text ?? '', /# Not carried: no newline/);
  });

  test('LOGNAME is what cron would set, and only where that is true', () => {
    const logname = (text: string, workerUser: string): unknown =>
      only(load(text, { format: { kind: 'system' }, workerUser })).tasks[0]?.environment['LOGNAME'];
    assert.equal(logname('LOGNAME=x\n@daily root a', 'root'), 'root');
    assert.equal(logname('LOGNAME=x\n@daily root a', 'petit'), undefined);
  });

  test('a line that cron itself refuses is told with its place, and the others are carried', () => {
    const text = [
      '61 * * * * a',
      '* * * * *',
      'nonsense',
      '5/15 * * * * a',
      '0 0 * * sat-sun a',
      '@never a',
      '@Daily a',
      'CRON_TZ=Mars/Olympus',
      '@daily lost',
      'CRON_TZ=UTC',
      'X="unended',
      '@daily %only input',
      '@daily good',
    ].join('\n');
    const { files, problems } = carry(text);
    assert.deepEqual(
      files.map(({ name }) => name),
      ['good.yaml'],
    );
    assert.deepEqual(
      problems.map(({ line }) => line),
      [1, 2, 3, 4, 5, 6, 7, 9, 11, 12],
    );
    assert.match(problems[3]?.message ?? '', /write 5-59\/15, or 5/);
  });
});

import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { makeDesk, type Desk } from '../testing/make-desk.fixture.js';
import { NOW, runInTest, type Ran } from '../testing/run-in-test.fixture.js';
import { JOBS, TICKS } from '../testing/sample-views.fixture.js';

process.env['TZ'] = 'UTC';

const [HELLO, PIPELINE, OLD] = JOBS.jobs;

function desk(t: TestContext): Promise<Desk> {
  return makeDesk(t, {
    'GET /jobs': JOBS,
    'GET /jobs/pipeline': PIPELINE,
    'GET /jobs/hello': HELLO,
    'GET /jobs/old': OLD,
    'GET /ticks/next': TICKS,
  });
}

/** Runs petit-ctl where no leader is. */
function alone(args: readonly string[], isTerminal = false): Promise<Ran> {
  const environment = { PETIT_SERVER: 'http://127.0.0.1:1' };
  return runInTest(['next', ...args], { cwd: '/nonexistent', environment, isTerminal });
}

suite('next --cron', () => {
  test('asks no cluster, and shows each tick with its wall time and what the clocks did to it', async () => {
    const args = '-n 3 --tz Europe/Berlin --from 2027-03-27'.split(' ');
    const { stdout, stderr, exitCode } = await alone(['--cron', '30 2 * * *', ...args]);
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.equal(
      stdout,
      `30 2 * * *  Europe/Berlin

UTC               ON THE WALL           ZONE         CLOCKS
2027-03-27 01:30  Sat 2027-03-27 02:30  CET +01:00
2027-03-28 01:00  Sun 2027-03-28 03:00  CEST +02:00  moved from 02:30
2027-03-29 00:30  Mon 2027-03-29 02:30  CEST +02:00

The clocks of Europe/Berlin change next
  Sun 2027-03-28  02:00 CET → 03:00 CEST  1 h forward
                  02:30 does not exist: it runs at 03:00 instead
  Sun 2027-10-31  03:00 CEST → 02:00 CET  1 h back
                  02:30 comes twice: it runs the first time
`,
    );
  });

  test('without a zone it is UTC, whose clocks do not change; what is near is told by its distance', async () => {
    const { stdout } = await alone(['--cron', '*/20 * * * *', '-n', '2']);
    assert.equal(
      stdout,
      `*/20 * * * *  UTC

DUE        UTC               ON THE WALL           ZONE
in 15 min  2026-11-24 14:20  Tue 2026-11-24 14:20  UTC
in 35 min  2026-11-24 14:40  Tue 2026-11-24 14:40  UTC

The clocks of UTC do not change.
`,
    );
  });

  test('H, which is another value in each job, is told as what it is', async () => {
    const { stdout } = await alone(['--cron', 'H H * * *', '-n', '1']);
    assert.match(
      stdout,
      /^H is another value in each job; this is what one called "example" gets$/m,
    );
    assert.doesNotMatch(
      (await alone(['--cron', '0 4 * MAR THU', '-n', '1'])).stdout,
      /another value/,
    );
  });

  test('both runs of a time that comes twice are told apart', async () => {
    const args = ['--cron', '30 * * * *', '--tz', 'Europe/Berlin', '--from', '2027-10-31'];
    const { stdout } = await alone(args);
    assert.match(stdout, /00:30 {2}Sun 2027-10-31 02:30 {2}CEST \+02:00 {2}1st of two 02:30/);
    assert.match(stdout, /01:30 {2}Sun 2027-10-31 02:30 {2}CET \+01:00 {3}2nd of two 02:30/);
  });

  test('fits 100 columns with colours on', async () => {
    const args = ['--cron', '30 2 * * *', '--tz', 'Europe/Berlin', '--from', '2027-03-27'];
    const { stdout } = await alone(args, true);
    for (const line of stdout.split('\n')) assert.ok(line.length <= 100, line);
  });

  test('--json has the ticks, the schedules and the changes of the clocks', async () => {
    const args = [
      '--cron',
      '30 2 * * *',
      '--tz',
      'Europe/Berlin',
      '--from',
      '2027-03-28',
      '-n',
      '1',
    ];
    const { stdout } = await alone([...args, '--json']);
    const view = JSON.parse(stdout) as Record<string, unknown[]>;
    assert.deepEqual(view['ticks'], [
      {
        at: Date.UTC(2027, 2, 28, 1),
        utc: '2027-03-28T01:00:00.000Z',
        wall: '2027-03-28T02:30:00',
        zone: 'Europe/Berlin',
        offsetMinutes: 120,
        adjusted: 'gap',
        schedule: 0,
      },
    ]);
    assert.equal(view['clocks']?.length, 1);
  });

  test('says when it is never due again', async () => {
    const { stdout } = await alone(['--cron', '@at 2020-01-01T00:00:00Z']);
    assert.match(stdout, /^it is never due again$/m);
  });

  test('every mistake is told with its place, and exits 2', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ['--cron', '5 61 * * *'],
        /^petit-ctl: schedule "5 61 \* \* \*": hour must be 0-23, not "61"\n {2}5 61 \* \* \*\n {4}\^$/m,
      ],
      [['--cron', '@daily', '--tz', 'Berlin'], /did you mean "Europe\/Berlin"\?/],
      [
        ['--cron', '@daily', '--from', '2027-02-30'],
        /instant "2027-02-30": wanted 2027-03-28T01:00Z/,
      ],
      [['--cron', '@daily', '--from', 'now'], /instant "now": wanted/],
      [['--cron', '@daily', '--day'], /wanted one of --cron and --day/],
      [['backup', '--cron', '@daily'], /wanted one of JOB and --cron/],
      [['backup', '--tz', 'UTC'], /--tz goes with --cron or --day/],
    ];
    for (const [args, message] of cases) {
      const { exitCode, stderr, stdout } = await alone(args);
      assert.equal(exitCode, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, message);
    }
  });
});

suite('next JOB', () => {
  test('shows the schedules of the job, and says which is due when', async (t) => {
    const { run, leader } = await desk(t);
    leader.answers['GET /jobs/pipeline'] = {
      ...PIPELINE,
      schedules: [
        ...(PIPELINE?.schedules ?? []),
        { ...PIPELINE?.schedules[0], name: 'noon', text: '0 12 * * *', zone: 'Asia/Tokyo' },
      ],
    };
    const { stdout, stderr } = await run('next pipeline -n 3');
    assert.equal(stderr, '');
    assert.equal(
      stdout,
      `pipeline
  0 2 * * *   Europe/Berlin
  0 12 * * *  Asia/Tokyo     noon

DUE      UTC               ON THE WALL           ZONE        SCHEDULE
in 10 h  2026-11-25 01:00  Wed 2026-11-25 02:00  CET +01:00  0 2 * * *
in 12 h  2026-11-25 03:00  Wed 2026-11-25 12:00  +09:00      noon
in 34 h  2026-11-26 01:00  Thu 2026-11-26 02:00  CET +01:00  0 2 * * *

The clocks of Europe/Berlin change next
  Sun 2027-03-28  02:00 CET → 03:00 CEST  1 h forward
                  0 2 * * *: 02:00 does not exist: it runs at 03:00 instead
  Sun 2027-10-31  03:00 CEST → 02:00 CET  1 h back
                  0 2 * * *: 02:00 comes twice: it runs the first time

The clocks of Asia/Tokyo do not change.
`,
    );
  });

  test('what its file says of changes of the clocks counts', async (t) => {
    const { run, leader } = await desk(t);
    const [schedule] = PIPELINE?.schedules ?? [];
    const dst = { gap: 'skip', overlap: 'both' };
    leader.answers['GET /jobs/pipeline'] = { ...PIPELINE, schedules: [{ ...schedule, dst }] };
    const { stdout } = await run('next pipeline --from 2027-03-27');
    assert.match(stdout, /02:00 does not exist: it is left out/);
    assert.match(stdout, /02:00 comes twice: it runs both times/);
  });

  test('a job without ticks says why, and one that is not there exits 3', async (t) => {
    const { run } = await desk(t);
    const byHand = await run('next hello');
    assert.equal(byHand.exitCode, 0);
    assert.match(byHand.stderr, /hello runs by hand, or after the jobs that it depends on/);
    assert.match((await run('next old')).stderr, /old is disabled/);
    assert.equal((await run('next nobody')).exitCode, 3);
  });

  test('--from without a job is about all of them', async (t) => {
    const { run } = await desk(t);
    const { stdout } = await run('next --from 2027-03-28 -n 1');
    assert.match(stdout, /2027-03-28 01:00 {2}Sun 2027-03-28 03:00 .* moved from 02:00/);
  });
});

suite('next --day', () => {
  test('draws the jobs by the hours of the reader', async (t) => {
    const { run } = await desk(t);
    const { stdout, stderr } = await run('next --day --tz Europe/Berlin');
    assert.equal(stderr, '');
    assert.equal(
      stdout,
      `Tue 2026-11-24 15:05 CET to Wed 2026-11-25 15:00 CET  Europe/Berlin

          1 1 1 1 1 2 2 2 2│0 0 0 0 0 0 0 0 0 0 1 1 1 1 1
JOB       5 6 7 8 9 0 1 2 3│0 1 2 3 4 5 6 7 8 9 0 1 2 3 4  RUNS
pipeline  · · · · · · · · ·│· · 1 · · · · · · · · · · · ·     1

Busiest minute: 02:00, in 10 h, with 1 run: pipeline
1-9 runs due in the hour   │ midnight
`,
    );
  });

  test('with no leader the last picture is shown with its age, and on stderr', async (t) => {
    const { run, leader } = await desk(t);
    const { stdout } = await run('next --day');
    await leader[Symbol.asyncDispose]();
    const after = await run('next --day', { now: () => NOW + 60_000 });
    assert.equal(after.exitCode, 4);
    assert.equal(after.stdout, '');
    assert.match(
      after.stderr,
      /Not live: "petit-ctl next --day" shown as of 14:05:00, 1 min ago\./,
    );
    for (const line of stdout.split('\n').filter((each) => each !== ''))
      assert.ok(after.stderr.includes(`┆ ${line}`), line);
  });

  test('a schedule that this version cannot read is told as what it is', async (t) => {
    const { run, leader } = await desk(t);
    const [schedule] = PIPELINE?.schedules ?? [];
    leader.answers['GET /jobs'] = {
      jobs: [{ ...PIPELINE, schedules: [{ ...schedule, text: 'Z Z * * *' }] }],
      problems: [],
    };
    const { stderr, exitCode } = await run('next --day');
    assert.equal(exitCode, 65);
    assert.match(stderr, /job pipeline: the leader has the schedule "Z Z \* \* \*", which this/);
  });
});

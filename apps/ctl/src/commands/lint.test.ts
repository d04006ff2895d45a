import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { textWidth } from '../show/text-width.js';
import { makeDesk, type Desk } from '../testing/make-desk.fixture.js';
import { JOBS } from '../testing/sample-views.fixture.js';

process.env['TZ'] = 'UTC';

const TASKS = 'tasks: [{id: a, type: command, command: "true"}]';

/** A desk whose directory `jobs` holds these files. */
async function desk(t: TestContext, files: Readonly<Record<string, string>> = {}): Promise<Desk> {
  const made = await makeDesk(t, { 'GET /jobs': JOBS });
  mkdirSync(join(made.directory, 'jobs'));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(made.directory, 'jobs', name), `${text}\n${TASKS}\n`);
  return made;
}

const UNEVEN = { 'a.yaml': 'id: a\nname: A\nschedule: "5,10 */7 * * *"' };

suite('lint of a directory', () => {
  test('asks no cluster, and tells each finding with its place, why, and what to write', async (t) => {
    const { run, leader } = await desk(t, UNEVEN);
    const { stdout, stderr, exitCode } = await run('lint jobs');
    assert.deepEqual([exitCode, stderr, leader.asked], [0, '', []]);
    assert.equal(
      stdout,
      `jobs/a.yaml:3:17  warning  uneven-step
  hour "*/7": from 21 to 0 it is 3 hours, not 7
  why    a step begins anew with each day
  write  "*/6" or "*/8", or "@every 7h" for 7 hours always

1 job: 1 warning
`,
    );
  });

  test('exits 1 with --strict when there is a warning, and only then', async (t) => {
    const { run, directory } = await desk(t, UNEVEN);
    const { exitCode, stderr } = await run('lint jobs --strict');
    assert.equal(exitCode, 1);
    assert.match(stderr, /1 warning, and --strict was asked for/);
    writeFileSync(
      join(directory, 'jobs', 'a.yaml'),
      `id: a\nname: A\nschedule: "0 9 31 * *"\n${TASKS}\n`,
    );
    const noted = await run('lint jobs --strict');
    assert.equal(noted.exitCode, 0);
    assert.match(noted.stdout, /1 job: 2 notes/);
  });

  test('says so when there is nothing to say', async (t) => {
    const { run } = await desk(t, { 'a.yaml': 'id: a\nname: A\nschedule: "@hourly"' });
    assert.equal((await run('lint jobs')).stdout, '1 job: nothing to say\n');
  });

  test('a file that does not load is told, the others are looked at all the same, and it exits 2', async (t) => {
    const broken = { 'b.yaml': 'id: b\nname: B\nschedule: "61 * * * *"' };
    const { run } = await desk(t, { ...UNEVEN, ...broken });
    const { stdout, stderr, exitCode } = await run('lint jobs');
    assert.equal(exitCode, 2);
    assert.match(stdout, /uneven-step/);
    assert.match(stderr, /jobs\/b.yaml:3:12 {2}schedule "61 \* \* \* \*": minute must be 0-59/);
    assert.match(stderr, /1 mistake in jobs: those jobs were left out/);
  });

  test('findings come in the order of file, line and column; those about keys at their key', async (t) => {
    const { run } = await desk(t, {
      'z.yaml': 'id: a-first\nname: A\nschedule: "*/7 * * * *"',
      'b.yaml': [
        'id: z-last\nname: B\nschedule: ["0 9 31 * *", "*/7 * * * *"]',
        'catchup: all\noverlap: cancel_previous',
      ].join('\n'),
    });
    const { stdout } = await run('lint jobs');
    const places = [...stdout.matchAll(/^(jobs\S+) {2}\w+ {2}(\S+)$/gm)].map(
      ([, place, rule]) => `${place} ${rule}`,
    );
    assert.deepEqual(places, [
      'jobs/b.yaml:3:13 short-catchup-window',
      'jobs/b.yaml:3:17 short-month',
      'jobs/b.yaml:3:27 uneven-step',
      'jobs/b.yaml:3:27 capped-catchup',
      'jobs/b.yaml:5:1 catchup-overlap',
      'jobs/z.yaml:3:12 uneven-step',
    ]);
  });

  test('the zone of schedules that name none may be said', async (t) => {
    const { run } = await desk(t, { 'a.yaml': 'id: a\nname: A\nschedule: "30 2 * * *"' });
    assert.match((await run('lint jobs')).stdout, /nothing to say/);
    assert.match((await run('lint jobs --zone Europe/Berlin')).stdout, /clock-change/);
    assert.equal((await run('lint jobs --zone Berlin')).exitCode, 2);
    assert.equal((await run('lint --zone UTC')).exitCode, 2);
  });

  test('--json has findings with place, rule and suggestion, and how many there are', async (t) => {
    const { run } = await desk(t, UNEVEN);
    const { findings, ...counts } = JSON.parse((await run('lint jobs --json')).stdout) as {
      readonly findings: readonly Record<string, unknown>[];
    };
    assert.deepEqual(counts, { warnings: 1, notes: 0 });
    assert.deepEqual(findings[0]?.['place'], {
      kind: 'file',
      path: 'jobs/a.yaml',
      line: 3,
      column: 17,
    });
    assert.equal(findings[0]?.['rule'], 'uneven-step');
  });

  test('on a terminal nothing is wider than it', async (t) => {
    const { run } = await desk(t, {
      'a.yaml':
        'id: a\nname: A\nschedule: {cron: "30 2 * * *", timezone: Europe/Berlin}\ncatchup: all',
    });
    const { stdout } = await run('lint jobs', { isTerminal: true });
    assert.match(stdout, /clock-change/);
    for (const line of stdout.split('\n')) assert.ok(textWidth(line) <= 100, line);
  });
});

suite('lint of the cluster', () => {
  test('looks at the jobs in force, and names them', async (t) => {
    const { run, leader } = await desk(t);
    const [hello, pipeline] = JOBS.jobs;
    const [schedule] = pipeline?.schedules ?? [];
    leader.answers['GET /jobs'] = {
      jobs: [hello, { ...pipeline, schedules: [{ ...schedule, text: '*/7 * * * *' }] }],
      problems: [],
    };
    const { stdout, exitCode } = await run('lint');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^pipeline {2}warning {2}uneven-step$/m);
    assert.match(stdout, /2 jobs: 1 warning, 1 note\n$/);
    assert.equal((await run('lint --strict')).exitCode, 1);
  });

  test('with no leader it says so', async (t) => {
    const { run, leader } = await desk(t);
    await leader[Symbol.asyncDispose]();
    assert.equal((await run('lint')).exitCode, 4);
  });
});

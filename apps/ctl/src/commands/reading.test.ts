import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { scheduleIdSchema } from '@petit/model';
import { Refusal } from '../testing/fake-leader.fixture.js';
import { makeDesk, type Desk } from '../testing/make-desk.fixture.js';
import { NOW } from '../testing/run-in-test.fixture.js';
import {
  EXPLAIN,
  FAILED_RUN,
  HEALTH,
  JOBS,
  NODES,
  OTHER_RUN_ID,
  RUN_ID,
  runView,
  TICKS,
} from '../testing/sample-views.fixture.js';

process.env['TZ'] = 'UTC';

const RUNS = {
  runs: [
    runView({ state: 'running', id: OTHER_RUN_ID, endedAt: null, startedAt: NOW - 5_000 }),
    FAILED_RUN.run,
    runView({
      id: '00000000-0000-8000-8000-000000000000',
      trigger: {
        kind: 'schedule',
        scheduleId: scheduleIdSchema.parse('s'),
        tickAt: 0,
        wall: '2026-11-23T02:00:00',
        zone: 'UTC',
      },
      createdAt: NOW - 130_000_000,
      startedAt: null,
      endedAt: NOW - 43_600_000,
      state: 'cancelled',
      reason: { token: 'start_deadline', text: 'it waited 24 h for a board' },
    }),
  ],
};

const RUNS_AS_TEXT = `RUN       JOB       STATE        STARTED                          TOOK  BY                                 NOTE
3fa9ffff  pipeline  ● running    14:04:55 (5 s ago)              5.0 s  by hand (owner)
3fa2b1c4  pipeline  ✗ failed     14:03:55 (1 min ago)            3.9 s  by hand (owner)                    1 task failed
00000000  pipeline  ⊘ cancelled  2026-11-23 01:58:20 (36 h ago)         schedule, 2026-11-23 02:00:00 UTC  it waited 24 h for a board
`;

const ANSWERS = {
  'GET /health': HEALTH,
  'GET /jobs': JOBS,
  'GET /runs': RUNS,
  'GET /nodes': NODES,
  'GET /ticks/next': TICKS,
  [`GET /runs/${RUN_ID}`]: FAILED_RUN,
  [`GET /runs/${RUN_ID}/explain`]: EXPLAIN,
  [`POST /runs/${RUN_ID}/cancel`]: FAILED_RUN,
  'POST /nodes/cube2/cordon': NODES,
  'POST /nodes/invite': { token: 'petit-join-1.abc' },
};

async function desk(t: TestContext): Promise<Desk> {
  return makeDesk(t, { ...ANSWERS });
}

async function printed(t: TestContext, line: string): Promise<string> {
  const { stdout, stderr, exitCode } = await (await desk(t)).run(line);
  assert.deepEqual([exitCode, stderr], [0, '']);
  return stdout;
}

test('jobs shows schedules, what is next, how it last ended, and files that do not load', async (t) => {
  assert.equal(
    await printed(t, 'jobs'),
    `JOB       TASKS  SCHEDULE                 NEXT     LAST RUN            NAME
hello         1  by hand                           never               Say hello
pipeline      4  0 2 * * * Europe/Berlin  in 11 h  ✗ failed 1 min ago  A pipeline
old           2  disabled                          never               Old

jobs/backup.yaml:7:13  schedule "61 * * * *": minute must be 0-59  (the last good version stays in force)
`,
  );
});

test('runs shows when, how long and why', async (t) => {
  assert.equal(await printed(t, 'runs'), RUNS_AS_TEXT);
});

test('run shows the tasks as a tree with state, board, time and why', async (t) => {
  assert.equal(
    await printed(t, `run ${RUN_ID}`),
    `✗ pipeline 3fa2b1c4 failed in 3.9 s (2 completed, 1 failed, 1 skipped)
  3fa2b1c4-5d6e-8f70-8192-a3b4c5d6e7f8, by hand (owner), 14:03:55, 1 min ago
  1 task failed

TASK        ALSO AFTER  STATE        BOARD   TOOK  NOTE
extract                 ✓ completed  cube1  2.0 s
├ clean                 ✓ completed  cube2  2.0 s  attempt 2
└ count                 ✗ failed     cube1  2.0 s  command exited with code 3
  └ report  clean       – skipped                  task "count" is failed, not completed
`,
  );
});

test('a run that has not begun says what it waits for and until when, wherever it is shown', async (t) => {
  const { run, leader } = await desk(t);
  const wait = { token: 'caught_up', text: 'caught up 2h after it was due' } as const;
  const waiting = runView({
    state: 'pending',
    notBefore: NOW + 30_000,
    begunAt: null,
    wait,
    startedAt: null,
    endedAt: null,
  });
  const text = 'waits (in 30 s): caught up 2h after it was due';
  leader.answers['GET /runs'] = { runs: [waiting] };
  assert.match((await run('runs')).stdout, new RegExp(`${text.replaceAll(/[()]/g, '\\$&')}\n`));
  leader.answers[`GET /runs/${RUN_ID}`] = { run: waiting, tasks: [] };
  assert.ok((await run(`run ${RUN_ID}`)).stdout.includes(`\n  ${text}\n`));
  const endsBy = 'start_deadline cancels the run at 2026-11-25T14:05:00.000Z';
  const explained = { ...EXPLAIN, run: waiting, wait: { reason: wait, endsBy }, waits: [] };
  leader.answers[`GET /runs/${RUN_ID}/explain`] = explained;
  assert.ok(
    (await run(`explain ${RUN_ID}`)).stdout.includes(`  the run  ${wait.text}; ${endsBy}\n`),
  );
});

test('jobs shows how much may go on at once, where that is limited, and what waits', async (t) => {
  const { run, leader } = await desk(t);
  const limits = { maxConcurrentJobs: 3, maxConcurrentTasks: 8, liveRuns: 1, liveTasks: 2 };
  const [hello, pipeline] = JOBS.jobs;
  const jobs = [hello, { ...pipeline, liveRuns: 2, waitingRuns: 4 }];
  leader.answers['GET /jobs'] = { jobs, limits, problems: [] };
  const { stdout } = await run('jobs');
  assert.match(stdout, /failed 1 min ago \(2 at once, 4 waiting\)/);
  assert.match(
    stdout,
    /\nAt once: 1 of at most 3 runs \(max_concurrent_jobs\), 2 of at most 8 tasks \(max_concurrent_tasks\)\n$/,
  );
});

test('nodes shows boards with slots, labels and what runs there', async (t) => {
  assert.equal(
    await printed(t, 'nodes'),
    `BOARD  STATE             SLOTS  SEEN       LABELS                   RUNNING
cube1  ● live            1/2    2 s ago    arch=arm64 role=storage  pipeline/extract (3fa2b1c4)
cube2  ? lost, cordoned  0/2    3 min ago
`,
  );
});

test('next shows what is due with the wall time of its zone', async (t) => {
  assert.equal(
    await printed(t, 'next -n 3'),
    `DUE       ON THE WALL                  ZONE           JOB
in 1 min  Tue 2026-11-24 15:06:30 CET  Europe/Berlin  pipeline
`,
  );
});

test('explain shows the stored reasons and what ends each wait', async (t) => {
  assert.equal(
    await printed(t, `explain ${RUN_ID}`),
    `● pipeline 3fa2b1c4 running for 1 min 04 s (2 open, 3 completed)
  It was started because owner asked for it; it is running.

Waits
  report  no board has disk=ssd; it waits as long as the run goes on; cancel the run to end it

Ended
  extract  ✓ completed  succeeded
`,
  );
});

test('--json prints the view of the API as it is', async (t) => {
  for (const [line, view] of [
    ['jobs --json', JOBS],
    ['runs --json', RUNS],
    [`run ${RUN_ID} --json`, FAILED_RUN],
    [`explain ${RUN_ID} --json`, EXPLAIN],
    ['nodes --json', NODES],
    ['next --json', TICKS],
    [`cancel ${RUN_ID} --json`, FAILED_RUN],
    ['nodes cordon cube2 --json', NODES],
    ['nodes --json uncordon cube2', NODES],
    ['nodes invite --json', { token: 'petit-join-1.abc' }],
  ] as const) {
    assert.deepEqual(JSON.parse(await printed(t, line)), view, line);
  }
});

test('an invitation is the token and nothing else, so that it can be piped', async (t) => {
  assert.equal(await printed(t, 'nodes invite'), 'petit-join-1.abc\n');
});

test('flags become the query that they mean', async (t) => {
  const { leader, run } = await desk(t);
  await run('runs --job pipeline -n 5');
  await run('next');
  await run('nodes cordon cube2');
  assert.deepEqual(leader.asked, [
    'GET /runs?job=pipeline&limit=5',
    'GET /ticks/next?limit=10',
    'POST /nodes/cube2/cordon',
  ]);
});

test('names and messages with escapes are text on every screen', async (t) => {
  const hostile = '\u001b[2J\u202e<b>';
  const { run, leader } = await desk(t);
  leader.answers['GET /jobs'] = {
    ...JOBS,
    jobs: [{ ...JOBS.jobs[0], name: hostile }],
    problems: [{ ...JOBS.problems[0], message: hostile, path: hostile }],
  };
  leader.answers['GET /nodes'] = {
    nodes: [{ ...NODES.nodes[0], closed: hostile, labels: { [hostile]: hostile } }],
  };
  leader.answers[`GET /runs/${RUN_ID}`] = {
    run: runView({ state: 'failed', reason: { token: 'tasks_failed', text: hostile } }),
    tasks: FAILED_RUN.tasks.map((task) => ({ ...task, error: hostile })),
  };
  leader.answers['GET /ticks/next'] = new Refusal(500, 'INTERNAL_ERROR', hostile);
  for (const line of ['jobs', 'nodes', `run ${RUN_ID}`, 'next', 'jobs --json', 'next --json']) {
    const { stdout, stderr } = await run(line, { isTerminal: true });
    assert.ok(stdout.includes('<b>') || stderr.includes('<b>'), line);
    assert.doesNotMatch((stdout + stderr).replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u, line);
  }
});

test('on a terminal there are colours and nothing is wider than it; with NO_COLOR there are none', async (t) => {
  const { run } = await desk(t);
  const coloured = await run('runs', { isTerminal: true, environment: { NO_COLOR: '' } });
  // oxlint-disable-next-line no-control-regex
  const bare = coloured.stdout.replaceAll(/\u001b\[\d+m/g, '');
  assert.notEqual(bare, coloured.stdout);
  for (const line of bare.split('\n')) assert.ok(line.length <= 100, line);
  assert.doesNotMatch((await run('runs', { isTerminal: true })).stdout, /\p{Cc}\[/u);
});

test('where marks beyond ASCII are not shown, there are none', async (t) => {
  const { run } = await desk(t);
  const { stdout } = await run(`run ${RUN_ID}`, { environment: { LANG: 'C' } });
  assert.match(stdout, /^x pipeline/);
  assert.match(stdout, /`-count/);
  assert.doesNotMatch(stdout, /[^\n\u0020-\u007e]/);
});

test('what is not there exits 3, what is not allowed 5, what is wrong 2', async (t) => {
  const { run, leader } = await desk(t);
  leader.answers['GET /nodes'] = new Refusal(401, 'UNAUTHENTICATED', 'no token was sent');
  leader.answers[`POST /runs/${RUN_ID}/cancel`] = new Refusal(409, 'CONFLICT', 'the run has ended');
  const codes: readonly (readonly [string, number, RegExp])[] = [
    ['run 00000000-1111-8000-8000-000000000000', 3, /has no answer/],
    ['runs --job', 2, /argument missing/],
    ['runs -n 0', 2, /wanted 1 to 100/],
    ['jobs --nonsense', 2, /unknown option/],
    ['jbos', 2, /Did you mean jobs/],
    ['run 3f', 2, /at least its first 4 characters/],
    ['nodes', 5, /no token was sent/],
    [`cancel ${RUN_ID}`, 6, /the run has ended/],
  ];
  for (const [line, code, message] of codes) {
    const { exitCode, stderr, stdout } = await run(line);
    assert.equal(exitCode, code, line);
    assert.match(stderr, message, line);
    assert.equal(stdout, '', line);
  }
  const { stderr } = await run('nodes', { environment: { PETIT_TOKEN: '' } });
  assert.match(stderr, /name its file with --token-file/);
});

test('every command has help with an example', async (t) => {
  const { run } = await desk(t);
  const { stdout } = await run('--help');
  const names = [...stdout.matchAll(/^  ([a-z]+)  /gm)].map(([, name]) => name ?? '');
  assert.ok(names.length >= 11, names.join());
  for (const name of names.filter((each) => each !== 'help')) {
    const help = await run(`${name} --help`);
    assert.equal(help.exitCode, 0);
    assert.match(help.stdout, new RegExp(`Example:\n  petit-ctl ${name}`), name);
    assert.equal((await run(`help ${name}`)).stdout, help.stdout, name);
  }
  for (const name of ['invite', 'cordon', 'uncordon']) {
    assert.match((await run(`nodes ${name} --help`)).stdout, /Example:\n  petit-ctl nodes/);
  }
});

test('P11: with no leader the last answer is shown as what it is, with its age, and never on stdout', async (t) => {
  const { run, leader, directory } = await desk(t);
  await run('nodes', { now: () => NOW - 180_000 });
  leader.answers['GET /nodes'] = { nodes: NODES.nodes.slice(0, 1) };
  await run('nodes', { now: () => NOW - 169_000 });
  const before = await run('nodes', { now: () => NOW - 169_000 });
  await leader[Symbol.asyncDispose]();
  const { exitCode, stdout, stderr } = await run('nodes');
  assert.equal(exitCode, 4);
  assert.equal(stdout, '');
  const [error, age, ...rest] = stderr.trimEnd().split('\n');
  assert.equal(error, `petit-ctl: no leader answered at ${leader.address}: connection refused`);
  assert.equal(age, 'Not live: "petit-ctl nodes" shown as of 14:02:11, 2 min ago.');
  assert.equal(`${rest.map((line) => line.replace('┆ ', '')).join('\n')}\n`, before.stdout);
  const path = join(directory, 'state', 'petit', 'last-answer.json');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.ok(!readFileSync(path, 'utf8').includes('secret'));
});

test('with no leader a question never asked before gets the last answer to any, or the plain truth', async (t) => {
  const { run, leader } = await desk(t);
  await run('jobs');
  await leader[Symbol.asyncDispose]();
  assert.match(
    (await run('trigger hello --wait')).stderr,
    /Not live: "petit-ctl jobs" shown as of/,
  );
  const other = await run('jobs', { environment: { PETIT_SERVER: 'http://127.0.0.1:1' } });
  assert.match(
    other.stderr,
    /no leader answered at http:\/\/127.0.0.1:1: connection refused\nIt has not answered petit-ctl before/,
  );
  const asJson = JSON.parse((await run('jobs --json')).stderr) as Record<string, unknown>;
  assert.equal(asJson['code'], 'LEADER_UNREACHABLE');
  assert.deepEqual(asJson['notLive'], { question: 'jobs', at: NOW, view: JOBS });
});

test('a standby exits 4 with what it says of itself', async (t) => {
  const { run, leader } = await desk(t);
  leader.answers['GET /jobs'] = new Refusal(503, 'NOT_LEADER', 'not the leader');
  leader.answers['GET /health'] = { ...HEALTH, role: 'standby', problems: ['cube1 leads'] };
  const { exitCode, stderr } = await run('jobs');
  assert.equal(exitCode, 4);
  assert.match(stderr, /is not the active leader but standby: cube1 leads/);
  assert.match(stderr, /It says: standby, epoch 3, Redis ok, since 13:55:00, 10 min ago\./);
});

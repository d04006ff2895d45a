import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { scheduleIdSchema } from '@petit/model';
import type {
  BackfillView,
  CatchupView,
  ExplainJobView,
  ExplainTickView,
  PauseChangeView,
  TickAtView,
} from '@petit/protocol';
import { Refusal } from '../testing/fake-leader.fixture.js';
import { makeDesk } from '../testing/make-desk.fixture.js';
import { NOW } from '../testing/run-in-test.fixture.js';
import { EXPLAIN, HEALTH, JOBS, RUN_ID, runView } from '../testing/sample-views.fixture.js';

process.env['TZ'] = 'UTC';

const OWN = { of: 'job', fromAt: NOW - 600_000, by: 'anna' } as const;
const ALL = { of: 'all', fromAt: NOW - 60_000, by: 'ben' } as const;
const ZONE = 'Europe/Berlin';

function change(view: Partial<PauseChangeView>): PauseChangeView {
  return { jobId: 'backup', changed: true, pauses: [], decided: [], ...view };
}

const GAP: TickAtView = {
  at: Date.UTC(2026, 2, 29, 1),
  wall: '2026-03-29T02:30:00',
  zone: ZONE,
  offsetMinutes: 120,
  adjusted: 'gap',
};

const BACKFILL: BackfillView = {
  jobId: 'backup',
  dryRun: true,
  fromAt: 0,
  toAt: 1,
  ticks: [
    {
      ...GAP,
      at: Date.UTC(2026, 2, 28, 1, 30),
      wall: '2026-03-28T02:30:00',
      offsetMinutes: 60,
      adjusted: null,
      scheduleId: 's',
      outcome: 'run',
      what: 'ran',
      runId: RUN_ID,
      releaseAt: null,
    },
    {
      ...GAP,
      scheduleId: 's',
      outcome: 'missed_catchup',
      what: 'start',
      runId: RUN_ID,
      releaseAt: NOW,
    },
    {
      ...GAP,
      at: Date.UTC(2026, 2, 30, 0, 30),
      wall: '2026-03-30T02:30:00',
      adjusted: null,
      scheduleId: 's',
      outcome: null,
      what: 'undecided',
      runId: null,
      releaseAt: null,
    },
  ],
};

const CATCHUP: CatchupView = {
  dryRun: true,
  releaseEveryMs: 5_000,
  releases: [
    {
      runId: RUN_ID,
      jobId: 'backup',
      trigger: {
        kind: 'schedule',
        scheduleId: scheduleIdSchema.parse('s'),
        tickAt: 0,
        wall: '2026-11-24T13:00:00',
        zone: 'UTC',
      },
      releaseAt: NOW + 5_000,
      reason: { token: 'caught_up', text: 'caught up 1h5m after it was due' },
    },
  ],
  held: [
    {
      jobId: 'report',
      scheduleId: 's',
      zone: 'UTC',
      pauses: [OWN],
      decisions: [
        {
          outcome: 'skipped_paused',
          from: 0,
          at: 1,
          wall: '2026-11-24T13:58:00',
          count: 3,
          reason: { token: 'skipped_paused', text: 'due while paused' },
          releaseAt: null,
        },
        {
          outcome: 'run',
          from: 2,
          at: 2,
          wall: '2026-11-24T14:00:00',
          count: 1,
          reason: { token: 'caught_up', text: 'caught up 5m after it was due' },
          releaseAt: NOW,
        },
      ],
      more: 0,
    },
  ],
  moreHeld: 0,
};

const EXPLAIN_JOB: ExplainJobView = {
  jobId: 'backup',
  enabled: true,
  because: 'Its ticks are held.',
  pauses: [OWN, ALL],
  schedules: [
    {
      schedule: {
        id: 's',
        name: null,
        text: '30 2 * * *',
        zone: ZONE,
        dst: { gap: 'run_once', overlap: 'first' },
        nextAt: null,
      },
      next: {
        ...GAP,
        at: NOW + 41_000_000,
        wall: '2026-11-25T02:30:00',
        offsetMinutes: 60,
        adjusted: null,
      },
      held: { token: 'paused', text: 'paused' },
      decisions: [
        {
          scheduleId: 's',
          jobId: 'backup',
          at: 0,
          from: 0,
          count: 4,
          wall: '2026-11-24T02:30:00',
          outcome: 'missed_catchup',
          runId: null,
          reason: { token: 'missed_catchup', text: 'decided 4d after it was due' },
          decidedAt: NOW,
        },
      ],
    },
  ],
  start: null,
  runs: [
    runView({
      state: 'pending',
      startedAt: null,
      endedAt: null,
      begunAt: null,
      wait: { token: 'queued', text: 'it waits until the earlier runs have ended' },
    }),
  ],
};

function tickView(answer: ExplainTickView['answers'][number]['answer']): ExplainTickView {
  const about = { scheduleId: 's', text: '30 2 * * *', zone: ZONE };
  return { jobId: 'backup', asked: '', answers: [{ ...about, answer }] };
}

async function printed(t: TestContext, line: string, answers: object): Promise<string> {
  const { run } = await makeDesk(t, { ...answers });
  const { stdout, stderr, exitCode } = await run(line);
  assert.deepEqual([exitCode, stderr], [0, '']);
  return stdout;
}

test('pause says what is held from now on, resume what became of it', async (t) => {
  const cases: readonly (readonly [string, string, PauseChangeView, string])[] = [
    [
      'pause backup',
      'POST /jobs/backup/pause',
      change({ pauses: [OWN], decided: [{ outcome: 'run', count: 1 }] }),
      'backup is paused: what is due from now on is held until it is resumed.\n  decided just before: 1 run\n',
    ],
    [
      'pause backup',
      'POST /jobs/backup/pause',
      change({ changed: false, pauses: [OWN] }),
      'backup is paused already:\n  it is paused since 13:55:00, 10 min ago, by anna\n',
    ],
    [
      'pause',
      'POST /pause',
      change({ jobId: null, pauses: [ALL] }),
      'All jobs are paused: what is due from now on is held until they are resumed.\n',
    ],
    [
      'resume backup',
      'POST /jobs/backup/resume',
      change({
        decided: [
          { outcome: 'skipped_paused', count: 199 },
          { outcome: 'run', count: 1 },
        ],
      }),
      'backup is resumed.\n  decided of what was held: 199 skipped_paused, 1 run\n',
    ],
    [
      'resume backup',
      'POST /jobs/backup/resume',
      change({ pauses: [ALL] }),
      'backup is resumed, but stays paused with all jobs.\n  no tick was decided by that\n  all jobs are paused since 14:04:00, 1 min ago, by ben\n',
    ],
    [
      'resume',
      'POST /resume',
      change({ jobId: null, changed: false }),
      'There is no pause of all jobs; a job that is paused by itself is resumed by its name.\n',
    ],
  ];
  for (const [line, question, view, text] of cases)
    assert.equal(await printed(t, line, { [question]: view }), text, line);
});

test('jobs shows what is paused since when, and that all are', async (t) => {
  const [hello, pipeline] = JOBS.jobs;
  const view = {
    ...JOBS,
    problems: [],
    jobs: [
      { ...hello, pauses: [ALL] },
      { ...pipeline, pauses: [OWN, ALL] },
    ],
  };
  assert.equal(
    await printed(t, 'jobs', { 'GET /jobs': view }),
    `JOB       TASKS  SCHEDULE                 NEXT               LAST RUN            NAME
hello         1  by hand                                     never               Say hello
pipeline      4  0 2 * * * Europe/Berlin  paused 10 min ago  ✗ failed 1 min ago  A pipeline

All jobs are paused since 14:04:00, 1 min ago, by ben; petit-ctl resume lets them go on
`,
  );
});

test('backfill --dry-run is a table of ticks with what DST did, and says what is left and why', async (t) => {
  const line = 'backfill backup --from 2026-03-28 --to 2026-03-31 --dry-run';
  assert.equal(
    await printed(t, line, { 'POST /jobs/backup/backfill': BACKFILL }),
    `UTC               ON THE WALL           ZONE         CLOCKS            WAS             NOW
2026-03-28 01:30  Sat 2026-03-28 02:30  CET +01:00                     run             left, it ran: 3fa2b1c4
2026-03-29 01:00  Sun 2026-03-29 03:00  CEST +02:00  moved from 02:30  missed_catchup  run at 14:05:00
2026-03-30 00:30  Mon 2026-03-30 02:30  CEST +02:00                    no record       left, not decided yet

1 run of backup would be created.
1 tick ran in its time and is left; --again runs it too.
1 tick is not decided yet, as of a paused job: a resume decides it.
`,
  );
  const done = { 'POST /jobs/backup/backfill': { ...BACKFILL, dryRun: false } };
  assert.match(
    await printed(t, line.replace(' --dry-run', ''), done),
    /^1 run of backup was created\.\n/,
  );
});

test('catchup tells what waits and when it is released, and what a resume would decide', async (t) => {
  assert.equal(
    await printed(t, 'catchup --dry-run', { 'POST /catchup': CATCHUP }),
    `1 run waits for its release, 5.0 s after one another over all jobs; petit-ctl catchup lets it go now
RELEASE            JOB     TICK                     RUN       WHY
14:05:05 (in 5 s)  backup  2026-11-24 13:00:00 UTC  3fa2b1c4  caught up 1h5m after it was due

report: it is paused since 13:55:00, 10 min ago, by anna
  A RESUME NOW    TICKS  ON THE WALL                 RELEASE   WHY
  skipped_paused      3  to 2026-11-24 13:58:00 UTC            due while paused
  run                 1  2026-11-24 14:00:00 UTC     14:05:00  caught up 5m after it was due
`,
  );
  assert.equal(
    await printed(t, 'catchup', { 'POST /catchup': { ...CATCHUP, dryRun: false, held: [] } }),
    `1 run is released; what begins is up to the overlap policy of its job
JOB     TICK                     RUN
backup  2026-11-24 13:00:00 UTC  3fa2b1c4
`,
  );
  const none = { ...CATCHUP, releases: [], held: [] };
  assert.equal(
    await printed(t, 'catchup', { 'POST /catchup': none }),
    'nothing waits to be caught up\n',
  );
});

test('explain JOB says what holds it, what was decided last as stored, and what waits', async (t) => {
  assert.equal(
    await printed(t, 'explain backup', { 'GET /jobs/backup/explain': EXPLAIN_JOB }),
    `backup paused
  it is paused since 13:55:00, 10 min ago, by anna
  all jobs are paused since 14:04:00, 1 min ago, by ben

30 2 * * * Europe/Berlin
  next Wed 2026-11-25 02:28:20 CET, in 11 h (held)
  2026-11-24 02:30:00 and 3 before it  missed_catchup
    decided 4d after it was due

Runs that have not ended
  ○ pipeline 3fa2b1c4 pending (3 completed)
    it waits until the earlier runs have ended
`,
  );
});

test('explain JOB@TICK says what was decided, or why there is no record', async (t) => {
  const before = { ...GAP, at: GAP.at - 1_000, offsetMinutes: 60, adjusted: null };
  const record = {
    scheduleId: 's',
    jobId: 'backup',
    from: GAP.at - 60_000,
    at: GAP.at + 60_000,
    count: 3,
    wall: GAP.wall,
    outcome: 'missed_window',
    runId: null,
    reason: { token: 'missed_window', text: 'decided 2d after it was due' },
    decidedAt: NOW,
  } as const;
  const head =
    'backup Sun 2026-03-29 03:00 CEST, moved from 02:30\n  2026-03-29T01:00:00Z, by 30 2 * * * Europe/Berlin\n';
  const cases: readonly (readonly [ExplainTickView['answers'][number]['answer'], string])[] = [
    [
      { kind: 'decided', tick: GAP, record },
      `${head}  decided as missed_window (14:05:00, just now)\n  decided 2d after it was due\n  One record stands for 3 ticks, from 2026-03-29T00:59:00Z to 2026-03-29T01:01:00Z.\n`,
    ],
    [
      { kind: 'undecided', tick: GAP, reason: { token: 'paused', text: 'the job is paused' } },
      `${head}  It was due 240 d ago and is not decided yet.\n  It is held: the job is paused.\n`,
    ],
    [
      {
        kind: 'to_come',
        tick: { ...GAP, adjusted: null, at: NOW + 5_000, offsetMinutes: 60 },
        reason: null,
      },
      'backup Tue 2026-11-24 15:05:05 CET\n  2026-11-24T14:05:05Z, by 30 2 * * * Europe/Berlin\n  It is due in 5 s.\n',
    ],
    [
      { kind: 'removed', tick: GAP, oldestAt: NOW, kept: 500 },
      `${head}  Its record was removed by retention: 500 decisions are kept of a schedule, the oldest of 2026-11-24T14:05:00Z.\n`,
    ],
    [
      { kind: 'before_force', tick: GAP, firstAt: NOW },
      `${head}  It was due before the schedule was in force: what is known of it begins at 2026-11-24T14:05:00Z.\n`,
    ],
    [
      { kind: 'no_tick', before, after: null },
      'backup is not due then by 30 2 * * * Europe/Berlin\n  It was due before that at Sun 2026-03-29 01:59:59 CET.\n  It is never due after it.\n',
    ],
  ];
  for (const [answer, text] of cases) {
    const question = 'GET /jobs/backup/ticks/2026-03-29T02%3A30/explain';
    const line = 'explain backup@2026-03-29T02:30';
    assert.equal(await printed(t, line, { [question]: tickView(answer) }), text, answer.kind);
  }
});

test('a name that is no job but begins a run means the run; any other is not found', async (t) => {
  const { run, leader } = await makeDesk(t, {
    'GET /runs': { runs: [EXPLAIN.run] },
    [`GET /runs/${RUN_ID}/explain`]: EXPLAIN,
  });
  assert.equal((await run('explain 3fa2')).exitCode, 0);
  assert.deepEqual(leader.asked[0], 'GET /jobs/3fa2/explain');
  leader.answers['GET /jobs/backpu/explain'] = new Refusal(
    404,
    'NOT_FOUND',
    'there is no job "backpu"',
  );
  const wrong = await run('explain backpu');
  assert.deepEqual([wrong.exitCode, wrong.stdout], [3, '']);
  assert.match(wrong.stderr, /there is no job "backpu"/);
});

test('what a leader refuses, and what is no instant, exit as for every command', async (t) => {
  const { run, leader } = await makeDesk(t, {
    'GET /health': { ...HEALTH, role: 'standby' },
    'POST /jobs/backup/pause': new Refusal(503, 'NOT_LEADER', 'not the leader'),
    'POST /jobs/backup/backfill': new Refusal(400, 'BAD_REQUEST', 'was due 3601 times then'),
    'POST /jobs/gone/resume': new Refusal(404, 'NOT_FOUND', 'there is no job "gone"'),
  });
  const range = '--from 2026-11-01 --to 2026-11-02';
  const codes: readonly (readonly [string, number, RegExp])[] = [
    ['pause backup', 4, /is not the active leader but standby/],
    ['resume gone', 3, /there is no job "gone"/],
    [`backfill backup ${range}`, 2, /3601 times/],
    ['backfill backup --from 2026-11-01', 2, /required option '--to/],
    ['backfill backup --from yesterday --to 2026-11-02', 2, /instant "yesterday": wanted/],
  ];
  for (const [line, code, message] of codes) {
    const { exitCode, stderr } = await run(line);
    assert.equal(exitCode, code, line);
    assert.match(stderr, message, line);
  }
  assert.ok(!leader.asked.includes('POST /jobs/backup/resume'));
});

test('nothing is wider than a terminal of 80 columns', async (t) => {
  const { run } = await makeDesk(t, {
    'POST /jobs/backup/backfill': BACKFILL,
    'POST /catchup': CATCHUP,
    'GET /jobs/backup/explain': EXPLAIN_JOB,
    'POST /pause': change({ jobId: null, pauses: [ALL] }),
    'POST /resume': change({ jobId: null, changed: false }),
  });
  for (const line of ['catchup --dry-run', 'explain backup', 'pause', 'resume']) {
    const { stdout } = await run(line, { isTerminal: true, columns: 80 });
    for (const each of stdout.split('\n')) assert.ok(each.length <= 80, `${line}: ${each}`);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DoctorView, NodesView } from '@petit/protocol';
import { Refusal } from '../testing/fake-leader.fixture.js';
import { makeDesk } from '../testing/make-desk.fixture.js';
import { NOW } from '../testing/run-in-test.fixture.js';
import { HEALTH, NODES } from '../testing/sample-views.fixture.js';

process.env['TZ'] = 'UTC';

const WELL: DoctorView = {
  health: { ...HEALTH, version: '0.0.0' },
  leader: { node: '20.20.0', tzdata: '2026a' },
  redis: { server: 'Redis 7.0.15', unfit: [], exposed: [], slow: null },
  clock: {
    wallAt: NOW,
    ntp: 'synchronised',
    hold: null,
    others: [{ name: 'cube2', aheadMs: -12, isElsewhere: true }],
  },
};

const LIVE: NodesView = {
  nodes: NODES.nodes.map((node) => ({ ...node, state: 'live', closed: null, version: '0.0.0' })),
};

const AILING: DoctorView = {
  health: {
    ...HEALTH,
    problems: ['ticks are held since then', 'waiting for the workers to announce their journals'],
  },
  leader: { node: '20.20.0', tzdata: '2025c' },
  redis: {
    server: 'Redis 7.0.15',
    unfit: ['Redis keeps no append-only file; set "appendonly yes" in redis.conf'],
    exposed: ['Redis answers anybody at redis://cube1'],
    slow: 'Redis waited 3 times for a slow disk; put its data on an SSD',
  },
  clock: {
    wallAt: NOW + 86_400_000,
    ntp: 'unsynchronised',
    hold: {
      since: NOW - 600_000,
      reason: { token: 'clock_held', text: 'the clock stepped forward by 1d' },
    },
    others: [
      { name: 'cube2', aheadMs: -86_400_000, isElsewhere: true },
      { name: 'redis', aheadMs: 0, isElsewhere: false },
    ],
  },
};

test('doctor of a cluster that is well says so of each thing, and ends with 0', async (t) => {
  const desk = await makeDesk(t, {
    'GET /health': WELL.health,
    'GET /doctor': WELL,
    'GET /nodes': LIVE,
  });
  const { stdout, stderr, exitCode } = await desk.run('doctor');
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.equal(
    stdout.replace(/127.0.0.1:\d+/, 'HERE'),
    `ok    address       http://HERE, from PETIT_SERVER
ok    leader        version 0.0.0, active since 13:55:00, 10 min ago, epoch 3
ok    token         the leader takes it
ok    redis         Redis 7.0.15, keeps what it acknowledges
ok    clock         ticks are decided; the leader says 2026-11-24T14:05:00.000Z
ok    time server   it keeps the clock of the leader’s board
ok    other clocks  cube2: within 0.01 s of the leader’s
ok    zone data     2026a, there and here
ok    boards        2 of 2 alive: cube1, cube2
ok    versions      0.0.0 everywhere, Node.js 20.20.0
`,
  );
});

test('doctor says of each thing that is not well what it is and what to do, and ends with 1', async (t) => {
  const desk = await makeDesk(t, {
    'GET /health': AILING.health,
    'GET /doctor': AILING,
    'GET /nodes': NODES,
  });
  const { stdout, stderr, exitCode } = await desk.run('doctor');
  assert.deepEqual([exitCode, stderr], [1, 'petit-ctl: 3 checks failed\n']);
  assert.equal(
    stdout.replace(/127.0.0.1:\d+/, 'HERE'),
    `ok    address       http://HERE, from PETIT_SERVER
ok    leader        version 0.1.0, active since 13:55:00, 10 min ago, epoch 3
ok    token         the leader takes it
fail  leader        waiting for the workers to announce their journals
                    → its log says more
fail  redis         Redis keeps no append-only file
                    → set "appendonly yes" in redis.conf
warn  redis         Redis answers anybody at redis://cube1
                    → see docs/guide/security.md
warn  redis         Redis waited 3 times for a slow disk
                    → put its data on an SSD
fail  clock         ticks are held for 10 min 00 s: the clock stepped forward by 1d
                    → set the clock of the leader’s board, or if it is right: petit-ctl clock accept
warn  time server   none keeps the clock of the leader’s board
                    → sudo timedatectl set-ntp true, or install chrony
ok    other clocks  redis: within 0.00 s of the leader’s
warn  other clocks  cube2 is 1 d 0 h behind the leader’s board
                    → let a time server keep both: timedatectl status on cube2
warn  this clock    this machine is 1 d 0 h behind the leader’s board
                    → let a time server keep both; "ago" is reckoned by this one
warn  zone data     2025c on the leader, 2026a here
                    → use one version of Node.js; schedules go by the leader’s, "petit-ctl next --cron" by this one
ok    boards        1 of 2 alive: cube1
warn  boards        cube2 is lost, seen 14:01:40, 3 min ago
                    → look at petit-worker on cube2
warn  versions      leader 0.1.0, but petit-ctl 0.0.0
                    → install one version everywhere; the leader first
`,
  );
});

test('doctor goes as far as it can: nobody there, a standby, a token that is not taken', async (t) => {
  const nobody = await makeDesk(t, {});
  const gone = await nobody.run('doctor --server http://127.0.0.1:9');
  assert.equal(gone.exitCode, 1);
  assert.match(gone.stdout, /^fail {2}leader {8}no leader answered at/m);

  const standby = { ...HEALTH, role: 'standby' };
  const refused = new Refusal(503, 'NOT_LEADER', 'this leader is standby');
  const waits = await makeDesk(t, { 'GET /health': standby, 'GET /doctor': refused });
  const other = await waits.run('doctor');
  assert.equal(other.exitCode, 1);
  assert.match(other.stdout, /^fail {2}leader {8}version 0.1.0, standby since/m);
  assert.equal(other.stdout.match(/^fail/gm)?.length, 1, 'once is enough');

  const wrong = new Refusal(401, 'UNAUTHENTICATED', 'not a token of this cluster');
  const locked = await makeDesk(t, { 'GET /health': HEALTH, 'GET /doctor': wrong });
  const { stdout, exitCode } = await locked.run('doctor --json');
  assert.equal(exitCode, 1);
  const { checks, failed } = JSON.parse(stdout) as {
    checks: { level: string; about: string }[];
    failed: number;
  };
  assert.equal(failed, 1);
  assert.deepEqual(
    checks.map(({ level, about }) => `${level} ${about}`),
    ['ok address', 'ok leader', 'fail token'],
  );
});

test('clock accept says what time it is now, and is refused while the clock is not held', async (t) => {
  const desk = await makeDesk(t, { 'POST /clock/accept': { ...AILING.clock, hold: null } });
  const accepted = await desk.run('clock accept');
  assert.equal(accepted.exitCode, 0);
  assert.equal(
    accepted.stdout,
    'The clock is accepted: it is 2026-11-25T14:05:00.000Z. What is due is decided now.\n',
  );
  assert.deepEqual(desk.leader.asked, ['POST /clock/accept']);
  desk.leader.answers['POST /clock/accept'] = new Refusal(409, 'CONFLICT', 'the clock is not held');
  const refused = await desk.run('clock accept');
  assert.deepEqual([refused.exitCode, refused.stderr], [6, 'petit-ctl: the clock is not held\n']);
});

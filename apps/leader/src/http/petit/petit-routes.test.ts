import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PetitError } from '@petit/model';
import { sampleRun, sampleTask } from '../testing/sample-views.fixture.js';
import { RUN_ID, startHttp, type TestHttp } from '../testing/start-http.fixture.js';

/** Both places where the routes are, each with the token sent. */
const PLACES = [
  ['the leader’s own listener', undefined],
  ['the listener of their own', 'token'],
] as const;

for (const [place, petit] of PLACES) {
  const start = (): Promise<TestHttp> => startHttp(petit === undefined ? {} : { petit });

  test(`a job is started whatever body comes with the request, at ${place}`, async () => {
    await using http = await start();
    const bodies: readonly (readonly [string, string | undefined])[] = [
      ['{"a":1}', 'application/json'],
      ['{not json', 'application/json'],
      ['', 'application/json'],
      ['x=1', 'application/x-www-form-urlencoded'],
      ['\u001f\u008b', 'nonsense'],
      ['<a/>', ';;;'],
      ['anything', undefined],
      ['x'.repeat(200_000), 'text/plain'],
    ];
    for (const [body, type] of bodies) {
      const { status, text } = await http.ask('/api/jobs/backup/trigger', {
        method: 'POST',
        body,
        authorized: true,
        ...(type === undefined ? {} : { headers: { 'content-type': type } }),
      });
      const said = { run_id: RUN_ID, job_id: 'backup', message: "job 'backup' triggered" };
      assert.deepEqual([status, JSON.parse(text)], [200, said], `${type}`);
    }
    assert.equal(http.leader.changes.length, bodies.length);
  });

  test(`a wrong method is 405 and an unknown address 404, both without a body, at ${place}`, async () => {
    await using http = await start();
    const wrong = [
      ['POST', '/api/health', 'GET, HEAD'],
      ['DELETE', '/api/jobs/backup', 'GET, HEAD'],
      ['PUT', '/api/jobs/backup', 'GET, HEAD'],
      ['GET', '/api/scheduler/pause', 'POST'],
      ['GET', '/api/jobs/backup/trigger', 'POST'],
      ['OPTIONS', '/api/jobs', 'GET, HEAD'],
    ] as const;
    for (const [method, path, allow] of wrong) {
      const { status, text, headers } = await http.ask(path, { method, authorized: true });
      assert.deepEqual([status, text, headers.allow], [405, '', allow], `${method} ${path}`);
      assert.equal(headers['content-type'], undefined);
    }
    for (const path of [
      '/api',
      '/api/',
      '/api/nope',
      '/api/jobs/',
      '/api/jobs//runs',
      '/api/jobs/backup/',
      '/api/runs',
    ]) {
      for (const method of ['GET', 'POST']) {
        const { status, text, headers } = await http.ask(path, { method, authorized: true });
        assert.deepEqual([status, text], [404, ''], `${method} ${path}`);
        assert.equal(headers['content-type'], undefined);
      }
    }
  });

  test(`a leader that does not act is 503 to all that asks for its jobs, and says so of its state, at ${place}`, async () => {
    await using http = await start();
    http.leader.healthView = { ...http.leader.healthView, role: 'standby' };
    http.leader.failure = new PetitError('NOT_LEADER', 'this leader is standby');
    for (const [method, path] of [
      ['POST', '/api/jobs/backup/trigger'],
      ['POST', '/api/scheduler/pause'],
      ['GET', '/api/jobs'],
      ['GET', '/api/jobs/backup/runs'],
      ['GET', `/api/runs/${RUN_ID}`],
    ] as const) {
      const { status, text } = await http.ask(path, { method, authorized: true });
      const said = { error: 'this leader is standby', code: 'INTERNAL_ERROR' };
      assert.deepEqual([status, JSON.parse(text)], [503, said], path);
    }
    const health = await http.ask('/api/health', { authorized: true });
    assert.deepEqual(JSON.parse(health.text), { status: 'ok', version: '0.1.0' });
    const state = await http.ask('/api/scheduler/state', { authorized: true });
    const stopped = { state: 'stopped', is_running: false, is_paused: false };
    assert.deepEqual(JSON.parse(state.text), stopped);
  });
}

test('what the leader refuses has petit’s status and code', async () => {
  await using http = await startHttp();
  const refusals = [
    [new PetitError('CONFLICT', 'it depends on hello'), 409, 'CONFLICT'],
    [new PetitError('TOO_MANY_REQUESTS', 'too many'), 429, 'TOO_MANY_REQUESTS'],
    [new PetitError('REDIS_UNAVAILABLE', 'away'), 503, 'INTERNAL_ERROR'],
    [new Error('a mistake'), 500, 'INTERNAL_ERROR'],
  ] as const;
  for (const [failure, status, code] of refusals) {
    http.leader.failure = failure;
    const answer = await http.ask('/api/jobs/backup/trigger', { method: 'POST', authorized: true });
    assert.equal(answer.status, status);
    assert.equal(Reflect.get(JSON.parse(answer.text), 'code'), code);
  }
});

test('stderr is asked for where petit tells it, and its end is told', async () => {
  await using http = await startHttp();
  const end = {
    ending: { kind: 'exited', code: 3 },
    startedAt: 1,
    endedAt: 9,
    durationMs: 7,
    cpuMs: null,
  } as const;
  const tasks = [
    sampleTask({ key: 'bad', state: 'failed', attempt: 2, startedAt: 1, endedAt: 9, end }),
    sampleTask({ key: 'mute', state: 'failed', attempt: 1, startedAt: 1, endedAt: 9, end }),
    sampleTask({ key: 'fine' }),
  ];
  http.leader.details.set(RUN_ID, sampleRun({ id: RUN_ID, jobId: 'backup' }, tasks));
  http.leader.stderr.set(`${RUN_ID} bad`, `${'x'.repeat(3_000)}\nend\n`);
  const { text } = await http.ask(`/api/runs/${RUN_ID}/tasks`, { authorized: true });
  const [bad, mute, fine] = Reflect.get(JSON.parse(text), 'tasks');
  assert.equal(bad.error, `command exited with code 3: ${'x'.repeat(1_995)}\nend\n`);
  assert.deepEqual([bad.attempts, bad.duration_ms], [2, 7]);
  assert.equal(mute.error, 'command exited with code 3: ');
  assert.equal(fine.error, null);
});

test('a name that cannot be decoded is a job that is not there, and asks for the token like any other', async () => {
  await using http = await startHttp();
  for (const name of ['%zz', '%', '%ff', 'a%2']) {
    const path = `/api/jobs/${name}`;
    assert.equal((await http.ask(path)).status, 401, name);
    const { status, text } = await http.ask(path, { authorized: true });
    assert.equal(status, 404, name);
    assert.deepEqual(JSON.parse(text), { error: `job not found: ${name}`, code: 'NOT_FOUND' });
  }
});

test('a name that is longer than any of ours is looked for like others, and the gate decides first', async () => {
  await using http = await startHttp();
  const long = 'a'.repeat(4_000);
  for (const path of [`/api/jobs/${long}`, `/api/v1/jobs/${long}`])
    assert.equal((await http.ask(path)).status, 401);
  const { status, text } = await http.ask(`/api/jobs/${long}`, { authorized: true });
  assert.deepEqual(
    [status, JSON.parse(text)],
    [404, { error: `job not found: ${long}`, code: 'NOT_FOUND' }],
  );
  assert.equal((await http.ask(`/api/v1/jobs/${long}`, { authorized: true })).status, 400);
});

test('where petit’s routes are alone, a body that is none is ignored at every address', async () => {
  await using http = await startHttp({ petit: 'local' });
  const sent = {
    method: 'POST',
    body: '{not json',
    headers: { 'content-type': 'application/json' },
  };
  assert.equal((await http.ask('/api/health', sent)).status, 405);
  assert.equal((await http.ask('/api/nope', sent)).status, 404);
});

test('no answer of petit’s routes names an origin that may read it', async () => {
  await using http = await startHttp({ petit: 'local' });
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    const { headers } = await http.ask('/api/jobs', { method });
    const cors = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
    assert.deepEqual(cors, [], method);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_TABLE, isErrorCode, PetitError, type ErrorCode } from '@petit/model';
import type { JobsView } from '@petit/protocol';
import { errorOf } from './testing/ask-raw.fixture.js';
import { sampleJob } from './testing/sample-views.fixture.js';
import { RUN_ID, startHttp } from './testing/start-http.fixture.js';

const ERROR_CODES: readonly ErrorCode[] = Object.keys(ERROR_TABLE).filter(isErrorCode);

test('attack 12 and 13: no CORS, and every answer carries the strict headers', async () => {
  await using http = await startHttp();
  const paths = ['/', '/app.js', '/api/v1/health', '/api/v1/jobs', '/queues', '/nothing', '/%zz'];
  for (const authorized of [false, true]) {
    for (const path of paths) {
      const { headers } = await http.ask(path, { authorized });
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['x-frame-options'], 'DENY', path);
      assert.equal(headers['referrer-policy'], 'no-referrer', path);
      assert.equal(headers['access-control-allow-origin'], undefined, path);
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/, path);
      assert.match(policy, /frame-ancestors 'none'/, path);
      assert.doesNotMatch(policy, /script-src[^;]*(unsafe|\*|http)/, path);
      assert.equal(policy.includes("'unsafe-inline'"), path === '/queues', path);
    }
  }
  const page = String((await http.ask('/')).headers['content-security-policy']);
  assert.match(page, /require-trusted-types-for 'script'/);
});

test('attack 48: markup in a name is answered as JSON that no browser takes for markup', async () => {
  await using http = await startHttp();
  const { headers } = await http.ask('/api/v1/jobs', { authorized: true });
  assert.match(String(headers['content-type']), /^application\/json/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
});

test('what a known caller changes leaves a line of who, what and from where', async () => {
  await using http = await startHttp();
  await http.ask('/api/v1/nodes/invite', { method: 'POST', authorized: true });
  await http.ask('/api/v1/nodes/invite', { method: 'POST' });
  const lines = http.lines
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    .filter(({ level, msg }) => level === 30 && msg === 'http_answered')
    .map(({ route, by, status, address }) => ({ route, by, status, address }));
  assert.deepEqual(lines, [
    { route: '/api/v1/nodes/invite', by: 'token', status: 200, address: '127.0.0.1' },
  ]);
});

test('what the leader answers as an error comes through with its code and status', async () => {
  await using http = await startHttp();
  const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
    NOT_FOUND: 404,
    CONFLICT: 409,
    TOO_MANY_REQUESTS: 429,
    NOT_LEADER: 503,
    REDIS_UNAVAILABLE: 503,
  };
  for (const code of ERROR_CODES.filter((one) => statuses[one] !== undefined)) {
    http.leader.failure = new PetitError(code, 'in the leader’s words');
    const answer = await http.ask('/api/v1/jobs', { authorized: true });
    assert.equal(answer.status, statuses[code]);
    assert.equal(errorOf(answer).code, code);
    const isTold = errorOf(answer).error === 'in the leader’s words';
    assert.equal(isTold, code !== 'REDIS_UNAVAILABLE', code);
  }
});

test('an answer that takes too long is REDIS_UNAVAILABLE, not a request that hangs', async () => {
  await using http = await startHttp({ limits: { handlerTimeoutMs: 50 } });
  http.leader.nodes = () => new Promise(() => undefined);
  const answer = await http.ask('/api/v1/nodes', { authorized: true });
  assert.deepEqual([answer.status, errorOf(answer).code], [503, 'REDIS_UNAVAILABLE']);
});

test('an unknown address is NOT_FOUND for who has the token', async () => {
  await using http = await startHttp();
  const answer = await http.ask('/api/v1/nothing', { authorized: true });
  assert.deepEqual([answer.status, errorOf(answer).code], [404, 'NOT_FOUND']);
});

test('a trigger carries the idempotency key, and any spelling of a run id finds the run', async () => {
  await using http = await startHttp();
  const triggered = await http.ask('/api/v1/jobs/backup/trigger', {
    method: 'POST',
    body: { force: true },
    headers: { 'idempotency-key': 'key-1' },
    authorized: true,
  });
  assert.equal(triggered.status, 201);
  assert.deepEqual(http.leader.changes, [
    { trigger: { jobId: 'backup', by: 'api', idempotencyKey: 'key-1', force: true } },
  ]);
  const bad = await http.ask('/api/v1/jobs/backup/trigger', {
    method: 'POST',
    headers: { 'idempotency-key': 'two words' },
    authorized: true,
  });
  assert.equal(bad.status, 400);
  const spelling = RUN_ID.replaceAll('-', '').toUpperCase();
  const found = await http.ask(`/api/v1/runs/${spelling}`, { authorized: true });
  assert.equal(found.status, 200);
});

test('all jobs are answered, or as many as were asked for and the number of the others', async () => {
  await using http = await startHttp();
  http.leader.jobViews = ['a', 'b', 'c'].map((id) => sampleJob({ id }));
  const ask = async (query: string): Promise<JobsView> =>
    JSON.parse((await http.ask(`/api/v1/jobs${query}`, { authorized: true })).text);
  const idsOf = ({ jobs, more }: JobsView): unknown => [jobs.map(({ id }) => id), more];
  assert.deepEqual(idsOf(await ask('')), [['a', 'b', 'c'], 0]);
  assert.deepEqual(idsOf(await ask('?limit=2')), [['a', 'b'], 1]);
  assert.deepEqual(idsOf(await ask('?limit=9')), [['a', 'b', 'c'], 0]);
  const refused = await http.ask('/api/v1/jobs?limit=0', { authorized: true });
  assert.equal(refused.status, 400);
});

test('the page is answered with a tag, and not sent again while it is the same', async () => {
  await using http = await startHttp();
  const first = await http.ask('/');
  assert.equal(first.status, 200);
  assert.equal(first.headers['cache-control'], 'no-cache');
  const etag = String(first.headers.etag);
  const again = await http.ask('/', { headers: { 'if-none-match': etag } });
  assert.deepEqual([again.status, again.text], [304, '']);
});

test('attack 58: a mistake of ours is answered without its words, its stack or a path', async () => {
  await using http = await startHttp();
  http.leader.failure = new Error('ReplyError: ERR in /srv/petit/lua/place.lua: script abc');
  const { status, text } = await http.ask('/api/v1/jobs', { authorized: true });
  assert.equal(status, 500);
  assert.deepEqual(JSON.parse(text), {
    error: 'a mistake of ours; the log has the details',
    code: 'INTERNAL_ERROR',
  });
});

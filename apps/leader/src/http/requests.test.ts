import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { waitFor } from '@petit/testkit';
import { askRaw } from './testing/ask-raw.fixture.js';
import { startHttp, TOKEN } from './testing/start-http.fixture.js';

test('attack 15: a body that is not application/json is refused, and no form of it skips validation', async () => {
  await using http = await startHttp();
  const path = '/api/v1/nodes/cube1/cordon';
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/json-patch+json',
    'text/json',
    'application/json, text/plain',
    'json',
    '*/*',
  ];
  for (const type of types) {
    const { status } = await http.ask(path, {
      method: 'POST',
      body: '{"cordon":true}',
      headers: { 'content-type': type },
      authorized: true,
    });
    assert.equal(status, 415, type);
  }
  const none = await http.ask(path, { method: 'POST', body: '{"cordon":true}', authorized: true });
  assert.equal(none.status, 415, 'no content type');
  for (const type of [
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/json;x=y',
  ]) {
    const headers = { 'content-type': type };
    const wrong = { method: 'POST', body: '{"cordon":"yes"}', headers, authorized: true };
    assert.equal((await http.ask(path, wrong)).status, 400, type);
  }
  assert.equal((await http.ask(path, { method: 'POST', authorized: true })).status, 400, 'no body');
  assert.deepEqual(http.leader.changes, []);
});

test('attack 16: __proto__, constructor and unknown keys are refused and nothing is polluted', async () => {
  await using http = await startHttp();
  const bodies = [
    '{"cordon":true,"__proto__":{"polluted":true}}',
    '{"cordon":true,"constructor":{"prototype":{"polluted":true}}}',
    '{"cordon":true,"extra":1}',
    '{"cordon":true,"\\u005f_proto__":{"polluted":true}}',
    '[{"cordon":true}]',
    'null',
  ];
  for (const body of bodies) {
    const { status } = await http.ask('/api/v1/nodes/cube1/cordon', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      authorized: true,
    });
    assert.equal(status, 400, body);
  }
  const queries = [
    '__proto__=1',
    '__proto__[polluted]=1',
    'constructor[prototype][polluted]=1',
    'constructor=1',
    'limit=1&limit=2',
    'limit=0',
    'limit=201',
    'limit=1e1',
    'job=..',
    'before=x',
    'toString=1',
  ];
  for (const query of queries) {
    const { status } = await http.ask(`/api/v1/runs?${query}`, { authorized: true });
    assert.equal(status, 400, query);
  }
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  assert.deepEqual(http.leader.changes, []);
});

test('attack 17: a body of 100 MB is refused without being read', async () => {
  await using http = await startHttp();
  const before = process.memoryUsage.rss();
  const announced = await askRaw(http, {
    line: 'POST /api/v1/login HTTP/1.1',
    headers: ['Content-Type: application/json', 'Content-Length: 104857600'],
  });
  assert.equal(announced.status, 413);
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  const chunked = await askRaw(http, {
    line: 'POST /api/v1/login HTTP/1.1',
    headers: ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
    body: chunk.repeat(32),
  });
  assert.equal(chunked.status, 413);
  assert.ok(process.memoryUsage.rss() - before < 64 * 1024 * 1024);
});

test('attack 17: a packed body is not unpacked', async () => {
  await using http = await startHttp();
  const { status } = await http.ask('/api/v1/login', {
    method: 'POST',
    body: '\u001f\u008b',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });
  assert.equal(status, 400);
});

test('attack 17: 10,000 headers are refused', async () => {
  await using http = await startHttp();
  const headers = Array.from({ length: 10_000 }, (_, index) => `a${index}: b`);
  const { status } = await askRaw(http, { line: 'GET /api/v1/health HTTP/1.1', headers });
  assert.equal(status, 431);
});

test('attack 17: clients that send slowly or nothing are closed and others are served', async () => {
  await using http = await startHttp({
    limits: { headersTimeoutMs: 300, requestTimeoutMs: 600, sockets: 40, socketsPerAddress: 20 },
  });
  const { port } = new URL(http.server.address);
  const idle = Array.from({ length: 100 }, () => connect(Number(port), '127.0.0.1'));
  let closed = 0;
  for (const socket of idle) {
    socket.on('error', () => undefined).on('close', () => (closed += 1));
    socket.resume();
  }
  await waitFor(() => closed >= 80, { what: 'the connections beyond 20 to be closed' });
  idle[0]?.write('POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Ty');
  await waitFor(() => closed === 100, { what: 'the idle connections to be closed' });
  assert.equal((await http.ask('/api/v1/health')).status, 200);
});

test('attack 18: JSON nested 100,000 deep, or as deep as fits, is refused in under a second', async () => {
  await using http = await startHttp();
  for (const depth of [100_000, 32_000]) {
    const startedAt = performance.now();
    const { status } = await http.ask('/api/v1/login', {
      method: 'POST',
      body: '['.repeat(depth) + ']'.repeat(depth),
      headers: { 'content-type': 'application/json' },
    });
    assert.ok([400, 413].includes(status), `${depth}: ${status}`);
    assert.ok(performance.now() - startedAt < 1_000);
  }
});

test('attack 19: ids that are none of ours are refused before the leader is asked', async () => {
  await using http = await startHttp();
  http.leader.failure = new Error('the leader was asked');
  const ids = ['..', 'a%2fb', '%00', 'a%0ab', ':', '-x', '__proto__', 'ü', 'a'.repeat(65), 'a%20b'];
  for (const id of ids) {
    for (const path of [`/api/v1/jobs/${id}`, `/api/v1/runs/${id}`, `/api/v1/runs/${id}/logs`]) {
      const { status } = await askRaw(http, {
        line: `GET ${path} HTTP/1.1`,
        headers: [`Authorization: Bearer ${TOKEN}`],
      });
      assert.ok([400, 404].includes(status), `${path}: ${status}`);
    }
  }
});

test('who asks says so in a header, which is kept as it is said; the page is always the page', async () => {
  await using http = await startHttp();
  const path = '/api/v1/jobs/backup/trigger';
  const by = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
    const { status } = await http.ask(path, { method: 'POST', headers, authorized: true });
    assert.equal(status, 201);
    return http.leader.changes.at(-1);
  };
  const asked = { jobId: 'backup', idempotencyKey: null, force: false };
  assert.deepEqual(await by({}), { trigger: { ...asked, by: 'api' } });
  assert.deepEqual(await by({ 'petit-client': 'petit-ctl alice@laptop' }), {
    trigger: { ...asked, by: 'petit-ctl alice@laptop' },
  });
  const count = http.leader.changes.length;
  for (const wrong of ['', 'x'.repeat(81), 'caf\u00e9', 'a\tb']) {
    const headers = { 'petit-client': wrong };
    const { status } = await http.ask(path, { method: 'POST', headers, authorized: true });
    assert.equal(status, 400, JSON.stringify(wrong));
  }
  assert.equal(http.leader.changes.length, count, 'nothing was started');
});

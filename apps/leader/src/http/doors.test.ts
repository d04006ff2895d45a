import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRoute } from './http-server.js';
import { askRaw, errorOf, logIn } from './testing/ask-raw.fixture.js';
import {
  RUN_ID,
  startHttp,
  TOKEN,
  type Answer,
  type AskOptions,
  type TestHttp,
} from './testing/start-http.fixture.js';

const MIN_ROUTES = 49;

/** petit's, of which each GET answers HEAD too. */
const PETIT_ROUTES = [
  'GET /api/health',
  'GET /api/jobs',
  'GET /api/jobs/:id',
  'GET /api/jobs/:id/runs',
  'GET /api/runs/:id',
  'GET /api/runs/:id/tasks',
  'GET /api/scheduler/state',
  'POST /api/jobs/:id/trigger',
  'POST /api/scheduler/pause',
  'POST /api/scheduler/resume',
];

const CHANGING: readonly (readonly [string, unknown])[] = [
  ['/api/v1/jobs/backup/trigger', {}],
  [`/api/v1/runs/${RUN_ID}/cancel`, {}],
  ['/api/v1/pause', {}],
  ['/api/v1/resume', {}],
  ['/api/v1/jobs/backup/pause', {}],
  ['/api/v1/jobs/backup/resume', {}],
  ['/api/v1/jobs/backup/backfill', { fromAt: 0, toAt: 1 }],
  ['/api/v1/catchup', {}],
  ['/api/v1/nodes/invite', {}],
  ['/api/v1/clock/accept', {}],
  ['/api/v1/nodes/cube1/cordon', { cordon: true }],
];

test('P10 attack 1: every route of the router but health, login and the page asks for the token', async () => {
  await using http = await startHttp();
  const closed = http.server.routes.filter(({ open }) => !open);
  const open = http.server.routes.filter((route) => route.open).map(({ url }) => url);
  assert.ok(closed.length >= MIN_ROUTES - open.length, `${closed.length} routes`);
  assert.deepEqual(
    [...new Set(open)].toSorted(),
    ['/', '/api/v1/health', '/api/v1/login', '/app.js'].toSorted(),
  );
  const names = closed.map(({ method, url }) => `${method} ${url}`);
  for (const name of PETIT_ROUTES) assert.ok(names.includes(name), name);
  await assertClosed(http, closed);
});

test('P10 attack 1: the listener of petit’s routes has these only, and each asks for the token', async () => {
  await using http = await startHttp({ petit: 'token' });
  const { routes } = http.server;
  const names = routes.map(({ method, url }) => `${method} ${url}`);
  const heads = PETIT_ROUTES.filter((name) => name.startsWith('GET')).map((name) =>
    name.replace('GET', 'HEAD'),
  );
  assert.deepEqual(names.toSorted(), [...PETIT_ROUTES, ...heads].toSorted());
  await assertClosed(http, routes);
  for (const path of ['/', '/app.js', '/api/v1/health', '/api/v1/login', '/queues', '/x']) {
    assert.equal((await http.ask(path)).status, 401, path);
    assert.equal((await http.ask(path, { authorized: true })).status, 404, path);
  }
});

test('attack 1: what is open answers without a token', async () => {
  await using http = await startHttp();
  for (const route of http.server.routes.filter(({ open }) => open)) {
    const { status } = await askRoute(http, route, {});
    assert.ok(status >= 200 && status < 300, `${route.method} ${route.url}: ${status}`);
  }
});

test('attack 2: streams and upgrades ask for the token', async () => {
  await using http = await startHttp();
  for (const path of ['/api/v1/events', `/api/v1/runs/${RUN_ID}/logs/stream`]) {
    const plain = await http.ask(path, { headers: { accept: 'text/event-stream' } });
    const upgrade = await http.ask(path, {
      headers: { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
    });
    assert.deepEqual([plain.status, upgrade.status], [401, 401], path);
  }
  assert.equal(http.leader.listenerCount, 0);
});

test('attack 3: no odd spelling of a guarded address is answered', async () => {
  await using http = await startHttp();
  const spellings = [
    '//api/v1/jobs',
    '/api//v1/jobs',
    '/api/v1/jobs/',
    '/./api/v1/jobs',
    '/x/../api/v1/jobs',
    '/api/v1/jobs/..',
    '/API/V1/JOBS',
    '/%61pi/v1/jobs',
    '/api%2fv1%2fjobs',
    '/api/v1/jobs%00',
    '/api/v1/jobs%',
    '/api/v1/jobs.json',
    '/api/v1/jobs;x=/api/v1/health',
    '/api/v1/health/../jobs',
    '/api/v1/health%2f..%2fjobs',
    '/api/v1/jobs?/api/v1/health',
    '/api/v1/jobs#/api/v1/health',
    'http://127.0.0.1/api/v1/jobs',
    'http://example.org/api/v1/jobs',
    '/app.js/../api/v1/jobs',
    '/queues/../api/v1/jobs',
    '/queues%2f',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/../../etc/passwd',
  ];
  for (const path of spellings) {
    const { status } = await askRaw(http, { line: `GET ${path} HTTP/1.1` });
    assert.ok([400, 401].includes(status), `${path}: ${status}`);
  }
});

test('attack 4: other methods and method overrides on changing routes have no effect', async () => {
  await using http = await startHttp();
  for (const [path] of CHANGING) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PATCH', 'DELETE']) {
      const { status, headers } = await http.ask(path, { method, authorized: true });
      assert.equal(status, 405, `${method} ${path}`);
      assert.equal(headers.allow, 'POST');
    }
    const headers = { 'x-http-method-override': 'POST', 'x-method-override': 'POST' };
    await http.ask(path, { headers, authorized: true });
    await http.ask(`${path}?_method=POST`, { authorized: true });
  }
  assert.equal((await http.ask('/api/v1/jobs', { method: 'HEAD', authorized: true })).status, 405);
  assert.deepEqual(http.leader.changes, []);
});

test('attack 7: truncated, padded, altered and empty tokens are refused', async () => {
  await using http = await startHttp({ limits: { wrongTokens: 1_000 } });
  const wrong = [
    TOKEN.slice(0, -1),
    `${TOKEN}A`,
    `${TOKEN}%20`,
    `${TOKEN},${TOKEN}`,
    TOKEN.toUpperCase(),
    TOKEN.replace('petit_', ''),
    `\t${TOKEN}x`,
  ];
  for (const token of wrong) {
    const { status } = await http.ask('/api/v1/jobs', {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(status, 401, token);
  }
  for (const authorization of ['', 'Bearer', TOKEN, `Basic ${btoa(`x:${TOKEN}`)}`]) {
    assert.equal((await http.ask('/api/v1/jobs', { headers: { authorization } })).status, 401);
  }
  assert.equal((await http.ask('/api/v1/jobs', { authorized: true })).status, 200);
});

test('attack 7: a session that expired or was logged out is refused', async () => {
  await using http = await startHttp();
  const first = await logIn(http);
  assert.equal((await http.ask('/api/v1/jobs', { headers: { cookie: first } })).status, 200);
  const out = await http.ask('/api/v1/logout', { method: 'POST', headers: { cookie: first } });
  assert.equal(out.status, 204);
  assert.equal((await http.ask('/api/v1/jobs', { headers: { cookie: first } })).status, 401);
  const second = await logIn(http);
  http.clock.now += 8 * 86_400_000;
  assert.equal((await http.ask('/api/v1/jobs', { headers: { cookie: second } })).status, 401);
});

test('attack 8: a token in the address is refused on every kind of route, and not logged', async () => {
  await using http = await startHttp();
  for (const key of ['token', 'access_token', 'TOKEN', 'api_key']) {
    for (const path of ['/api/v1/jobs', '/api/v1/events', '/queues', '/', '/nothing']) {
      const { status, text } = await http.ask(`${path}?${key}=${TOKEN}`);
      assert.equal(status, 400, `${path}?${key}`);
      assert.ok(!text.includes(TOKEN));
      const both = await http.ask(`${path}?${key}=${TOKEN}`, { authorized: true });
      assert.equal(both.status, 400, `${path}?${key}, with the token in the header`);
    }
  }
  assert.ok(http.lines.length >= 40, 'each was logged');
  assert.deepEqual(
    http.lines.filter((line) => line.includes(TOKEN)),
    [],
  );
});

test('attack 9: 1,000 wrong logins are limited and the owner is never locked out', async () => {
  await using http = await startHttp();
  const statuses = new Map<number, number>();
  for (let index = 0; index < 1_000; index += 1) {
    const { status } = await http.ask('/api/v1/login', {
      method: 'POST',
      body: { token: `wrong-${index}` },
    });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  assert.deepEqual(Object.fromEntries(statuses), { 401: 10, 429: 990 });
  const limited = await http.ask('/api/v1/jobs', { headers: { authorization: 'Bearer wrong' } });
  assert.equal(limited.status, 429);
  assert.equal(limited.headers['retry-after'], '60');
  assert.equal((await http.ask('/api/v1/jobs', { authorized: true })).status, 200);
  assert.match(await logIn(http), /^petit_session_/);
  http.clock.now += 60_001;
  const later = await http.ask('/api/v1/login', { method: 'POST', body: { token: 'wrong' } });
  assert.equal(later.status, 401);
});

test('attack 10: what a foreign page sends with the cookie is refused', async () => {
  await using http = await startHttp();
  const cookie = await logIn(http);
  const foreign = ['https://evil.example', 'null', 'http://127.0.0.1', 'http://127.0.0.1:1', 'x'];
  for (const [path, body] of CHANGING) {
    for (const origin of foreign) {
      const refused = await http.ask(path, { method: 'POST', body, headers: { cookie, origin } });
      assert.equal(refused.status, 403, `${path} from ${origin}`);
    }
    const sent = { cookie, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' };
    assert.equal((await http.ask(path, { method: 'POST', headers: sent })).status, 403);
    const form = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const posted = await http.ask(path, { method: 'POST', body: 'cordon=true', headers: form });
    assert.equal(posted.status, 415, path);
  }
  assert.deepEqual(http.leader.changes, []);
  const own = { cookie, origin: http.server.address, 'sec-fetch-site': 'same-origin' };
  const taken = await http.ask('/api/v1/nodes/invite', { method: 'POST', headers: own });
  assert.equal(taken.status, 200);
  assert.deepEqual(http.leader.changes, ['invite']);
});

test('attack 10: a foreign page cannot log a browser in', async () => {
  await using http = await startHttp();
  const { status, headers } = await http.ask('/api/v1/login', {
    method: 'POST',
    body: { token: TOKEN },
    headers: { origin: 'https://evil.example' },
  });
  assert.equal(status, 403);
  assert.equal(headers['set-cookie'], undefined);
});

test('attack 11: a foreign page cannot open a stream', async () => {
  await using http = await startHttp();
  const cookie = await logIn(http);
  const origin = 'https://evil.example';
  const events = await http.ask('/api/v1/events', { headers: { cookie, origin } });
  const image = await http.ask('/api/v1/events', {
    headers: { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  });
  assert.deepEqual([events.status, image.status], [403, 403]);
  const link = await http.ask('/api/v1/jobs', {
    headers: { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
  });
  assert.equal(link.status, 200, 'following a link is the person’s own act');
});

async function assertClosed(http: TestHttp, routes: readonly HttpRoute[]): Promise<void> {
  for (const route of routes) {
    const name = `${route.method} ${route.url}`;
    const refused = await askRoute(http, route, {});
    assert.equal(refused.status, 401, name);
    if (route.method !== 'HEAD') assert.equal(errorOf(refused).code, 'UNAUTHENTICATED', name);
    const answered = await askRoute(http, route, { authorized: true });
    assert.ok(answered.status >= 200 && answered.status < 300, `${name}: ${answered.status}`);
  }
}

function askRoute(http: TestHttp, route: HttpRoute, options: AskOptions): Promise<Answer> {
  const path = route.url
    .replace('/jobs/:id', '/jobs/backup')
    .replace('/runs/:id', `/runs/${RUN_ID}`)
    .replace(':node', 'cube1')
    .replace(':when', '2026-03-29T02:30')
    .replace('/*', '/api/queues');
  const body = BODIES[route.url];
  return http.ask(path, {
    method: route.method,
    ...(body === undefined ? {} : { body }),
    ...options,
  });
}

const BODIES: Readonly<Record<string, unknown>> = {
  '/api/v1/login': { token: TOKEN },
  '/api/v1/nodes/:node/cordon': { cordon: true },
  '/api/v1/jobs/:id/backfill': { fromAt: 0, toAt: 1 },
};

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { PetitError, type ErrorCode } from '@petit/model';
import { createClient } from './create-client.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

interface FakeLeader extends AsyncDisposable {
  readonly address: string;
  /** `METHOD path` of each request, in order. */
  readonly asked: string[];
}

async function startFake(handler: Handler): Promise<FakeLeader> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    void handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

async function failure(promise: Promise<unknown>): Promise<PetitError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof PetitError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' });
}

const STANDBY = {
  status: 'ok',
  version: '0',
  role: 'standby',
  epoch: 4,
  redis: 'ok',
  since: 0,
  problems: ['waits for the lease of cube1'],
};

test('every call asks its own route, with the token', async () => {
  const tokens = new Set<unknown>();
  await using fake = await startFake((request, response) => {
    tokens.add(request.headers.authorization);
    answer(response, 200, { role: 'active' });
  });
  const client = createClient({ server: fake.address, token: 'secret' });
  await client.health();
  await client.jobs();
  await client.job('backup');
  await client.trigger('backup', { idempotencyKey: 'k' });
  await client.pause();
  await client.pause('backup');
  await client.resume();
  await client.resume('backup');
  await client.backfill('backup', { fromAt: 1, toAt: 2 });
  await client.catchup();
  await client.explainJob('backup');
  await client.explainTick('backup', '2026-03-29T02:30');
  await client.runs();
  await client.runs({ jobId: 'a', limit: 3, before: 'b' });
  await client.run('r');
  await client.explain('r');
  await client.cancel('r');
  await client.logs('r');
  await client.logs('r', { taskKey: 'check@cube1' });
  await client.nodes();
  await client.cordon('cube1');
  await client.uncordon('cube1');
  await client.nextTicks();
  await client.nextTicks(5);
  await client.invite();
  await client.doctor();
  await client.acceptClock();
  assert.deepEqual(fake.asked, [
    'GET /api/v1/health',
    'GET /api/v1/jobs',
    'GET /api/v1/jobs/backup',
    'POST /api/v1/jobs/backup/trigger',
    'POST /api/v1/pause',
    'POST /api/v1/jobs/backup/pause',
    'POST /api/v1/resume',
    'POST /api/v1/jobs/backup/resume',
    'POST /api/v1/jobs/backup/backfill',
    'POST /api/v1/catchup',
    'GET /api/v1/jobs/backup/explain',
    'GET /api/v1/jobs/backup/ticks/2026-03-29T02%3A30/explain',
    'GET /api/v1/runs',
    'GET /api/v1/runs?job=a&limit=3&before=b',
    'GET /api/v1/runs/r',
    'GET /api/v1/runs/r/explain',
    'POST /api/v1/runs/r/cancel',
    'GET /api/v1/runs/r/logs',
    'GET /api/v1/runs/r/logs?task=check%40cube1',
    'GET /api/v1/nodes',
    'POST /api/v1/nodes/cube1/cordon',
    'POST /api/v1/nodes/cube1/cordon',
    'GET /api/v1/ticks/next',
    'GET /api/v1/ticks/next?limit=5',
    'POST /api/v1/nodes/invite',
    'GET /api/v1/doctor',
    'POST /api/v1/clock/accept',
  ]);
  assert.deepEqual([...tokens], ['Bearer secret']);
});

test('a client that has a name says it with each request, in characters that a header may hold', async () => {
  const names: unknown[] = [];
  await using fake = await startFake((request, response) => {
    names.push(request.headers['petit-client']);
    answer(response, 200, { role: 'active' });
  });
  await createClient({ server: fake.address, token: 't', name: 'petit-ctl zoë@nas' }).health();
  await createClient({ server: fake.address, token: 't' }).health();
  assert.deepEqual(names, ['petit-ctl zo?@nas', undefined]);
});

test('a trigger carries its key as a header and force in the body', async () => {
  const seen: unknown[] = [];
  await using fake = await startFake(async (request, response) => {
    seen.push(request.headers['idempotency-key'], request.headers['content-type']);
    seen.push(JSON.parse(await bodyOf(request)));
    answer(response, 200, { runId: 'r', jobId: 'backup', created: true });
  });
  const client = createClient({ server: fake.address, token: 'secret' });
  const triggered = await client.trigger('backup', { idempotencyKey: 'k-1', force: true });
  assert.deepEqual(triggered, { runId: 'r', jobId: 'backup', created: true });
  assert.deepEqual(seen, ['k-1', 'application/json', { force: true }]);
});

test('an error has the code and the text of the server, or the code nearest to the status', async () => {
  let reply: readonly [number, unknown] = [0, null];
  await using fake = await startFake((_, response) => answer(response, ...reply));
  const client = createClient({ server: fake.address, token: 'secret' });
  const cases: readonly (readonly [number, unknown, ErrorCode, RegExp])[] = [
    [404, { error: 'no job "x"', code: 'NOT_FOUND' }, 'NOT_FOUND', /^no job "x"$/],
    [409, { error: 'it has ended', code: 'CONFLICT' }, 'CONFLICT', /ended/],
    [503, { error: 'Redis is away', code: 'REDIS_UNAVAILABLE' }, 'REDIS_UNAVAILABLE', /away/],
    [401, {}, 'UNAUTHENTICATED', /answered 401/],
    [403, { error: 'no', code: 'SOMETHING_NEW' }, 'FORBIDDEN', /^no$/],
    [302, {}, 'LEADER_UNREACHABLE', /answered 302/],
    [200, [1], 'LEADER_UNREACHABLE', /no leader of Petit/],
  ];
  for (const [status, body, code, text] of cases) {
    reply = [status, body];
    const error = await failure(client.jobs());
    assert.equal(error.code, code);
    assert.match(error.message, text);
  }
});

test('where nobody listens, hangs up or answers, the address is named', async () => {
  let gone = '';
  {
    await using fake = await startFake(() => {});
    gone = fake.address;
  }
  const refused = await failure(createClient({ server: gone, token: 't' }).jobs());
  assert.equal(refused.code, 'LEADER_UNREACHABLE');
  assert.equal(refused.message, `no leader answered at ${gone}: connection refused`);

  await using hangsUp = await startFake((request) => void request.socket.destroy());
  const cut = await failure(createClient({ server: hangsUp.address, token: 't' }).jobs());
  assert.equal(cut.message, `no leader answered at ${hangsUp.address}: the connection was closed`);

  await using silent = await startFake(() => {});
  const late = await failure(
    createClient({ server: silent.address, token: 't', timeoutMs: 50 }).jobs(),
  );
  assert.equal(late.message, `no leader answered at ${silent.address}: no answer in time`);

  await using halfway = await startFake((_, response) => void response.writeHead(200).write('{'));
  const half = await failure(
    createClient({ server: halfway.address, token: 't', timeoutMs: 50 }).jobs(),
  );
  assert.equal(half.code, 'LEADER_UNREACHABLE');
});

test('what a standby says of itself is the error, whether it was asked or refused', async () => {
  await using fake = await startFake((request, response) => {
    if (request.url?.endsWith('/health') === true) answer(response, 200, STANDBY);
    else answer(response, 503, { error: 'not the leader', code: 'NOT_LEADER' });
  });
  const client = createClient({ server: fake.address, token: 't' });
  assert.equal((await client.health()).role, 'standby');
  for (const asked of [client.leaderHealth(), client.jobs()]) {
    const error = await failure(asked);
    assert.equal(error.code, 'NOT_LEADER');
    assert.match(error.message, /is not the active leader but standby: waits for the lease/);
    assert.deepEqual(error.details['health'], STANDBY);
  }
});

test('logs are followed to their end, and a stream that breaks off before is an error', async () => {
  let whole = true;
  await using fake = await startFake((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write('event: chunk\ndata: {"kind":"chunk","bytes":"aGk="}\n\n');
    response.write(': still there\n\n');
    if (whole) response.write('event: end\ndata: {"kind":"end"}\n\n');
    else response.end();
  });
  const client = createClient({ server: fake.address, token: 't' });
  const events = await collect(client.followLogs('r', { taskKey: 'a' }));
  assert.deepEqual(events, [{ kind: 'chunk', bytes: 'aGk=' }, { kind: 'end' }]);
  assert.deepEqual(fake.asked, ['GET /api/v1/runs/r/logs/stream?task=a']);
  whole = false;
  const error = await failure(collect(client.followLogs('r')));
  assert.match(error.message, /the stream was closed/);
});

test('the stream of events ends quietly by its signal and loudly when it falls silent', async () => {
  let closed = 0;
  await using fake = await startFake((request, response) => {
    request.once('close', () => closed++);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: hello\ndata: {"kind":"hello","at":1}\n\n');
  });
  const client = createClient({ server: fake.address, token: 't', silenceMs: 60 });
  const stop = new AbortController();
  const kinds: string[] = [];
  for await (const event of client.events({ signal: stop.signal })) {
    kinds.push(event.kind);
    stop.abort();
  }
  assert.deepEqual(kinds, ['hello']);
  const error = await failure(collect(client.events()));
  assert.equal(error.code, 'LEADER_UNREACHABLE');
  assert.match(error.message, /nothing was heard for 0.06 s/);
  assert.ok(closed >= 1);
});

test('a stream that is refused has the code of the refusal', async () => {
  await using fake = await startFake((_, response) =>
    answer(response, 404, { error: 'no run "r"', code: 'NOT_FOUND' }),
  );
  const client = createClient({ server: fake.address, token: 't' });
  assert.equal((await failure(collect(client.followLogs('r')))).code, 'NOT_FOUND');
});

test('addresses with credentials or of other schemes, odd tokens and names of steps are refused', async () => {
  for (const server of ['ftp://h', 'h:1', '', 'http://u:p@h/', 'http://h/?x=1', 'http://h/#x']) {
    assert.throws(() => createClient({ server, token: null }), { code: 'BAD_REQUEST' }, server);
  }
  assert.throws(
    () => createClient({ server: 'http://u:hush@h', token: null }),
    (error: Error) => {
      return !error.message.includes('hush');
    },
  );
  assert.throws(() => createClient({ server: 'http://h', token: 'a\r\nb: c' }));
  const client = createClient({ server: 'http://h', token: null });
  for (const name of ['', '.', '..'])
    assert.throws(() => client.run(name), { code: 'BAD_REQUEST' });
});

test('an address may have a path in front and a slash behind', async () => {
  await using fake = await startFake((_, response) => answer(response, 200, { jobs: [] }));
  await createClient({ server: `${fake.address}/petit/`, token: 't' }).jobs();
  assert.deepEqual(fake.asked, ['GET /petit/api/v1/jobs']);
});

async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

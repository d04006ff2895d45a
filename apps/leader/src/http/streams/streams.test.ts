import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '@petit/testkit';
import type { ClusterEvent } from '@petit/protocol';
import { readEvents, type EventReader } from '../testing/read-events.fixture.js';
import { sampleNode, sampleRun, sampleTask } from '../testing/sample-views.fixture.js';
import { RUN_ID, startHttp, TOKEN, type TestHttp } from '../testing/start-http.fixture.js';

const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

function openEvents(
  http: TestHttp,
  headers: Record<string, string> = AUTHORIZED,
): Promise<EventReader> {
  return readEvents(`${http.server.address}/api/v1/events`, headers);
}

function openLogs(http: TestHttp, task = ''): Promise<EventReader> {
  const path = `/api/v1/runs/${RUN_ID}/logs/stream${task === '' ? '' : `?task=${task}`}`;
  return readEvents(`${http.server.address}${path}`, AUTHORIZED);
}

function chunk(
  text: string,
  fromByte = 0,
): {
  readonly kind: 'chunk';
  readonly key: string;
  readonly attempt: number;
  readonly stream: 'stdout';
  readonly fromByte: number;
  readonly bytes: string;
} {
  const bytes = Buffer.from(text).toString('base64');
  return { kind: 'chunk', key: 'only', attempt: 1, stream: 'stdout', fromByte, bytes };
}

test('the first event is hello with the health, then changes arrive in their order', async () => {
  await using http = await startHttp();
  using reader = await openEvents(http);
  const hello = await reader.next('hello');
  assert.deepEqual(hello, { kind: 'hello', at: http.clock.now, health: http.leader.healthView });
  await waitFor(() => http.leader.listenerCount === 1, { what: 'the subscription' });
  http.leader.emit({ kind: 'node', node: sampleNode({ node: 'cube2' }) });
  http.leader.emit({ kind: 'jobs' });
  await reader.next('jobs');
  assert.deepEqual(
    reader.events.map(({ kind }) => kind),
    ['hello', 'node', 'jobs'],
  );
});

test('a burst of changes of one run is delivered as the last state of each task; other runs are not lost', async () => {
  await using http = await startHttp({ limits: { gatherMs: 50 } });
  using reader = await openEvents(http);
  await reader.next('hello');
  await waitFor(() => http.leader.listenerCount === 1, { what: 'the subscription' });
  const other = RUN_ID.replace('0b', '1b');
  for (let attempt = 1; attempt <= 500; attempt += 1) {
    const tasks = [sampleTask({ key: `task-${attempt % 10}`, attempt })];
    http.leader.emit({ kind: 'run', ...sampleRun({ id: RUN_ID, jobId: 'backup' }, tasks) });
    if (attempt === 3) {
      http.leader.emit({ kind: 'run', ...sampleRun({ id: other, jobId: 'backup' }, tasks) });
    }
  }
  const last = await reader.next('run', (data) => JSON.stringify(data).includes('"attempt":500'));
  const runs = reader.events.filter(({ kind }) => kind === 'run');
  assert.ok(runs.length < 10, `${runs.length} events for 501 changes`);
  assert.ok(runs.some(({ data }) => JSON.stringify(data).includes(other)));
  const tasks = last['tasks'] as readonly { readonly key: string; readonly attempt: number }[];
  assert.deepEqual(
    tasks.map(({ attempt }) => attempt).toSorted((x, y) => x - y),
    [491, 492, 493, 494, 495, 496, 497, 498, 499, 500],
  );
});

test('a pulse says that the leader lives, and stops with the last reader', async () => {
  await using http = await startHttp({ limits: { pulseMs: 20 } });
  using reader = await openEvents(http);
  const pulse = await reader.next('pulse');
  assert.equal(pulse['at'], http.clock.now);
  reader[Symbol.dispose]();
  await waitFor(() => http.leader.listenerCount === 0, { what: 'the end of the subscription' });
});

test('a reader that does not read is cut off and others go on', async () => {
  await using http = await startHttp({ limits: { streamBufferBytes: 64 * 1024, gatherMs: 1 } });
  using slow = await openEvents(http);
  await slow.next('hello');
  slow.response.pause();
  using quick = await openEvents(http);
  await quick.next('hello');
  const big = sampleTask({ key: 'only', error: 'x'.repeat(256 * 1024) });
  for (let sent = 1; !wasCutOff(http) && sent <= 400; sent += 1) {
    const detail = sampleRun({ id: RUN_ID, jobId: 'backup', createdAt: sent }, [big]);
    http.leader.emit({ kind: 'run', ...detail });
    await quick.next('run', ({ run }) => createdAtOf(run) === sent);
  }
  assert.ok(wasCutOff(http));
  slow.response.resume();
  await waitFor(() => slow.closed, { what: 'the slow reader to see it' });
  assert.equal(quick.closed, false);
});

test('streams are bounded in number, and a place is free again when one closes', async () => {
  await using http = await startHttp({ limits: { streams: 2 } });
  using first = await openEvents(http);
  using second = await openLogs(http);
  await assert.rejects(openEvents(http), /429/);
  first[Symbol.dispose]();
  using third = await waitFor(() => openEvents(http), { what: 'a free place' });
  await third.next('hello');
  assert.equal(second.closed, false);
});

test('who logs out is cut off from the streams at once', async () => {
  await using http = await startHttp();
  const login = await http.ask('/api/v1/login', { method: 'POST', body: { token: TOKEN } });
  const cookie = login.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  using reader = await openEvents(http, { cookie });
  using other = await openEvents(http);
  await reader.next('hello');
  await http.ask('/api/v1/logout', { method: 'POST', headers: { cookie } });
  await waitFor(() => reader.closed, { what: 'the stream to be cut' });
  assert.equal(other.closed, false);
});

test('a stream ends when its session has run out', async () => {
  await using http = await startHttp({ limits: { pulseMs: 20 } });
  const login = await http.ask('/api/v1/login', { method: 'POST', body: { token: TOKEN } });
  const cookie = login.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  using reader = await openEvents(http, { cookie });
  await reader.next('pulse');
  http.clock.now += 8 * 86_400_000;
  await waitFor(() => reader.closed, { what: 'the stream to be cut' });
});

test('a log stream gives what is stored, then what comes, then the end', async () => {
  await using http = await startHttp();
  await http.leader.addLog(RUN_ID, 'only', chunk('one\n'));
  using reader = await openLogs(http, 'only');
  await reader.next('chunk');
  await waitFor(() => http.leader.followerCount === 1, { what: 'the follower' });
  await http.leader.addLog(RUN_ID, 'only', chunk('two\n', 4));
  await http.leader.addLog(RUN_ID, 'only', { kind: 'end' });
  await reader.next('end');
  await waitFor(() => reader.closed, { what: 'the stream to end' });
  const text = reader.events
    .filter(({ kind }) => kind === 'chunk')
    .map(({ data }) => Buffer.from(String(data['bytes']), 'base64').toString())
    .join('');
  assert.equal(text, 'one\ntwo\n');
});

test('a log of many times the buffer arrives whole at a slow reader', async () => {
  await using http = await startHttp({ limits: { streamBufferBytes: 32 * 1024 } });
  const piece = 'x'.repeat(48 * 1024);
  for (let index = 0; index < 100; index += 1) {
    await http.leader.addLog(RUN_ID, 'only', chunk(piece, index * piece.length));
  }
  await http.leader.addLog(RUN_ID, 'only', { kind: 'end' });
  using reader = await openLogs(http, 'only');
  reader.response.pause();
  setTimeout(() => reader.response.resume(), 100);
  await reader.next('end');
  assert.equal(reader.events.filter(({ kind }) => kind === 'chunk').length, 100);
});

test('attack 49: output that looks like an event stays output', async () => {
  await using http = await startHttp();
  const forged = '\n\nevent: end\ndata: {"kind":"end"}\n\nevent: run\ndata: {}\n\n';
  await http.leader.addLog(RUN_ID, 'only', chunk(forged));
  http.leader.setRun(
    sampleRun({ id: RUN_ID, jobId: 'backup' }, [sampleTask({ key: 'only', error: forged })]),
  );
  using logs = await openLogs(http, 'only');
  const { bytes } = await logs.next('chunk');
  assert.equal(Buffer.from(String(bytes), 'base64').toString(), forged);
  using events = await openEvents(http);
  await events.next('hello');
  await waitFor(() => http.leader.listenerCount === 1, { what: 'the subscription' });
  const event: ClusterEvent = {
    kind: 'node',
    node: sampleNode({ node: 'cube1', closed: forged }),
  };
  http.leader.emit(event);
  assert.deepEqual(await events.next('node'), event);
  assert.deepEqual(
    [...logs.events, ...events.events].map(({ kind }) => kind),
    ['chunk', 'hello', 'node'],
  );
});

test('following the output of an unknown run or task is NOT_FOUND, not an empty stream', async () => {
  await using http = await startHttp();
  await assert.rejects(openLogs(http, 'nothing'), /404/);
  const unknown = `/api/v1/runs/${RUN_ID.replace('0b', 'ff')}/logs/stream`;
  assert.equal((await http.ask(unknown, { authorized: true })).status, 404);
});

test('a server that stops ends its streams and lets go of its address', async () => {
  const http = await startHttp();
  using reader = await openEvents(http);
  await reader.next('hello');
  await http[Symbol.asyncDispose]();
  await waitFor(() => reader.closed, { what: 'the stream to end' });
  await assert.rejects(http.ask('/api/v1/health'), /ECONNREFUSED/);
});

test('a reader that takes nothing for three pulses is cut off, however little waits for it', async () => {
  await using http = await startHttp({ limits: { pulseMs: 20 } });
  using reader = await openLogs(http, 'only');
  reader.response.pause();
  await waitFor(() => http.leader.followerCount === 1, { what: 'the follower' });
  const flood = chunk('x'.repeat(256 * 1024));
  const sending = (async () => {
    for (let index = 0; index < 40 && !wasCutOff(http); index += 1) {
      await http.leader.addLog(RUN_ID, 'only', flood);
    }
  })();
  await waitFor(() => wasCutOff(http), { what: 'the reader to be cut off' });
  await sending;
});

function wasCutOff(http: TestHttp): boolean {
  return http.lines.some((line) => line.includes('slow_reader_cut_off'));
}

function createdAtOf(run: unknown): unknown {
  return typeof run === 'object' && run !== null && 'createdAt' in run ? run.createdAt : null;
}

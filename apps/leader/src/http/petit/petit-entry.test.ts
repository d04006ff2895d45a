import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { pino } from 'pino';
import { verifierOf } from '../access/api-token.js';
import { FakeLeader } from '../testing/fake-leader.fixture.js';
import { startHttp, TOKEN } from '../testing/start-http.fixture.js';
import { openPetitHttp } from './open-petit-http.js';

const TRIGGER = '/api/jobs/backup/trigger';

test('a listener that asks for no token lets programs of this machine in, and a wrong token is still wrong', async () => {
  await using http = await startHttp({ petit: 'local' });
  assert.equal((await http.ask('/api/jobs')).status, 200);
  assert.equal((await http.ask(TRIGGER, { method: 'POST' })).status, 200);
  assert.equal((await http.ask('/api/jobs', { authorized: true })).status, 200);
  const headers = { authorization: `Bearer ${TOKEN.slice(1)}` };
  assert.equal((await http.ask('/api/jobs', { headers })).status, 401);
});

test('what a page made a browser of this machine send is refused where no token is asked for', async () => {
  await using http = await startHttp({ petit: 'local' });
  const { host, port } = new URL(http.server.address);
  const sent: readonly Readonly<Record<string, string>>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
    // A name of the page's own that points at 127.0.0.1: origin and host agree.
    { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
    { host: `evil.example:${port}` },
    { host: '127.0.0.1.evil.example' },
    { host: '192.168.1.10' },
  ];
  for (const headers of sent) {
    const name = JSON.stringify(headers);
    assert.equal((await http.ask(TRIGGER, { method: 'POST', headers })).status, 403, name);
    assert.equal((await http.ask('/api/jobs', { headers })).status, 403, name);
  }
  assert.deepEqual(http.leader.changes, []);
  for (const own of [host, `localhost:${port}`, '127.0.0.1', '[::1]:8565', 'LOCALHOST']) {
    assert.equal((await http.ask('/api/jobs', { headers: { host: own } })).status, 200, own);
  }
});

test('a listener beyond this machine that asks for no token is refused; one that asks is not', async () => {
  const open = (entry: 'token' | 'local', host: string): ReturnType<typeof openPetitHttp> =>
    openPetitHttp({
      entry,
      port: new FakeLeader(0),
      token: verifierOf(TOKEN),
      listen: { host, port: 0 },
      log: pino({ level: 'silent' }),
      now: () => 0,
      random: randomBytes,
    });
  for (const host of ['0.0.0.0', '::', '192.168.1.10', 'cube1.lan']) {
    await assert.rejects(open('local', host), { code: 'BAD_SETTINGS', message: /loopback/ });
  }
  await using beyond = await open('token', '0.0.0.0');
  assert.match(beyond.address, /^http:\/\/0\.0\.0\.0:\d+$/);
  await using here = await open('local', 'localhost');
  assert.match(here.address, /^http:\/\/127\.0\.0\.1:\d+$/);
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { pino } from 'pino';
import { openHttp } from '../open-http.js';
import { FakeLeader } from '../testing/fake-leader.fixture.js';
import { verifierOf } from './api-token.js';
import { checkListenAddress, isLoopback } from './listen-address.js';

test('loopback is what only this machine reaches', () => {
  for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost']) assert.ok(isLoopback(host));
  for (const host of ['0.0.0.0', '::', '192.168.1.4', '127.evil.example', 'cube1', '']) {
    assert.ok(!isLoopback(host), host);
  }
});

test('P10 attack 14: without a token nothing listens beyond loopback', async () => {
  const options = {
    port: new FakeLeader(0),
    token: null,
    boardQueues: () => [],
    dashboardDir: '/nonexistent',
    log: pino({ level: 'silent' }),
    now: () => 0,
    random: randomBytes,
  };
  for (const host of ['0.0.0.0', '::', '192.168.1.4']) {
    await assert.rejects(openHttp({ ...options, listen: { host, port: 0 } }), {
      code: 'BAD_SETTINGS',
    });
  }
  await using server = await openHttp({ ...options, listen: { host: '127.0.0.1', port: 0 } });
  const health = await fetch(`${server.address}/api/v1/health`);
  const jobs = await fetch(`${server.address}/api/v1/jobs`);
  assert.deepEqual([health.status, jobs.status], [200, 401]);
});

test('with a token any address that a person asked for is allowed', () => {
  assert.doesNotThrow(() => checkListenAddress('0.0.0.0', verifierOf('petit_token')));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from './parse-arguments.js';
import { readLeaderSettings, strayLeaderSettings } from './leader-settings.js';

test('addresses of Redis are sockets, redis:// or rediss://, and nothing else', () => {
  const good = [
    'unix:/run/redis/petit.sock',
    'unix:///run/redis/petit.sock',
    'unix://:pass%2Fword@/run/redis/petit.sock',
    'redis://127.0.0.1:6379',
    'redis://:pass%2Fword@192.168.1.10:6379/0',
    'rediss://petit:word@cube1.lan:6380',
  ];
  for (const url of good) {
    const settings = readLeaderSettings({ PETIT_REDIS_URL: url, PETIT_REDIS_URL_FOR_WORKERS: url });
    assert.deepEqual([settings.redisUrl, settings.redisUrlForWorkers], [url, url]);
  }
  const bad = [
    '192.168.1.10:6379',
    'http://cube1',
    'unix:redis.sock',
    'unix://:a/b@/redis.sock',
    'unix://:100%@/redis.sock',
    'redis://',
    'redis://:a/b@c:1',
  ];
  for (const url of bad) {
    for (const variable of ['PETIT_REDIS_URL', 'PETIT_REDIS_URL_FOR_WORKERS']) {
      assert.throws(() => readLeaderSettings({ [variable]: url }), {
        code: 'BAD_SETTINGS',
        message: new RegExp(`^${variable}: wanted unix:/path`),
      });
    }
  }
});

test('a certificate authority is refused where no address would ask for it', () => {
  const ca = { PETIT_REDIS_CA: '/etc/petit/ca.pem' };
  assert.throws(() => readLeaderSettings(ca), { code: 'BAD_SETTINGS', message: /rediss:\/\// });
  assert.equal(
    readLeaderSettings({ ...ca, PETIT_REDIS_URL_FOR_WORKERS: 'rediss://cube1' }).redisCa,
    '/etc/petit/ca.pem',
  );
});

test('petit’s routes are by themselves only where that is asked for, without a token only on loopback', () => {
  const listen = { host: '127.0.0.1', port: 8565 };
  const apart = { PETIT_LISTEN: '127.0.0.1:8566', PETIT_COMPAT_LISTEN: '127.0.0.1:8565' };
  assert.equal(readLeaderSettings({}).compat, null);
  assert.deepEqual(readLeaderSettings(apart).compat, { listen, entry: 'token' });
  const open = { ...apart, PETIT_COMPAT_NO_TOKEN: 'yes' };
  assert.deepEqual(readLeaderSettings(open).compat, { listen, entry: 'local' });
  for (const host of ['0.0.0.0', '[::]', '192.168.1.10', 'cube1.lan']) {
    const beyond = { ...open, PETIT_COMPAT_LISTEN: `${host}:8565` };
    assert.throws(() => readLeaderSettings(beyond), {
      code: 'BAD_SETTINGS',
      message: /^refused to listen on .* without asking for the token: .*127\.0\.0\.1/,
    });
    const asking = { ...beyond, PETIT_COMPAT_NO_TOKEN: 'no' };
    assert.equal(readLeaderSettings(asking).compat?.entry, 'token');
  }
});

test('a listener of petit’s routes at the leader’s own address, or a wish about none, is refused', () => {
  assert.throws(() => readLeaderSettings({ PETIT_COMPAT_LISTEN: '127.0.0.1:8565' }), {
    code: 'BAD_SETTINGS',
    message: /both 127\.0\.0\.1:8565; wanted two addresses, such as PETIT_LISTEN=127\.0\.0\.1:8566/,
  });
  assert.throws(() => readLeaderSettings({ PETIT_COMPAT_NO_TOKEN: 'yes' }), {
    code: 'BAD_SETTINGS',
    message: /PETIT_COMPAT_LISTEN is not/,
  });
  const anyPort = { PETIT_LISTEN: '127.0.0.1:0', PETIT_COMPAT_LISTEN: '127.0.0.1:0' };
  assert.equal(readLeaderSettings(anyPort).compat?.listen.port, 0);
});

test('variables that no setting names are found', () => {
  assert.deepEqual(strayLeaderSettings({ PETIT_REDIS: 'x', PETIT_STRICT: 'yes' }), ['PETIT_REDIS']);
});

test('the command line takes --strict, health, help and version, and nothing that would be ignored', () => {
  assert.deepEqual(parseArguments([]), { kind: 'run', strict: false });
  assert.deepEqual(parseArguments(['--strict']), { kind: 'run', strict: true });
  assert.deepEqual(parseArguments(['health']), { kind: 'health' });
  assert.deepEqual(parseArguments(['--version']), { kind: 'version' });
  assert.deepEqual(parseArguments(['--strict', '-h']), { kind: 'help' });
  for (const args of [['run'], ['--redis', 'x'], ['']]) {
    assert.throws(() => parseArguments(args), { code: 'BAD_REQUEST' });
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeInvitation,
  encodeInvitation,
  isLocalRedis,
  parseRedisSocket,
  type Invitation,
} from './join.js';
import { generateSigningKey } from './keys.js';

const INVITATION: Invitation = {
  v: 1,
  id: 'inv-1',
  secret: Buffer.alloc(32, 7).toString('base64url'),
  redis: { url: 'rediss://:hush@192.168.1.10:6379', ca: '-----BEGIN CERTIFICATE-----\n' },
  clusterKey: generateSigningKey().publicText,
};

test('a token is one line that reads back as the invitation, with blanks around it', () => {
  const token = encodeInvitation(INVITATION);
  assert.match(token, /^petit-join-1\.[A-Za-z0-9_-]+$/);
  assert.deepEqual(decodeInvitation(` ${token}\n`), INVITATION);
});

test('a token that is cut, altered or of another kind is refused, and not repeated', () => {
  const token = encodeInvitation(INVITATION);
  const damaged = [
    '',
    'petit-join-1.',
    token.slice(0, -10),
    token.replace('petit-join-1.', 'petit-join-9.'),
    `${token.slice(0, 60)}AAAA${token.slice(60)}`,
    `petit-join-1.${Buffer.from('{"v":1}').toString('base64url')}`,
    `petit-join-1.${Buffer.from(JSON.stringify({ ...INVITATION, more: 1 })).toString('base64url')}`,
  ];
  for (const text of damaged) {
    assert.throws(
      () => decodeInvitation(text),
      (error: unknown) => {
        assert.ok(error instanceof Error);
        return /not a whole invitation/.test(error.message) && !error.message.includes('eyJ');
      },
      text,
    );
  }
});

test('a socket of Redis may carry a user and a password, with escapes', () => {
  assert.deepEqual(parseRedisSocket('unix:/run/redis.sock'), {
    path: '/run/redis.sock',
    username: null,
    password: null,
  });
  assert.deepEqual(parseRedisSocket('unix:///run/redis.sock')?.path, '/run/redis.sock');
  assert.deepEqual(parseRedisSocket('unix://:p%2Fw%40@/run/r.sock'), {
    path: '/run/r.sock',
    username: null,
    password: 'p/w@',
  });
  assert.equal(parseRedisSocket('unix://petit:hush@/run/r.sock')?.username, 'petit');
  for (const text of ['unix:', 'unix:r.sock', 'unix://:a/b@/r', 'unix://:a%zz@/r', 'redis://h'])
    assert.equal(parseRedisSocket(text), null, text);
});

test('sockets and loopback are of use on one machine only', () => {
  for (const url of ['unix:/r', 'redis://127.0.0.1', 'redis://localhost:1', 'rediss://[::1]:6379'])
    assert.ok(isLocalRedis(url), url);
  for (const url of ['redis://cube1', 'redis://:x@10.0.0.1', 'redis://127.0.0.1.example.org', 'x'])
    assert.ok(!isLocalRedis(url), url);
});

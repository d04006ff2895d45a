import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RedisListening } from '@petit/store/shared';
import { judgeExposure } from './judge-exposure.js';

const OPEN: RedisListening = { bind: '* -::*', isProtected: false, asksPassword: false };

function judgeUrl(url: string, answersAnybody = false): readonly string[] {
  return judgeExposure({ doors: [{ url, answersAnybody }], listening: null });
}

function judgeListening(change: Partial<RedisListening>): readonly string[] {
  return judgeExposure({ doors: [], listening: { ...OPEN, ...change } });
}

test('attack 40: sockets and loopback need neither a password nor TLS', () => {
  const urls = [
    'unix:/run/redis/petit.sock',
    'redis://127.0.0.1:6379',
    'redis://127.0.1.1',
    'redis://localhost:6379',
    'redis://[::1]:6379',
  ];
  for (const url of urls) assert.deepEqual(judgeUrl(url, true), [], url);
});

test('attack 40: beyond loopback a missing password and missing TLS are each told, with what to do', () => {
  const both = judgeUrl('redis://192.168.1.10:6379', true);
  assert.equal(both.length, 2);
  assert.match(both[0] ?? '', /192\.168\.1\.10:6379 asks for no password.*requirepass/);
  assert.match(both[1] ?? '', /without TLS.*rediss:/);
  assert.deepEqual(judgeUrl('rediss://:secret@192.168.1.10:6379'), []);
  assert.equal(judgeUrl('redis://:secret@10.0.0.1:6379').length, 1);
  assert.equal(judgeUrl('rediss://cube1:6379').length, 1);
  assert.equal(judgeUrl('redis://127.0.0.1.example.org:6379').length, 2);
});

test('attack 40: a password that Redis does not ask for is no password', () => {
  assert.match(judgeUrl('rediss://:secret@10.0.0.1', true)[0] ?? '', /asks for no password/);
});

test('no message repeats a password', () => {
  const said = judgeUrl('redis://petit:hush@10.0.0.1:6379', true);
  assert.equal(said.length, 2);
  assert.doesNotMatch(said.join('\n'), /hush/);
});

test('attack 40: a Redis that itself listens for anybody is told, even when the leader uses its socket', () => {
  assert.match(judgeListening({})[0] ?? '', /listens on \*, ::\*.*requirepass/);
  assert.match(judgeListening({ bind: '' })[0] ?? '', /every address/);
  assert.match(judgeListening({ bind: '127.0.0.1 192.168.1.10' })[0] ?? '', /on 192\.168\.1\.10 /);
  assert.deepEqual(judgeListening({ bind: '127.0.0.1 -::1' }), []);
  assert.deepEqual(judgeListening({ isProtected: true }), []);
  assert.deepEqual(judgeListening({ asksPassword: true }), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForeignOrigin, isSentByOtherPage, isSentToLoopback } from './request-origin.js';

test('an origin is our own when host and port are those the browser asked for', () => {
  const host = 'petit.home:8565';
  assert.equal(isForeignOrigin({ host }), false, 'a program');
  assert.equal(isForeignOrigin({ host, origin: 'http://petit.home:8565' }), false);
  assert.equal(isForeignOrigin({ host: 'petit.home', origin: 'https://petit.home' }), false, 'TLS');
  assert.equal(isForeignOrigin({ host: 'Petit.Home', origin: 'http://petit.home' }), false);
  for (const origin of [
    'http://petit.home',
    'http://petit.home:8566',
    'http://evil.example:8565',
    'http://petit.home:8565.evil.example',
    'http://evil.example/petit.home:8565',
    'null',
    '',
    'petit.home:8565',
  ]) {
    assert.equal(isForeignOrigin({ host, origin }), true, origin);
  }
});

test('what another page makes the browser send is told from a followed link', () => {
  assert.equal(isSentBy('cross-site', 'no-cors'), true);
  assert.equal(isSentBy('same-site', 'cors'), true);
  assert.equal(isSentBy('same-origin', 'cors'), false);
  assert.equal(isSentBy('none', 'navigate'), false);
  assert.equal(isSentBy('cross-site', 'navigate'), false);
  assert.equal(isSentByOtherPage({}), false);
});

test('only a name that is always this machine’s own counts as it', () => {
  for (const host of ['127.0.0.1', '127.0.0.1:8565', 'localhost:8565', 'LocalHost', '[::1]:8565'])
    assert.equal(isSentToLoopback({ host }), true, host);
  const others = [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    '192.168.1.10:8565',
  ];
  for (const host of [...others, '0.0.0.0', '[::]', '', ':8565', 'x@y z'])
    assert.equal(isSentToLoopback({ host }), false, host);
  assert.equal(isSentToLoopback({}), false);
});

function isSentBy(site: string, mode: string): boolean {
  return isSentByOtherPage({ 'sec-fetch-site': site, 'sec-fetch-mode': mode });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPetitAddress, readableAddress } from './petit-address.js';

test('petit’s addresses are those below /api that are not ours below /api/v1', () => {
  for (const path of ['/api', '/api/', '/api/jobs', '/api/v10', '/api/v1x/jobs'])
    assert.ok(isPetitAddress(path), path);
  for (const path of [
    '/',
    '/api/v1',
    '/api/v1/',
    '/api/v1/jobs',
    '/apix',
    '/API/jobs',
    '//api/jobs',
  ])
    assert.ok(!isPetitAddress(path), path);
});

test('a name that cannot be decoded is taken as it stands; every other address stays as it is', () => {
  assert.equal(readableAddress('/api/jobs/%zz?limit=%zz'), '/api/jobs/%25zz?limit=%zz');
  assert.equal(readableAddress('/api/jobs/%ff/runs'), '/api/jobs/%25ff/runs');
  for (const url of [
    '/api/jobs/a%20b',
    '/api/jobs/100%25',
    '/api/v1/jobs/%zz',
    '/%zz',
    '/api/jobs?a=%',
  ])
    assert.equal(readableAddress(url), url);
});

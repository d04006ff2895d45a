import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notifySystemd } from './notify-systemd.js';

test('without a socket of systemd nothing is said, and a socket that is not there is no error', async () => {
  assert.equal(await notifySystemd('READY=1', { notifySocket: undefined }), false);
  assert.equal(await notifySystemd('READY=1', { notifySocket: '/nowhere/notify' }), false);
});

import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { catchOutput, contextFor, type RunOptions } from '../testing/run-in-test.fixture.js';
import { findCluster, type Cluster, type ClusterFlags } from './find-cluster.js';

interface Place {
  readonly home: string;
  readonly cwd: string;
  find(flags?: ClusterFlags, environment?: RunOptions['environment']): Cluster;
  write(path: string, content: unknown): string;
}

async function makePlace(t: TestContext): Promise<Place> {
  const temp = await makeTempDir();
  t.after(() => temp[Symbol.asyncDispose]());
  const home = join(temp.path, 'home');
  const cwd = join(temp.path, 'work', 'inner', 'deep');
  mkdirSync(home);
  mkdirSync(cwd, { recursive: true });
  return {
    home,
    cwd,
    find: (flags = {}, environment = {}) => {
      const output = catchOutput(false);
      const options = {
        cwd,
        environment: { XDG_CONFIG_HOME: join(home, '.config'), ...environment },
      };
      return findCluster(flags, {
        ...contextFor({ args: [], options, stdout: output, stderr: output }),
        home,
      });
    },
    write: (path, content) => {
      const whole = join(temp.path, path);
      mkdirSync(join(whole, '..'), { recursive: true });
      writeFileSync(whole, typeof content === 'string' ? content : JSON.stringify(content));
      return whole;
    },
  };
}

test('without anything it is this machine, and no token', async (t) => {
  const place = await makePlace(t);
  assert.deepEqual(place.find(), {
    server: 'http://127.0.0.1:8565',
    token: null,
    serverFrom: 'the default',
  });
});

test('flags come before variables, those before the nearest file, that before the configuration', async (t) => {
  const place = await makePlace(t);
  place.write('home/.config/petit/ctl.json', { server: 'http://config:1' });
  assert.equal(place.find().server, 'http://config:1');
  place.write('work/.petit/ctl.json', { server: 'http://outer:2' });
  assert.equal(place.find().server, 'http://outer:2');
  place.write('work/inner/.petit/ctl.json', { server: 'http://nearest:3' });
  assert.equal(place.find().server, 'http://nearest:3');
  const environment = { PETIT_SERVER: 'http://variable:4' };
  assert.equal(place.find({}, environment).server, 'http://variable:4');
  assert.equal(place.find({ server: 'http://flag:5' }, environment).server, 'http://flag:5');
});

test('the token of a file goes only to the address in that file', async (t) => {
  const place = await makePlace(t);
  place.write('work/.petit/leader/token', ' secret\n');
  place.write('work/.petit/ctl.json', { server: 'http://mine:1', tokenFile: 'leader/token' });
  assert.equal(place.find().token, 'secret');
  assert.equal(place.find({ server: 'http://mine:1/' }).token, 'secret');
  assert.equal(place.find({ server: 'http://other:1' }).token, null);
});

test('a token comes from a file that is named, or a variable, and never is a bare flag', async (t) => {
  const place = await makePlace(t);
  const path = place.write('token', 'from-file\n');
  assert.equal(place.find({ tokenFile: path }, { PETIT_TOKEN: 'x' }).token, 'from-file');
  assert.equal(place.find({}, { PETIT_TOKEN: 'plain', PETIT_TOKEN_FILE: path }).token, 'plain');
  assert.equal(place.find({}, { PETIT_TOKEN_FILE: path }).token, 'from-file');
  assert.throws(() => place.find({ tokenFile: '/nowhere' }), { code: 'BAD_SETTINGS' });
});

test('a file that others may write, or of an unknown form, is refused', async (t) => {
  const place = await makePlace(t);
  const path = place.write('work/.petit/ctl.json', {
    server: 'http://evil:1',
    tokenFile: '/home/me/token',
  });
  chmodSync(path, 0o666);
  assert.throws(() => place.find(), /others may write it; run: chmod go-w/);
  chmodSync(path, 0o644);
  assert.equal(place.find({}, { PETIT_TOKEN: 'x' }).server, 'http://evil:1');
  for (const content of [
    '{',
    '[]',
    '{"server":1}',
    '{"server":"http://a","token":"x"}',
    '{"server":"http://a","tokenFile":1}',
  ]) {
    place.write('work/.petit/ctl.json', content);
    assert.throws(() => place.find(), { code: 'BAD_SETTINGS' }, content);
  }
});

test('a file of another user is refused', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root, to make a file of another user');
  const place = await makePlace(t);
  const path = place.write('work/.petit/ctl.json', { server: 'http://evil:1' });
  chownSync(path, 12_345, 12_345);
  assert.throws(() => place.find(), /belongs to user 12345, not to you/);
});

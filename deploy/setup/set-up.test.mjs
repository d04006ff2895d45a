import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findProgram } from './find-program.mjs';
import { isInstalled } from './install-packages.mjs';
import { setUp } from './main.mjs';
import { isTooOld } from './on-this-node.mjs';
import { takeTool } from './tools.mjs';

test('Node 20.19 is the oldest that is accepted', () => {
  assert.deepEqual(['12.22.0', '18.20.4', '20.18.3'].map(isTooOld), [true, true, true]);
  assert.deepEqual(['20.19.0', '20.20.2', '22.0.0', '26.1.0'].map(isTooOld), [
    false,
    false,
    false,
    false,
  ]);
});

test('a tool that set-up does not know is refused with the list of those it does', async () => {
  await assert.rejects(setUp(['--with', 'cobol']), {
    expected: true,
    message: '--with "cobol": want python3, iproute2, systemd, chromium',
  });
});

test('a program is one that is a file and may be run', (t) => {
  const dir = temporary(t);
  mkdirSync(join(dir, 'first', 'tool'), { recursive: true });
  mkdirSync(join(dir, 'second'));
  writeFileSync(join(dir, 'second', 'tool'), '');
  const places = [join(dir, 'absent'), join(dir, 'first'), join(dir, 'second')];
  assert.equal(findProgram('tool', places), undefined);
  chmodSync(join(dir, 'second', 'tool'), 0o755);
  assert.equal(findProgram('tool', places), join(dir, 'second', 'tool'));
});

test('packages are installed when there are none, or when the lock file is newer and other', (t) => {
  const dir = temporary(t);
  const at = (name, second) => {
    writeFileSync(join(dir, name), '');
    utimesSync(join(dir, name), second, second);
  };
  const ask = () =>
    isInstalled({
      root: dir,
      lockPath: join(dir, 'package-lock.json'),
      stampPath: join(dir, 'stamp'),
      lock: 'abc',
    });
  at('package-lock.json', 1000);
  assert.equal(ask(), false, 'no packages');
  mkdirSync(join(dir, 'node_modules'));
  at('node_modules/.package-lock.json', 900);
  assert.equal(ask(), false, 'packages of an older lock file');
  at('node_modules/.package-lock.json', 1000);
  assert.equal(ask(), true, 'packages that npm wrote with the lock file');
  at('package-lock.json', 2000);
  writeFileSync(join(dir, 'stamp'), 'abc\n');
  assert.equal(ask(), true, 'a lock file with a new date and the same text');
});

test('where there is no apt, the message says which package to install', (t) => {
  const { PATH } = process.env;
  t.after(() => (process.env.PATH = PATH));
  process.env.PATH = '';
  const tool = { name: 'x', programs: ['no-such-program'], elsewhere: 'pkg-x (Arch: pacman -S x)' };
  assert.throws(() => takeTool(tool, temporary(t)), {
    expected: true,
    message: /^no-such-program is not in PATH\. Install it with .+'s packages: pkg-x \(Arch/,
  });
});

function temporary(t) {
  const dir = mkdtempSync(join(tmpdir(), 'petit-set-up-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
}

test('an npm that does not know a setting of .npmrc starts us without a word about it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'petit-npm-'));
  // An npm around us hands its settings down, over those of the file.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')),
  );
  const start = (settings) => {
    writeFileSync(join(directory, '.npmrc'), settings);
    return spawnSync('npm', ['start'], { cwd: directory, env, encoding: 'utf8' }).stderr;
  };
  try {
    const scripts = { start: 'true' };
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'a', scripts }));
    const ours = readFileSync(new URL('../../.npmrc', import.meta.url), 'utf8');
    // What `linked` is to an older npm.
    const older = ours.replace('install-strategy=linked', 'install-strategy=unheard-of');
    assert.notEqual(older, ours);
    assert.match(start(older.replace('loglevel=error', '')), /WARN|warn/, 'npm minds it');
    assert.equal(start(older), '');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import { acceptsNode } from './engine-range.mjs';

const root = new URL('../../', import.meta.url);
const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8'));
const entries = Object.entries(packages);

// What its script would do is not needed: esbuild's only replaces a start script by the binary, and
// msgpackr-extract is a faster path of msgpackr that is left out where it was not built.
const SCRIPTS_NOT_NEEDED = ['esbuild', 'msgpackr-extract'];

test('every package of the lock file runs on the oldest Node we promise', () => {
  const refusing = entries
    .filter(
      ([, { engines }]) => engines?.node !== undefined && !acceptsNode(engines.node, '20.19.0'),
    )
    .map(([path, { version, engines }]) => `${path} ${version} wants ${engines.node}`);
  assert.ok(entries.length > 100, `${entries.length} packages`);
  assert.deepEqual(refusing, []);
});

test('a package that wants a newer Node would be seen', () => {
  const wrong = ['>=22', '^22.1 || >=24', '>=20.20', '>20.19.0', '<20', '18', '22.x', '~20.18.0'];
  const right = [
    '>=20',
    '^20.17 || >=22',
    '>= 14',
    '*',
    '20',
    '20.x',
    '>=14 <23',
    '~20.19.0',
    '^20',
  ];
  assert.deepEqual(
    wrong.filter((range) => acceptsNode(range, '20.19.0')),
    [],
  );
  assert.deepEqual(
    right.filter((range) => !acceptsNode(range, '20.19.0')),
    [],
  );
  assert.throws(() => acceptsNode('latest', '20.19.0'), /"latest" is no range/);
});

test('no package needs its install script, so none is ever run', () => {
  const withScript = entries
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.replace(/.*node_modules\//, ''));
  assert.deepEqual(withScript.sort(), SCRIPTS_NOT_NEEDED);
  assert.match(readFileSync(new URL('.npmrc', root), 'utf8'), /^ignore-scripts=true$/m);
  assert.equal(transformSync('let x: number = 1', { loader: 'ts' }).code, 'let x = 1;\n');
});

test('the lock file names packages and their sums, and no address to fetch them from', () => {
  const fetched = entries.filter(([path]) => path.includes('node_modules/'));
  const withAddress = fetched.filter(([, { resolved, link }]) => !link && resolved !== undefined);
  const withoutSum = fetched.filter(([, { integrity, link }]) => !link && integrity === undefined);
  assert.deepEqual(
    withAddress.map(([path]) => path),
    [],
  );
  assert.deepEqual(
    withoutSum.map(([path]) => path),
    [],
  );
});

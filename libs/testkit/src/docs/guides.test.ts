import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { guideLines } from './read-guide.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

test('what a guide says of redis.conf stands there, to be uncommented', () => {
  const text = readFileSync(join(ROOT, 'deploy/redis.conf'), 'utf8');
  for (const line of guideLines('add-a-board', 'conf'))
    assert.ok(text.includes(`\n# ${line}\n`), line);
});

test('every message that the guide explains is one that a program gives', () => {
  const page = readFileSync(join(ROOT, 'docs/guide/add-a-board.md'), 'utf8');
  const cells = [...page.matchAll(/^\| (`.*?) +\|/gm)].map(([, cell = '']) => cell);
  const messages = cells
    .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, said = '']) => said))
    // What is behind a colon there is Node's to say.
    .map((said) => said.replace(/ …?: ?connect .*| at …: .*/, '').trim())
    .filter((said) => !/^(…|connect|E[A-Z]+)/.test(said));
  assert.ok(messages.length >= 8, messages.join('\n'));
  const sources = ['apps', 'libs'].flatMap((top) => sourcesBelow(join(ROOT, top))).join('\n');
  for (const message of messages) assert.ok(sources.includes(message), message);
});

test('a block that is not there is an error, and replacements reach every line', () => {
  assert.throws(() => guideLines('add-a-board', 'python'), /has no block of python/);
  const [first] = guideLines('add-a-board', 'conf', { '192.168.1.10': '10.0.0.1' });
  assert.equal(first, 'bind 127.0.0.1 10.0.0.1');
});

function sourcesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      return ['node_modules', 'dist'].includes(entry.name) ? [] : sourcesBelow(path);
    }
    return /(?<!\.test|\.fixture)\.ts$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

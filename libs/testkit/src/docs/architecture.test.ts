import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');

function sourcesBelow(directory: string): string[] {
  return readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|pl|pm)$/.test(path) && !/\.(test|fixture|d)\.ts$/.test(path))
    .filter((path) => !/(^|\/)(dist|node_modules)\//.test(path))
    .map((path) => readFileSync(join(ROOT, directory, path), 'utf8'));
}

test('the picture of the house names every package there is, and no other', () => {
  for (const name of [...readdirSync(join(ROOT, 'libs')), ...readdirSync(join(ROOT, 'apps'))]) {
    assert.match(text, new RegExp(`\\b${name}\\b`), `docs/architecture.md does not name ${name}`);
  }
  const table = [...text.matchAll(/^\| `([a-z]+)` +\|/gm)].map((match) => match[1]);
  const libs = readdirSync(join(ROOT, 'libs')).toSorted(byText);
  assert.deepEqual(table.filter((name) => libs.includes(String(name))).toSorted(byText), libs);
});

test('every folder of the leader is in the table of its parts', () => {
  const folders = readdirSync(join(ROOT, 'apps/leader/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'crash')
    .map(({ name }) => name);
  const inside = text.slice(text.indexOf('## Inside the leader'));
  assert.deepEqual(
    folders.filter((name) => !inside.includes(`\`${name}/\``)),
    [],
  );
});

test('every reason that can be told is told by some code', () => {
  const tokens = readFileSync(join(ROOT, 'libs/model/src/run/reason.ts'), 'utf8');
  const [, list = ''] = /REASON_TOKENS = \[([^\]]*)\]/.exec(tokens) ?? [];
  const names = [...list.matchAll(/'([a-z_]+)'/g)].map((match) => String(match[1]));
  assert.ok(names.length > 20);
  const sources = [...sourcesBelow('apps'), ...sourcesBelow('libs')].filter(
    (source) => !source.includes('REASON_TOKENS = ['),
  );
  const untold = names.filter((name) => !sources.some((source) => source.includes(`'${name}'`)));
  assert.deepEqual(untold, []);
});

test('every failpoint of the code is at a boundary in the document, and every one there is in the code', () => {
  const sources = [...sourcesBelow('apps/leader/src'), ...sourcesBelow('apps/worker/src')].join(
    '\n',
  );
  const inCode = new Set(
    [...sources.matchAll(/failpoint\('((?:leader|worker)\.[a-z_]+)'/g)].map((match) => match[1]),
  );
  const inText = new Set(
    [...text.matchAll(/`((?:leader|worker)\.(?!ts`)[a-z_]+)`/g)].map((match) => match[1]),
  );
  assert.deepEqual([...inText].toSorted(byText), [...inCode].toSorted(byText));
});

test('every key of Redis is in the document', () => {
  const keys = readFileSync(join(ROOT, 'libs/store/src/shared/keys.ts'), 'utf8');
  const names = [...keys.matchAll(/key\([`']([a-z-]+)/g)].map((match) => String(match[1]));
  const channels = ['beats', 'arrivals', 'standbys', 'nudge', 'log-chunks'];
  for (const name of names.filter((each) => !channels.includes(each))) {
    assert.match(
      text,
      new RegExp('`' + name),
      `docs/architecture.md does not name the key ${name}`,
    );
  }
});

test('every file and record that the document links to is there', () => {
  for (const [, link] of text.matchAll(/\]\(([^)]+\.md)\)/g)) {
    assert.doesNotThrow(() => readFileSync(join(ROOT, 'docs', String(link))), String(link));
  }
});

function byText(a: unknown, b: unknown): number {
  return String(a) < String(b) ? -1 : 1;
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RELEASED_AT, VERSION } from './version.js';

const CHANGELOG = readFileSync(new URL('../../../CHANGELOG.md', import.meta.url), 'utf8');

/** The versions of the changelog with their dates, the newest first. */
function datedVersions(text: string): readonly { readonly version: string; readonly at: number }[] {
  return [...text.matchAll(/^## \[?(\d[^\]\s]*)\]? - (\d{4}-\d\d-\d\d)$/gm)].map(
    ([, version = '', date = '']) => ({ version, at: Date.parse(`${date}T00:00:00Z`) }),
  );
}

/** Why a version may not claim to be made at an instant, by the changelog; null when it may. */
function lieAbout(version: string, releasedAt: number, changelog: string): string | null {
  const dated = datedVersions(changelog);
  const own = dated.find((one) => one.version === version);
  if (own !== undefined && own.at !== releasedAt)
    return `CHANGELOG.md says that ${version} is of ${new Date(own.at).toISOString()}`;
  const newest = dated[0];
  if (own === undefined && newest !== undefined && releasedAt < newest.at)
    return `${newest.version} was released after it`;
  if (releasedAt > Date.now()) return 'it is in the future: every clock would be held';
  return releasedAt % 86_400_000 === 0 ? null : 'it is not the beginning of a day';
}

test('the version is that of the package', () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  assert.equal((JSON.parse(text) as { version: string }).version, VERSION);
});

test('the date of this version is that of the changelog, and not in the future', () => {
  assert.equal(lieAbout(VERSION, RELEASED_AT, CHANGELOG), null);
});

test('a date that was forgotten at a release, or lies in the future, is noticed', () => {
  const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
  const released = '# Changelog\n\n## 0.2.0 - 2026-12-24\n\n## 0.1.0 - 2026-11-30\n';
  assert.match(String(lieAbout('0.2.0', day('2026-11-24'), released)), /0.2.0 is of 2026-12-24/);
  assert.match(String(lieAbout('0.3.0', day('2026-11-24'), released)), /0.2.0 was released after/);
  assert.match(String(lieAbout('0.3.0', day('2999-01-01'), '')), /in the future/);
  assert.match(String(lieAbout('0.1.0', day('2026-11-24') + 1, '')), /beginning of a day/);
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { oracleTicks, readWalls, wallReader, oracleTicksIn } from './index.fixture.js';

const SOURCES = new URL('../../src/oracle/', import.meta.url);

function lines(question: Parameters<typeof oracleTicks>[0]): readonly string[] {
  return oracleTicks(question).map(
    (tick) =>
      `${new Date(tick.at).toISOString().slice(0, 19)}Z ${tick.wall} ${tick.offsetMinutes} ${tick.adjusted ?? '-'}`,
  );
}

test('the oracle shares no code with what it judges: its files import one another and nothing else', () => {
  const names = readdirSync(SOURCES).filter((name) => name.endsWith('.fixture.ts'));
  assert.ok(names.length >= 4);
  for (const name of names) {
    const text = readFileSync(new URL(name, SOURCES), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/\bfrom '([^']+)'|\bimport\(/g)) {
      assert.equal(specifier, `./${basename(specifier)}`, name);
      assert.ok(
        names.includes(specifier.slice(2).replace(/\.js$/, '.ts')),
        `${name}: ${specifier}`,
      );
    }
  }
});

test('the oracle goes through a gap and a repeated hour as a person would with a calendar', () => {
  const night = { zone: 'Europe/Berlin', text: '30 2 * * *' };
  const spring = { after: Date.UTC(2026, 2, 28, 12), until: Date.UTC(2026, 2, 30, 12) };
  const autumn = { after: Date.UTC(2026, 9, 24, 12), until: Date.UTC(2026, 9, 26, 12) };
  assert.deepEqual(lines({ ...night, ...spring }), [
    '2026-03-29T01:00:00Z 2026-03-29T02:30:00 120 gap',
    '2026-03-30T00:30:00Z 2026-03-30T02:30:00 120 -',
  ]);
  assert.deepEqual(lines({ ...night, ...spring, dst: { gap: 'skip' } }), [
    '2026-03-30T00:30:00Z 2026-03-30T02:30:00 120 -',
  ]);
  assert.deepEqual(lines({ ...night, ...autumn, dst: { overlap: 'both' } }), [
    '2026-10-25T00:30:00Z 2026-10-25T02:30:00 120 overlap_first',
    '2026-10-25T01:30:00Z 2026-10-25T02:30:00 60 overlap_last',
    '2026-10-26T01:30:00Z 2026-10-26T02:30:00 60 -',
  ]);
});

test('the oracle steps by seconds where the pattern or the zone needs it', () => {
  const spring = {
    after: Date.UTC(2026, 2, 29, 0, 59, 30),
    until: Date.UTC(2026, 2, 29, 1, 0, 20),
  };
  assert.deepEqual(lines({ zone: 'Europe/Berlin', text: '*/20 59,0 1-3 * * *', ...spring }), [
    '2026-03-29T00:59:40Z 2026-03-29T01:59:40 60 -',
    '2026-03-29T01:00:00Z 2026-03-29T03:00:00 120 -',
    '2026-03-29T01:00:20Z 2026-03-29T03:00:20 120 -',
  ]);
  const liberia = { after: Date.UTC(1972, 0, 6, 12), until: Date.UTC(1972, 0, 7, 12) };
  assert.deepEqual(lines({ zone: 'Africa/Monrovia', text: '30 0 * * *', ...liberia }), [
    '1972-01-07T00:44:30Z 1972-01-07T00:30:00 0 gap',
  ]);
});

test('the oracle knows the words with @, its range is open before and closed behind, and it knows no H', () => {
  const noon = Date.UTC(2026, 5, 1, 12);
  const hour = { zone: 'UTC', after: noon, until: noon + 3_600_000 };
  const wallsOf = (text: string): readonly string[] =>
    oracleTicks({ ...hour, text }).map(({ wall }) => wall.slice(11));
  assert.deepEqual(wallsOf('@every 25m'), ['12:05:00', '12:30:00', '12:55:00']);
  assert.deepEqual(wallsOf('@every 30m'), ['12:30:00', '13:00:00']);
  assert.deepEqual(wallsOf('@hourly'), ['13:00:00']);
  assert.deepEqual(wallsOf('@at 2026-06-01T14:10:00+02:00'), ['12:10:00']);
  assert.deepEqual(wallsOf('@at 2026-06-01T12:00:00Z'), []);
  assert.throws(() => wallsOf('0 H * * *'), /knows no H/);
  assert.deepEqual(wallsOf('0 13 * * THU,mon'), ['13:00:00']);
});

test('a long time in pieces is the same as in one, and a year has as many ticks as hours', () => {
  const year = { after: Date.UTC(2025, 11, 31, 23), until: Date.UTC(2026, 11, 31, 23) };
  const zone = 'Europe/Berlin';
  assert.equal(oracleTicks({ zone, text: '@hourly', ...year }).length, 8_760);
  const walls = readWalls(wallReader(zone), {
    fromAt: year.after - 86_400_000,
    untilAt: year.until + 86_400_000,
    stepMs: 60_000,
  });
  const question = { text: '30 2 * * *', ...year };
  assert.deepEqual(oracleTicksIn(walls, question), oracleTicks({ zone, ...question }));
  assert.equal(oracleTicksIn(walls, question).length, 365);
});

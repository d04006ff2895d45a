import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { CRON_FIELDS } from './cron/field.js';
import type { DstOptions } from './dst-policy.js';
import { oracleTicks, type OracleTick } from './oracle/index.fixture.js';
import { parseSchedule } from './parse-schedule.js';
import { ticksBetween } from './tick/next-tick.js';
import type { Tick } from './tick/tick.js';

const PAGE = readFileSync(new URL('../../../docs/reference/schedules.md', import.meta.url), 'utf8');

/** The cells of every row of the tables below a heading, those with the column names left out. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  assert.ok(section !== undefined, `no section "${heading}"`);
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What stands between the first two backticks of a cell. */
function codeIn(cell: string | undefined): string {
  return /`([^`]*)`/.exec(cell ?? '')?.[1] ?? '';
}

function ticksOf(
  text: string,
  asked: { readonly zone: string; readonly dst: DstOptions; readonly limit: number } & Range,
): readonly Tick[] {
  const parsed = parseSchedule(text, { zone: asked.zone, jobId: 'job', dst: asked.dst });
  assert.ok(parsed.ok, `"${text}" should be read`);
  return ticksBetween(parsed.schedule, asked);
}

interface Range {
  readonly after: number;
  readonly until: number;
}

suite('the page of schedules: examples', () => {
  const rows = rowsBelow('Examples');
  assert.ok(rows.length >= 15);
  for (const [schedule, zone = '', due = ''] of rows) {
    const text = codeIn(schedule);
    test(`"${text}" in ${zone}`, () => {
      // The beginning of the year there, to the day; nothing is due in between.
      const after = Date.UTC(2025, 11, 31, 23, 59, 59) - offsetAt(zone);
      const walls = due.split(', ');
      const range = { after, until: Date.UTC(2040, 0, 1), limit: walls.length };
      const ticks = ticksOf(text, { zone, dst: {}, ...range }).filter(({ wall }) => wall > '2026');
      assert.deepEqual(
        ticks.map(({ wall }) => wall),
        walls,
      );
      const until = Math.min(ticks.at(-1)?.at ?? 0, after + 15 * 86_400_000);
      const expected = oracleTicks({ text, zone, after, until });
      assert.deepEqual(
        expected.map(({ wall }) => wall),
        walls.slice(0, expected.length),
      );
    });
  }
});

/** How far the wall of a zone is ahead of UTC at the beginning of 2026. */
function offsetAt(zone: string): number {
  const [tick] = ticksOf('@at 2026-01-01T00:00:00Z', { zone, dst: {}, ...ALWAYS });
  return (tick?.offsetMinutes ?? 0) * 60_000;
}

const ALWAYS = { after: 0, until: Date.UTC(2040, 0, 1), limit: 1 };

suite('the page of schedules: two nights', () => {
  const rows = rowsBelow('When clocks change').filter((row) => row.length === 4 && row[2] !== '');
  const nights = rows.filter(([, , due = '']) => /Z|none/.test(due));
  assert.ok(nights.length >= 12);
  nights.forEach(([schedule, options, due = '', times = ''], index) => {
    const text = codeIn(schedule);
    test(`"${text}" ${options}, row ${index + 1}`, () => {
      const spring = index < 8;
      const noon = spring ? Date.UTC(2026, 2, 28, 12) : Date.UTC(2026, 9, 24, 12);
      const asked = {
        zone: 'Europe/Berlin',
        dst: dstOf(codeIn(options)),
        after: noon,
        until: noon + 86_400_000,
      };
      const ticks = ticksOf(text, { ...asked, limit: 50 });
      assert.deepEqual(ticks.map(instantOf), due === 'none' ? [] : due.split(', '));
      assert.deepEqual(ticks.map(timeOf), times === '' ? [] : times.split(', '));
      assert.deepEqual(oracleTicks({ text, ...asked }).map(timeOf), ticks.map(timeOf));
    });
  });
});

function dstOf(text: string): DstOptions {
  const [key, value] = text.split(': ');
  if (key === 'gap' && (value === 'skip' || value === 'run_once')) return { gap: value };
  if (key === 'overlap' && (value === 'last' || value === 'both')) return { overlap: value };
  assert.equal(text, '');
  return {};
}

function instantOf({ at }: Tick): string {
  return new Date(at).toISOString().replace('.000', '');
}

function timeOf({ wall, adjusted }: Tick | OracleTick): string {
  return adjusted === null ? wall.slice(11, 16) : `${wall.slice(11, 16)} (${adjusted})`;
}

test('the page of schedules: what it says is refused is refused', () => {
  const line = /^(.*) are refused, because no date fits them/m.exec(PAGE)?.[1] ?? '';
  const texts = [...line.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
  assert.equal(texts.length, 3);
  for (const text of texts) {
    const parsed = parseSchedule(text, { zone: null, jobId: 'job' });
    assert.ok(!parsed.ok && parsed.problems[0]?.message.includes('never fires'), text);
  }
});

test('the page of schedules: every item and every word in its tables is taken, words as what they stand for', () => {
  const rows = rowsBelow('The text');
  assert.ok(rows.length >= 18);
  const days = /^(L|\d+W)/;
  const weekdays = /^[A-Z]{3}/;
  const next = (text: string): number | undefined =>
    ticksOf(text, { zone: 'UTC', dst: {}, ...ALWAYS, after: Date.UTC(2026, 0, 1) })[0]?.at;
  for (const [cell = '', means = ''] of rows) {
    for (const [, item = ''] of cell.matchAll(/`([^`]+)`/g)) {
      if (item.startsWith('@')) {
        const pattern = codeIn(means);
        assert.ok(next(item) !== undefined, item);
        if (/^@(every|at)/.test(item)) continue;
        assert.equal(next(item), next(pattern), item);
      } else if (weekdays.test(item)) next(`0 0 * * ${item}`);
      else if (days.test(item) || item === '?') next(`0 0 ${item} * *`);
      else next(`${item} * * * *`);
    }
  }
});

test('the page of schedules: the fields and their values are those of the code', () => {
  for (const { label, min, max } of Object.values(CRON_FIELDS))
    assert.match(PAGE, new RegExp(`^\\| ${label} +\\| ${min}-${max}\\b`, 'm'));
});

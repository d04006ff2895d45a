import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTable, type Column } from './table.js';
import { textWidth } from './text-width.js';

const COLUMNS: readonly Column[] = [
  { title: 'JOB' },
  { title: 'TOOK', align: 'right' },
  { title: 'NOTE', givesWay: 1 },
];

function lines(rows: readonly string[][], width: number | null): readonly string[] {
  return renderTable({ columns: COLUMNS, rows, width, paintTitle: (text) => text });
}

test('columns are as wide as their widest cell and lines have no blanks at the end', () => {
  assert.deepEqual(
    lines(
      [
        ['世界', '1.0 s', ''],
        ['hello', '12 s', 'a note'],
      ],
      null,
    ),
    ['JOB     TOOK  NOTE', '世界   1.0 s', 'hello   12 s  a note'],
  );
});

test('only columns that may be cut give way to a narrow terminal', () => {
  const rows = [['a-long-job-name', '1.0 s', 'x'.repeat(60)]];
  for (const line of lines(rows, 40)) assert.ok(textWidth(line) <= 40, line);
  assert.match(lines(rows, 40)[1] ?? '', /^a-long-job-name  1.0 s  x+…$/);
  assert.match(lines(rows, 5)[1] ?? '', /a-long-job-name  1.0 s  x{7}…$/);
});

test('of two columns the one with the higher number gives way first, down to eight', () => {
  const columns = [
    { title: 'A', givesWay: 1 },
    { title: 'B', givesWay: 2 },
  ];
  const rows = [['a'.repeat(20), 'b'.repeat(20)]];
  const cut = (width: number): string | undefined =>
    renderTable({ columns, rows, width, paintTitle: (text) => text })[1];
  assert.equal(cut(40), `${'a'.repeat(20)}  ${'b'.repeat(17)}…`);
  assert.equal(cut(25), `${'a'.repeat(14)}…  ${'b'.repeat(7)}…`);
});

test('colours do not count as width', () => {
  const [, row] = renderTable({
    columns: [{ title: 'A' }, { title: 'B' }],
    rows: [[{ text: 'ok', paint: (text) => `\u001b[32m${text}\u001b[39m` }, 'x']],
    width: null,
    paintTitle: (text) => text,
  });
  assert.equal(row, '\u001b[32mok\u001b[39m  x');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTable, type Column } from './table.js';
import { textWidth } from './text-width.js';

const COLUMNS: readonly Column[] = [
  { title: 'JOB' },
  { title: 'TOOK', align: 'right' },
  { title: 'NOTE', flexible: true },
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

test('only flexible columns give way to a narrow terminal', () => {
  const rows = [['a-long-job-name', '1.0 s', 'x'.repeat(60)]];
  for (const line of lines(rows, 40)) assert.ok(textWidth(line) <= 40, line);
  assert.match(lines(rows, 40)[1] ?? '', /^a-long-job-name  1.0 s  x+…$/);
  assert.match(lines(rows, 5)[1] ?? '', /a-long-job-name  1.0 s  x{7}…$/);
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

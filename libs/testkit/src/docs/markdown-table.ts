/**
 * A Markdown table, its columns filled up with blanks as the formatter has them. A bar in a cell is written so that it
 * does not end the cell.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const [first = [], ...others] = cells;
  const rule = widths.map((width) => '-'.repeat(width));
  const lines = [first, rule, ...others].map(
    (row) => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`,
  );
  return `${lines.join('\n')}\n`;
}

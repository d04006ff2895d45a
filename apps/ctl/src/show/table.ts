import type { Paint } from './palette.js';
import { cutToWidth, textWidth } from './text-width.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** May be cut when the table is wider than the terminal: columns with a higher number give way first. */
  readonly givesWay?: number;
}

/** Text that is already safe to show, and the colour it gets once it has its width. */
export interface Cell {
  readonly text: string;
  readonly paint?: Paint;
}

export interface TableOptions {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (Cell | string)[])[];
  /** Width of the terminal; null does not cut. */
  readonly width: number | null;
  readonly paintTitle: Paint;
}

const GAP = '  ';
const LEAST_CUT_WIDTH = 8;

/** A table as lines without a frame; columns are as wide as they need, and some give way to the terminal. */
export function renderTable(options: TableOptions): readonly string[] {
  const titles = options.columns.map(({ title }): Cell => ({
    text: title,
    paint: options.paintTitle,
  }));
  const rows = [titles, ...options.rows.map((row) => row.map(asCell))];
  const widths = fitWidths(options, rows);
  return rows.map((row) =>
    row
      .map((cell, at) => renderCell(cell, options.columns[at], widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

function asCell(cell: Cell | string): Cell {
  return typeof cell === 'string' ? { text: cell } : cell;
}

function fitWidths(options: TableOptions, rows: readonly (readonly Cell[])[]): readonly number[] {
  const widths = options.columns.map((_, at) =>
    Math.max(...rows.map((row) => textWidth(row[at]?.text ?? ''))),
  );
  if (options.width === null) return widths;
  let over =
    widths.reduce((sum, width) => sum + width, 0) +
    GAP.length * (widths.length - 1) -
    options.width;
  while (over > 0) {
    const cut = nextToGiveWay(options.columns, widths);
    if (cut === null) break;
    widths[cut] = (widths[cut] ?? 0) - 1;
    over--;
  }
  return widths;
}

/** Of the columns that give way first and can, the widest. */
function nextToGiveWay(columns: readonly Column[], widths: readonly number[]): number | null {
  let found: number | null = null;
  for (const [at, { givesWay = 0 }] of columns.entries()) {
    const width = widths[at] ?? 0;
    if (givesWay === 0 || width <= LEAST_CUT_WIDTH) continue;
    const rank = givesWay - (found === null ? 0 : (columns[found]?.givesWay ?? 0));
    if (rank > 0 || (rank === 0 && width > (widths[found ?? at] ?? 0))) found = at;
  }
  return found;
}

function renderCell(cell: Cell, column: Column | undefined, width: number): string {
  const text = cutToWidth(cell.text, width);
  const painted = cell.paint === undefined ? text : cell.paint(text);
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return column?.align === 'right' ? space + painted : painted + space;
}

import type { NextTicksView } from '@petit/protocol';
import type { Screen } from './screen.js';
import { renderTable } from './table.js';
import { relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';

/** The next due instants as lines, the nearest first; times are those of each schedule's own zone. */
export function showTicks({ ticks }: NextTicksView, screen: Screen): readonly string[] {
  const { palette, width, now } = screen;
  if (ticks.length === 0) return [palette.dim('nothing is scheduled')];
  return renderTable({
    columns: [{ title: 'DUE' }, { title: 'ON THE WALL' }, { title: 'ZONE' }, { title: 'JOB' }],
    rows: ticks.map(({ at, wall, zone, jobId }) => [
      relativeText(at, now),
      visibleLine(wall.replace('T', ' ')),
      { text: visibleLine(zone), paint: palette.dim },
      { text: jobId, paint: palette.bold },
    ]),
    width,
    paintTitle: palette.dim,
  });
}

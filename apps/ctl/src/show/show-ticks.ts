import type { NextTicksView } from '@petit/protocol';
import { adjustmentText } from './clock-change-text.js';
import type { Screen } from './screen.js';
import { renderTable } from './table.js';
import { relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';
import { wallDayText, zoneWord } from './zone-text.js';

/** The next due instants as lines, the nearest first; times are those of each schedule's own zone. */
export function showTicks({ ticks }: NextTicksView, screen: Screen): readonly string[] {
  const { palette, width, now } = screen;
  if (ticks.length === 0) return [palette.dim('nothing is scheduled')];
  const adjusted = ticks.some((tick) => tick.adjusted !== null);
  return renderTable({
    columns: [
      { title: 'DUE' },
      { title: 'ON THE WALL' },
      { title: 'ZONE' },
      { title: 'JOB' },
      ...(adjusted ? [{ title: 'CLOCKS', givesWay: 1 }] : []),
    ],
    rows: ticks.map((tick) => [
      relativeText(tick.at, now),
      `${wallDayText(tick.at, tick.offsetMinutes)} ${zoneWord(tick.zone, tick.at, tick.offsetMinutes)}`,
      { text: visibleLine(tick.zone), paint: palette.dim },
      { text: tick.jobId, paint: palette.bold },
      ...(adjusted
        ? [{ text: visibleLine(adjustmentText(tick.adjusted, tick.wall)), paint: palette.yellow }]
        : []),
    ]),
    width,
    paintTitle: palette.dim,
  });
}

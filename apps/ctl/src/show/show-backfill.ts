import type { BackfillTickView, BackfillView } from '@petit/protocol';
import { adjustmentText } from './clock-change-text.js';
import type { Screen } from './screen.js';
import { shortId } from './show-runs.js';
import { renderTable, type Cell } from './table.js';
import { clockText } from './time-text.js';
import { visibleLine } from './visible-text.js';
import { wrapText } from './wrap-text.js';
import { wallDayText, zoneText } from './zone-text.js';

/** A backfill as lines: a tick each where it is a plan, then how many of each kind. */
export function showBackfill(view: BackfillView, screen: Screen): readonly string[] {
  const { palette, width } = screen;
  if (view.ticks.length === 0)
    return [palette.dim(`${view.jobId} was not due between these instants`)];
  const table = view.dryRun ? [...tickTable(view, screen), ''] : [];
  const sentences = summary(view, screen).flatMap((text) => wrapText(text, width, '  '));
  return [...table, ...sentences];
}

function tickTable({ ticks }: BackfillView, { palette, width, now }: Screen): readonly string[] {
  const adjusted = ticks.some((tick) => tick.adjusted !== null);
  return renderTable({
    columns: [
      { title: 'UTC' },
      { title: 'ON THE WALL' },
      { title: 'ZONE' },
      ...(adjusted ? [{ title: 'CLOCKS', givesWay: 2 }] : []),
      { title: 'WAS', givesWay: 1 },
      { title: 'NOW', givesWay: 3 },
    ],
    rows: ticks.map((tick) => [
      { text: wallDayText(tick.at, 0).slice(4), paint: palette.dim },
      wallDayText(tick.at, tick.offsetMinutes),
      { text: visibleLine(zoneText(tick.zone, tick.at, tick.offsetMinutes)), paint: palette.dim },
      ...(adjusted
        ? [{ text: adjustmentText(tick.adjusted, tick.wall), paint: palette.yellow }]
        : []),
      { text: tick.outcome ?? 'no record', paint: palette.dim },
      whatCell(tick, { palette, now }),
    ]),
    width,
    paintTitle: palette.dim,
  });
}

function whatCell(
  { what, runId, releaseAt }: BackfillTickView,
  { palette, now }: Pick<Screen, 'palette' | 'now'>,
): Cell {
  const run = runId === null ? '' : ` ${shortId(runId)}`;
  switch (what) {
    case 'start':
      return { text: `run at ${clockText(releaseAt ?? now, now)}`, paint: palette.green };
    case 'ran':
      return { text: `left, it ran:${run}`, paint: palette.dim };
    case 'backfilled':
      return { text: `left, backfilled:${run}`, paint: palette.dim };
    case 'undecided':
      return { text: 'left, not decided yet', paint: palette.yellow };
    default:
      return what satisfies never;
  }
}

function summary(
  { ticks, dryRun, jobId }: BackfillView,
  { palette, now }: Screen,
): readonly string[] {
  const count = (what: BackfillTickView['what']): number =>
    ticks.filter((tick) => tick.what === what).length;
  const started = ticks.filter(({ what }) => what === 'start');
  const [starts, ran, backfilled] = [started.length, count('ran'), count('backfilled')];
  const undecided = count('undecided');
  const last = started.at(-1)?.releaseAt ?? null;
  const until =
    last === null || starts === 1 ? '' : `, the last released at ${clockText(last, now)}`;
  const verb = dryRun ? 'would be created' : starts === 1 ? 'was created' : 'were created';
  return [
    starts === 0
      ? `No run ${dryRun ? 'would be' : 'was'} created.`
      : `${palette.bold(runs(starts))} of ${jobId} ${verb}${until}.`,
    ...about(ran, {
      one: '1 tick ran in its time and is left; --again runs it too.',
      many: `${ran} ticks ran in their time and are left; --again runs them too.`,
    }),
    ...about(backfilled, {
      one: '1 tick was backfilled before and is left; --again runs it once more.',
      many: `${backfilled} ticks were backfilled before and are left; --again runs them once more.`,
    }),
    ...about(undecided, {
      one: '1 tick is not decided yet, as of a paused job: a resume decides it.',
      many: `${undecided} ticks are not decided yet, as of a paused job: a resume decides them.`,
    }),
  ];
}

function runs(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

/** What there is to say about so many ticks; nothing about none. */
function about(
  count: number,
  said: { readonly one: string; readonly many: string },
): readonly string[] {
  if (count === 0) return [];
  return [count === 1 ? said.one : said.many];
}

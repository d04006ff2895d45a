import type { CatchupView, HeldDecisionView, HeldScheduleView } from '@petit/protocol';
import { pauseSentence } from './pause-text.js';
import type { Screen } from './screen.js';
import { shortId } from './show-runs.js';
import { renderTable } from './table.js';
import { clockText, durationText, relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';
import { wrapText } from './wrap-text.js';

/** What waits to be caught up as lines, and what a resume would decide about what a pause holds. */
export function showCatchup(view: CatchupView, screen: Screen): readonly string[] {
  const { palette } = screen;
  const { releases, held, dryRun, releaseEveryMs, moreHeld } = view;
  if (releases.length === 0 && held.length === 0)
    return [palette.dim('nothing waits to be caught up')];
  const title = dryRun
    ? waitTitle(releases.length, durationText(releaseEveryMs))
    : releasedTitle(releases.length);
  return [
    ...(releases.length === 0
      ? []
      : [...wrapText(title, screen.width), ...releaseTable(view, screen)]),
    ...held.flatMap((one, index) => [
      ...(index === 0 && releases.length === 0 ? [] : ['']),
      ...heldLines(one, screen),
    ]),
    ...(moreHeld === 0
      ? []
      : [
          '',
          palette.dim(`and ${moreHeld} more schedules that are held; name a job to see its own`),
        ]),
  ];
}

function releaseTable(
  { releases, dryRun }: CatchupView,
  { palette, width, now }: Screen,
): readonly string[] {
  return renderTable({
    columns: [
      ...(dryRun ? [{ title: 'RELEASE' }] : []),
      { title: 'JOB' },
      { title: 'TICK' },
      { title: 'RUN' },
      ...(dryRun ? [{ title: 'WHY', givesWay: 1 }] : []),
    ],
    rows: releases.map(({ releaseAt, jobId, trigger, runId, reason }) => [
      ...(dryRun ? [`${clockText(releaseAt, now)} (${relativeText(releaseAt, now)})`] : []),
      { text: jobId, paint: palette.bold },
      'wall' in trigger ? visibleLine(`${trigger.wall.replace('T', ' ')} ${trigger.zone}`) : '',
      shortId(runId),
      ...(dryRun ? [{ text: visibleLine(reason?.text ?? ''), paint: palette.dim }] : []),
    ]),
    width,
    paintTitle: palette.dim,
  });
}

function heldLines(held: HeldScheduleView, screen: Screen): readonly string[] {
  const { palette, now, width } = screen;
  const since = held.pauses.map((pause) => palette.yellow(pauseSentence(pause, now)));
  const heading = `${palette.bold(held.jobId)}: ${since.join(', and ')}`;
  if (held.decisions.length === 0) return [heading, palette.dim('  nothing of it is due yet')];
  const table = renderTable({
    columns: [
      { title: 'A RESUME NOW' },
      { title: 'TICKS', align: 'right' },
      { title: 'ON THE WALL' },
      { title: 'RELEASE' },
      { title: 'WHY', givesWay: 1 },
    ],
    rows: held.decisions.map((decision) => [
      { text: decision.outcome, paint: decision.outcome === 'run' ? palette.green : palette.dim },
      String(decision.count),
      visibleLine(wallText(decision, held.zone)),
      decision.releaseAt === null ? '' : clockText(decision.releaseAt, now),
      { text: visibleLine(decision.reason?.text ?? ''), paint: palette.dim },
    ]),
    width: width === null ? null : width - 2,
    paintTitle: palette.dim,
  });
  const more = held.more === 0 ? [] : [palette.dim(`  and ${held.more} before these`)];
  return [heading, ...more, ...table.map((line) => `  ${line}`)];
}

function wallText({ wall, count }: HeldDecisionView, zone: string): string {
  return `${count === 1 ? '' : 'to '}${wall.replace('T', ' ')} ${zone}`;
}

function waitTitle(count: number, every: string): string {
  const [wait, them] =
    count === 1 ? ['1 run waits for its', 'it'] : [`${count} runs wait for their`, 'them'];
  return `${wait} release, ${every} after one another over all jobs; petit-ctl catchup lets ${them} go now`;
}

function releasedTitle(count: number): string {
  const released = count === 1 ? '1 run is' : `${count} runs are`;
  return `${released} released; what begins is up to the overlap policy of its job`;
}

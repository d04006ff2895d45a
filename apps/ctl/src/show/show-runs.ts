import type { RunsView, RunView } from '@petit/protocol';
import type { Screen } from './screen.js';
import { markedWord, stateMark } from './state-mark.js';
import { renderTable, type Cell } from './table.js';
import { clockText, durationText, relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';

const SHORT_ID_CHARACTERS = 8;

/** The runs as lines, newest first. */
export function showRuns({ runs }: RunsView, screen: Screen): readonly string[] {
  if (runs.length === 0) return [screen.palette.dim('no runs')];
  return renderTable({
    columns: [
      { title: 'RUN' },
      { title: 'JOB' },
      { title: 'STATE' },
      { title: 'STARTED' },
      { title: 'TOOK', align: 'right' },
      { title: 'BY', givesWay: 2 },
      { title: 'NOTE', givesWay: 1 },
    ],
    rows: runs.map((run) => rowOf(run, screen)),
    width: screen.width,
    paintTitle: screen.palette.dim,
  });
}

/** The beginning of a run id that people use for it. */
export function shortId(runId: string): string {
  return runId.slice(0, SHORT_ID_CHARACTERS);
}

/** What a run was started by, in a few words. */
export function triggerText({ trigger }: RunView): string {
  switch (trigger.kind) {
    case 'manual':
      return `by hand (${visibleLine(trigger.by)})`;
    case 'schedule':
      return `schedule, ${trigger.wall.replace('T', ' ')} ${trigger.zone}`;
    case 'backfill':
      return `backfill of ${trigger.wall.replace('T', ' ')} ${trigger.zone} (${visibleLine(trigger.by)})`;
    case 'jobs':
      return `after ${trigger.upstream.map(({ jobId }) => jobId).join(', ')}`;
    default:
      return trigger satisfies never;
  }
}

/** How long a run took, or has taken up to now; null before its start. */
export function runDurationMs(run: RunView, now: number): number | null {
  return run.startedAt === null ? null : (run.endedAt ?? now) - run.startedAt;
}

function rowOf(run: RunView, screen: Screen): readonly (Cell | string)[] {
  const { palette, now } = screen;
  const state = stateMark(run.state, palette);
  const startedAt = run.startedAt ?? run.createdAt;
  const durationMs = runDurationMs(run, now);
  return [
    { text: shortId(run.id), paint: palette.bold },
    run.jobId,
    { text: markedWord(state), paint: state.paint },
    `${clockText(startedAt, now)} (${relativeText(startedAt, now)})`,
    durationMs === null ? '' : durationText(durationMs),
    { text: triggerText(run), paint: palette.dim },
    noteOf(run, now),
  ];
}

function noteOf(run: RunView, now: number): string {
  if (run.reason !== null) return visibleLine(run.reason.text);
  if (run.cancelRequestedAt !== null && run.endedAt === null) return 'its end was asked for';
  return waitText(run, now) ?? '';
}

/** What a run waits for that has not begun, `waits: …`, with the instant when it may begin; null for others. */
export function waitText(
  { begunAt, endedAt, wait, notBefore }: RunView,
  now: number,
): string | null {
  if (begunAt !== null || endedAt !== null || wait === null) return null;
  const until = notBefore !== null && notBefore > now ? ` (${relativeText(notBefore, now)})` : '';
  return `waits${until}: ${visibleLine(wait.text)}`;
}

import type { JobsView, JobView, LimitsView, ScheduleView } from '@petit/protocol';
import { pauseText } from './pause-text.js';
import type { Screen } from './screen.js';
import { markedWord, stateMark } from './state-mark.js';
import { renderTable, type Cell } from './table.js';
import { relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';
import { wrapText } from './wrap-text.js';

/** The jobs as lines: one each, then the files that could not be loaded. */
export function showJobs({ jobs, limits, problems }: JobsView, screen: Screen): readonly string[] {
  const { palette, width } = screen;
  const table =
    jobs.length === 0
      ? [palette.dim('no jobs are loaded')]
      : renderTable({
          columns: [
            { title: 'JOB' },
            { title: 'TASKS', align: 'right' },
            { title: 'SCHEDULE', givesWay: 1 },
            { title: 'NEXT' },
            { title: 'LAST RUN' },
            { title: 'NAME', givesWay: 2 },
          ],
          rows: jobs.map((job) => rowOf(job, screen)),
          width,
          paintTitle: palette.dim,
        });
  const found = showProblems({ problems }, screen);
  const most = limitsLines(limits).map(palette.dim);
  return [
    ...table,
    ...pausedLines(jobs, screen),
    ...most,
    ...(found.length === 0 ? [] : ['', ...found]),
  ];
}

/** That all jobs are paused; nothing where they are not. */
function pausedLines(jobs: readonly JobView[], { palette, now, width }: Screen): readonly string[] {
  const [pause] = jobs.flatMap(({ pauses }) => pauses.filter(({ of }) => of === 'all'));
  if (pause === undefined) return [];
  const text = `All jobs are ${pauseText(pause, now)}; petit-ctl resume lets them go on`;
  return ['', ...wrapText(text, width).map(palette.yellow)];
}

/** How much may go on at once, and does; nothing where nothing is limited. */
function limitsLines(limits: LimitsView): readonly string[] {
  const { maxConcurrentJobs, maxConcurrentTasks, liveRuns, liveTasks } = limits;
  const parts = [
    ...(maxConcurrentJobs === null
      ? []
      : [`${liveRuns} of at most ${maxConcurrentJobs} runs (max_concurrent_jobs)`]),
    ...(maxConcurrentTasks === null
      ? []
      : [`${liveTasks} of at most ${maxConcurrentTasks} tasks (max_concurrent_tasks)`]),
  ];
  return parts.length === 0 ? [] : ['', `At once: ${parts.join(', ')}`];
}

function rowOf(job: JobView, screen: Screen): readonly (Cell | string)[] {
  return [
    { text: job.id, paint: job.enabled ? screen.palette.bold : screen.palette.dim },
    String(job.taskCount),
    { text: scheduleText(job), paint: screen.palette.dim },
    nextCell(job, screen),
    lastRunCell(job, screen),
    { text: visibleLine(job.name), paint: screen.palette.dim },
  ];
}

function scheduleText({ enabled, schedules }: JobView): string {
  if (!enabled) return 'disabled';
  if (schedules.length === 0) return 'by hand';
  return schedules.map(oneScheduleText).join(' · ');
}

function oneScheduleText({ text, zone }: ScheduleView): string {
  return visibleLine(zone === 'UTC' ? text : `${text} ${zone}`);
}

function nextCell({ schedules, pauses }: JobView, { now, palette }: Screen): Cell | string {
  const [pause] = pauses;
  if (pause !== undefined && schedules.length > 0)
    return { text: `paused ${relativeText(pause.fromAt, now)}`, paint: palette.yellow };
  const due = schedules.flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]));
  return due.length === 0 ? '' : relativeText(Math.min(...due), now);
}

function lastRunCell({ lastRun, liveRuns, waitingRuns }: JobView, { palette, now }: Screen): Cell {
  if (lastRun === null) return { text: 'never', paint: palette.dim };
  const state = stateMark(lastRun.state, palette);
  const counts = [
    ...(liveRuns > 1 ? [`${liveRuns} at once`] : []),
    ...(waitingRuns > 0 ? [`${waitingRuns} waiting`] : []),
  ];
  const more = counts.length === 0 ? '' : ` (${counts.join(', ')})`;
  const at = lastRun.endedAt ?? lastRun.startedAt ?? lastRun.createdAt;
  return { text: `${markedWord(state)} ${relativeText(at, now)}${more}`, paint: state.paint };
}

/** The mistakes in job files as lines, one each. */
export function showProblems(
  { problems }: Pick<JobsView, 'problems'>,
  { palette }: Screen,
): readonly string[] {
  return problems.map(({ path, line, column, message, keptLastGood }) => {
    const kept = keptLastGood ? palette.dim('  (the last good version stays in force)') : '';
    return `${palette.yellow(`${visibleLine(path)}:${line}:${column}`)}  ${visibleLine(message)}${kept}`;
  });
}

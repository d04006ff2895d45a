import { parseSchedule, type ScheduleProblem } from '@petit/schedule';
import type { Finding, ProblemList } from '../problem/problem-list.js';
import { quote } from '../problem/quote.js';
import { MAX_SCHEDULES } from '../shape/file-shape.js';
import { isMap, valueAt } from '../shape/shape-issue.js';
import { findPlace, offsetInScalar, offsetOf, type Path } from '../text/place.js';
import type { Plain, Tree } from '../text/read-tree.js';
import { numericWeekdays } from './numeric-weekday.js';

/** Tells every mistake in the schedules of a job, and notes weekdays that petit counted in another way. */
export function checkSchedules(
  tree: Tree,
  problems: ProblemList,
  defaultZone: string | undefined,
): void {
  const id = valueAt(tree.plain, ['id']);
  for (const schedule of schedulesOf(tree)) {
    const { text, zone } = schedule;
    const parsed = parseSchedule(text.value, {
      zone: zone?.value ?? null,
      jobId: typeof id === 'string' ? id : '',
      ...(defaultZone === undefined ? {} : { defaultZone }),
    });
    for (const problem of parsed.ok ? [] : parsed.problems)
      problems.add(() => describe(problem, schedule, tree));
    const weekdays = numericWeekdays(text.value);
    if (parsed.ok && weekdays !== null) {
      const message = `weekday ${quote(weekdays.field)} means ${weekdays.meaning}, as in cron (petit 0.2.0 counted 1 as Sunday)`;
      problems.addNote({
        offset: placeIn(tree, text, weekdays.offset),
        code: 'numeric_weekday',
        message,
      });
    }
  }
}

interface TextAt {
  readonly value: string;
  readonly path: Path;
}

interface ScheduleAt {
  readonly text: TextAt;
  readonly zone: TextAt | null;
}

/** The schedules of a job that can be read at all; the others are told elsewhere. */
function schedulesOf({ plain }: Tree): ScheduleAt[] {
  const value = valueAt(plain, ['schedule']);
  const entries: [Path, Plain][] = Array.isArray(value)
    ? value.slice(0, MAX_SCHEDULES).map((item, index) => [['schedule', index], item])
    : [[['schedule'], value ?? null]];
  return entries.flatMap(([path, entry]): ScheduleAt[] => {
    if (typeof entry === 'string') return [{ text: { value: entry, path }, zone: null }];
    if (!isMap(entry) || typeof entry['cron'] !== 'string') return [];
    const zone = entry['timezone'];
    return [
      {
        text: { value: entry['cron'], path: [...path, 'cron'] },
        zone: typeof zone === 'string' ? { value: zone, path: [...path, 'timezone'] } : null,
      },
    ];
  });
}

function describe(problem: ScheduleProblem, { text, zone }: ScheduleAt, tree: Tree): Finding {
  const { found, wanted } = problem;
  if (problem.field === 'zone') {
    const offset = zone === null ? placeIn(tree, text, 0) : placeIn(tree, zone, problem.offset);
    return { offset, code: 'schedule', message: problem.message, found, wanted };
  }
  const offset = placeIn(tree, text, problem.offset);
  const message = `schedule ${quote(text.value)}: ${problem.message}`;
  return { offset, code: 'schedule', message, found, wanted };
}

function placeIn({ root }: Tree, { value, path }: TextAt, character: number): number {
  const place = findPlace(root, path);
  return place === null ? offsetOf(root, path) : offsetInScalar(place, value, character);
}

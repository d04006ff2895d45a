import { parseSchedule, type CompiledSchedule, type ScheduleProblem } from '@petit/schedule';
import { suggestion } from '../problem/nearest.js';
import type { Finding, ProblemList } from '../problem/problem-list.js';
import { quote } from '../problem/quote.js';
import { MAX_SCHEDULES } from '../shape/file-shape.js';
import { isMap, valueAt } from '../shape/shape-issue.js';
import { findPlace, offsetInScalar, offsetOf, type Path } from '../text/place.js';
import type { Plain, Tree } from '../text/read-tree.js';
import { numericWeekdays } from './numeric-weekday.js';

/** A piece of text of the file. */
export interface TextAt {
  readonly value: string;
  readonly path: Path;
}

/** A schedule that can be read at all. */
export interface ScheduleAt {
  /** Of the whole entry: the text itself, or the map that it stands in. */
  readonly path: Path;
  readonly text: TextAt;
  readonly zone: TextAt | null;
  readonly id: TextAt | null;
  /** Null when there is a mistake in it. */
  readonly compiled: CompiledSchedule | null;
}

/** Tells every mistake in the schedules of a job, and notes weekdays that petit counted in another way. */
export function checkSchedules(
  tree: Tree,
  problems: ProblemList,
  defaultZone: string | undefined,
): readonly ScheduleAt[] {
  const id = valueAt(tree.plain, ['id']);
  // A schedule that is blank was told of as such already.
  const entries = scheduleEntries(tree).filter(({ text }) => text.value.trim() !== '');
  return entries.map((entry) => {
    const { text, zone } = entry;
    const parsed = parseSchedule(text.value, {
      zone: zone?.value ?? null,
      jobId: typeof id === 'string' ? id : '',
      ...(defaultZone === undefined ? {} : { defaultZone }),
    });
    for (const problem of parsed.ok ? [] : parsed.problems)
      problems.add(() => describe(problem, entry, tree));
    if (parsed.ok) noteNumericWeekdays(text, tree, problems);
    return { ...entry, compiled: parsed.ok ? parsed.schedule : null };
  });
}

function noteNumericWeekdays(text: TextAt, tree: Tree, problems: ProblemList): void {
  const weekdays = numericWeekdays(text.value);
  if (weekdays === null) return;
  problems.addNote({
    offset: placeIn(tree, text, weekdays.offset),
    code: 'numeric_weekday',
    message: `weekday ${quote(weekdays.field)} means ${weekdays.meaning}, as in cron (petit 0.2.0 counted 1 as Sunday)`,
  });
}

/** A schedule as it stands in the file. */
export type ScheduleEntry = Omit<ScheduleAt, 'compiled'>;

/** The schedules of a job that can be read at all; the others are told elsewhere. */
export function scheduleEntries({ plain }: Tree): ScheduleEntry[] {
  const value = valueAt(plain, ['schedule']);
  const entries: [Path, Plain][] = Array.isArray(value)
    ? value.slice(0, MAX_SCHEDULES).map((item, index) => [['schedule', index], item])
    : [[['schedule'], value ?? null]];
  return entries.flatMap(([path, entry]): ScheduleEntry[] => {
    if (typeof entry === 'string')
      return [{ path, text: { value: entry, path }, zone: null, id: null }];
    if (!isMap(entry)) return [];
    const textAt = (key: string): TextAt | null => {
      const found = entry[key];
      return typeof found === 'string' ? { value: found, path: [...path, key] } : null;
    };
    const text = textAt('cron');
    return text === null ? [] : [{ path, text, zone: textAt('timezone'), id: textAt('id') }];
  });
}

/** `; did you mean "Europe/Berlin"?`, or nothing. */
export function suggestZone(problem: ScheduleProblem): string {
  return problem.message.includes('did you mean')
    ? ''
    : suggestion(problem.found, Intl.supportedValuesOf('timeZone'));
}

function describe(problem: ScheduleProblem, { text, zone }: ScheduleEntry, tree: Tree): Finding {
  const { found, wanted } = problem;
  if (problem.field === 'zone') {
    const offset = zone === null ? placeIn(tree, text, 0) : placeIn(tree, zone, problem.offset);
    const message = problem.message + suggestZone(problem);
    return { offset, code: 'schedule', message, found, wanted };
  }
  const offset = placeIn(tree, text, problem.offset);
  const shortcuts = problem.field === 'shortcut' ? (wanted.match(/@\w+/g) ?? []) : [];
  const message = `schedule ${quote(text.value)}: ${problem.message}${suggestion(found, shortcuts)}`;
  return { offset, code: 'schedule', message, found, wanted };
}

/** The offset of one character of a text. */
export function placeIn({ root }: Tree, { value, path }: TextAt, character: number): number {
  const place = findPlace(root, path);
  return place === null ? offsetOf(root, path) : offsetInScalar(place, value, character);
}

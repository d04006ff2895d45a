import { durationText, shortestStepMs } from '@petit/schedule';
import type { Finding, ProblemList } from '../problem/problem-list.js';
import type { NoteCode } from '../problem/problem.js';
import { quote } from '../problem/quote.js';
import { parseDuration } from '../shape/duration.js';
import { valueAt } from '../shape/shape-issue.js';
import { keyOffsetOf, offsetOf, type Path } from '../text/place.js';
import type { Plain, Tree } from '../text/read-tree.js';
import type { ScheduleAt } from './check-schedules.js';

/** What a job says of its ticks: without a schedule none of it means anything. */
const TICK_KEYS = [
  'overlap',
  'catchup',
  'catchup_window',
  'max_catchup',
  'jitter',
  'dst',
  'on_unmet',
] as const;

/** Zones whose clocks never change, by their nature and not only by today's laws. */
const UNCHANGING = /^(?:UTC|UCT|GMT(?:[+-]?0)?|Zulu|Universal|Greenwich|Etc\/.+)$/;

/**
 * Tells the mistakes that only the job's keys of time together show, each of them being right by itself, and notes what
 * was written and can change nothing.
 */
export function checkTiming(
  tree: Tree,
  schedules: readonly ScheduleAt[],
  problems: ProblemList,
): void {
  const findings = [
    ...catchupMistakes(tree),
    ...unmetMistakes(tree),
    ...sameSchedules(schedules, tree),
    ...jitterMistakes(schedules, tree),
  ];
  for (const finding of findings) problems.add(finding);
  const notes = [...withoutSchedule(tree), ...idleCatchup(tree), ...idleDst(schedules, tree)];
  for (const note of notes) problems.addNote(note);
}

function catchupMistakes(tree: Tree): Finding[] {
  if (valueAt(tree.plain, ['catchup']) !== 'none') return [];
  return (['catchup_window', 'max_catchup'] as const).flatMap((key) =>
    isSet(tree, [key])
      ? [
          {
            offset: keyOffsetOf(tree.root, [key]),
            code: 'conflicting_keys',
            message: `"${key}" contradicts "catchup: none", with which no missed tick runs; drop one of the two`,
          },
        ]
      : [],
  );
}

function unmetMistakes(tree: Tree): Finding[] {
  const dependsOn = valueAt(tree.plain, ['depends_on']) ?? [];
  const dependsOnNothing = Array.isArray(dependsOn) && dependsOn.length === 0;
  if (!isSet(tree, ['on_unmet']) || !dependsOnNothing) return [];
  const message = '"on_unmet" needs "depends_on", for it is about jobs that this one waits for';
  return [{ offset: keyOffsetOf(tree.root, ['on_unmet']), code: 'missing_key', message }];
}

/** Two schedules with one identity would be one: its ticks would be decided once, and the second would mean nothing. */
function sameSchedules(schedules: readonly ScheduleAt[], tree: Tree): Finding[] {
  const seen = new Map<string, ScheduleAt>();
  return schedules.flatMap((schedule): Finding[] => {
    const { id, compiled } = schedule;
    if (id === null && compiled === null) return [];
    const identity = JSON.stringify(
      id === null ? [compiled?.text, compiled?.zone.name] : { id: id.value },
    );
    const first = seen.get(identity);
    if (first === undefined) {
      seen.set(identity, schedule);
      return [];
    }
    const [here, there] = [nameOf(schedule.path), nameOf(first.path)];
    return [
      id === null
        ? {
            offset: offsetOf(tree.root, schedule.text.path),
            code: 'duplicate_schedule',
            message: `${here} is ${there} again, with the same text and zone; leave it out, or give one of them an "id"`,
            found: schedule.text.value,
          }
        : {
            offset: offsetOf(tree.root, id.path),
            code: 'duplicate_schedule',
            message: `${here}: ${there} has the id ${quote(id.value)} already`,
            found: id.value,
          },
    ];
  });
}

function jitterMistakes(schedules: readonly ScheduleAt[], tree: Tree): Finding[] {
  const jitter = valueAt(tree.plain, ['jitter']);
  const jitterMs = typeof jitter === 'string' ? parseDuration(jitter) : null;
  if (typeof jitter !== 'string' || jitterMs === null) return [];
  return schedules.flatMap(({ compiled }): Finding[] => {
    const stepMs = compiled === null ? null : shortestStepMs(compiled);
    if (compiled === null || stepMs === null || jitterMs <= stepMs) return [];
    const step = durationText(stepMs);
    const wanted = `at most ${step}`;
    return [
      {
        offset: offsetOf(tree.root, ['jitter']),
        code: 'schedule',
        message: `jitter ${quote(jitter)}: must be ${wanted}, the time between two ticks of ${quote(compiled.text)}`,
        found: jitter,
        wanted,
      },
    ];
  });
}

interface NoteAt {
  readonly offset: number;
  readonly code: NoteCode;
  readonly message: string;
}

function withoutSchedule(tree: Tree): NoteAt[] {
  if (isSet(tree, ['schedule'])) return [];
  return TICK_KEYS.filter((key) => isSet(tree, [key])).map((key) =>
    noMeaning(tree, [key], `"${key}" has no meaning in a job without a schedule`),
  );
}

function idleCatchup(tree: Tree): NoteAt[] {
  const catchup = valueAt(tree.plain, ['catchup']) ?? 'latest';
  if (catchup !== 'latest' || !isSet(tree, ['max_catchup'])) return [];
  const message =
    '"max_catchup" has no meaning with "catchup: latest", which runs one; it is for "catchup: all"';
  return [noMeaning(tree, ['max_catchup'], message)];
}

function idleDst(schedules: readonly ScheduleAt[], tree: Tree): NoteAt[] {
  const own = schedules.flatMap((schedule) => {
    const path = [...schedule.path, 'dst'];
    const why = whyUnchanging(schedule);
    return why !== null && isSet(tree, path) ? [noMeaning(tree, path, dstText(why))] : [];
  });
  const whys = schedules.map(whyUnchanging);
  const [why] = whys;
  const ofJob = why != null && !whys.includes(null) && isSet(tree, ['dst']);
  return ofJob ? [noMeaning(tree, ['dst'], dstText(why)), ...own] : own;
}

function dstText(why: string): string {
  return `"dst" has no meaning here: ${why}`;
}

/** Why a change of the clocks can do nothing to a schedule; null when it can, or when that is not known. */
function whyUnchanging({ compiled }: ScheduleAt): string | null {
  if (compiled === null) return null;
  const text = quote(compiled.text);
  switch (compiled.timing.kind) {
    case 'every':
      return `${text} goes by elapsed time`;
    case 'at':
      return `${text} is one instant, whatever the clocks show`;
    case 'cron': {
      const zone = compiled.zone.name;
      return UNCHANGING.test(zone) ? `the clocks of ${zone} never change` : null;
    }
  }
}

function noMeaning(tree: Tree, path: Path, message: string): NoteAt {
  return { offset: keyOffsetOf(tree.root, path), code: 'no_meaning', message };
}

/** `schedule[1]`, or `schedule`. */
function nameOf(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join('');
}

function isSet(tree: Tree, path: Path): boolean {
  const value: Plain | undefined = valueAt(tree.plain, path);
  return value !== undefined && value !== null;
}

import type { CompiledSchedule, Timing } from './compiled-schedule.js';
import { parseCron } from './cron/parse-cron.js';
import { dstPolicyOf, type DstOptions } from './dst-policy.js';
import { parseAt } from './parse-at.js';
import { parseEvery } from './parse-every.js';
import { read, unread, type Read, type ScheduleProblem } from './problem.js';
import { findZone } from './zone/find-zone.js';

/** What a schedule's text is read with. */
export interface ScheduleOptions {
  /** The zone that the schedule names, or null. */
  readonly zone: string | null;
  /** The zone of those that name none; `UTC` when not given. */
  readonly defaultZone?: string;
  /** What `H` is spread by. */
  readonly jobId: string;
  /** What the job file says about changes of the clocks; the rest follows from the pattern. */
  readonly dst?: DstOptions;
}

/** A schedule, or every mistake in its text and zone. */
export type ScheduleParse =
  | { readonly ok: true; readonly schedule: CompiledSchedule }
  | { readonly ok: false; readonly problems: readonly ScheduleProblem[] };

type TimingParse =
  | { readonly ok: true; readonly timing: Timing }
  | { readonly ok: false; readonly problems: readonly ScheduleProblem[] };

/** Longer than any pattern that lists every value of every field. */
const MAX_LENGTH = 1_024;

/** The shortcuts and what they stand for, in whatever case (Open Cron Pattern Specification 1.1, section 4.1). */
const SHORTCUTS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/**
 * Reads a schedule: five cron fields, six with seconds in front, a shortcut such as `@daily`, `@every 1h30m`, or
 * `@at 2026-12-24T18:00:00Z`. What is not understood is refused with its place and never guessed, and so is a pattern
 * that can never be due.
 */
export function parseSchedule(text: string, options: ScheduleOptions): ScheduleParse {
  const timing = parseTiming(text, options);
  const zone = findZone(options.zone ?? options.defaultZone ?? 'UTC');
  if (timing.ok && zone.ok) {
    return {
      ok: true,
      schedule: { text: normalizeText(text), zone: zone.value, timing: timing.timing },
    };
  }
  const zoneProblems = zone.ok ? [] : [zone.problem];
  return { ok: false, problems: [...(timing.ok ? [] : timing.problems), ...zoneProblems] };
}

/** A schedule's text with each run of blanks as one space: two that differ only there are the same schedule. */
export function normalizeText(text: string): string {
  return text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}

function parseTiming(text: string, options: ScheduleOptions): TimingParse {
  if (text.length > MAX_LENGTH) return { ok: false, problems: [tooLong(text)] };
  const start = text.search(/[^ \t\r\n]/);
  if (start >= 0 && text[start] === '@') {
    const timing = parseShortcut(text, start, options);
    return timing.ok
      ? { ok: true, timing: timing.value }
      : { ok: false, problems: [timing.problem] };
  }
  const cron = parseCron(text, options.jobId);
  if (!cron.ok) return cron;
  const dst = dstPolicyOf(cron.pattern, options.dst ?? {});
  return { ok: true, timing: { kind: 'cron', pattern: cron.pattern, dst } };
}

function parseShortcut(text: string, start: number, options: ScheduleOptions): Read<Timing> {
  const [, word = '', blank = '', rest = ''] =
    /^([^ \t\r\n]+)([ \t\r\n]*)(.*)$/s.exec(text.slice(start)) ?? [];
  const name = word.toLowerCase();
  const argument = rest.replace(/[ \t\r\n]+$/, '');
  const argumentOffset = start + word.length + blank.length;
  if (name === '@every') {
    const period = parseEvery(argument, argumentOffset);
    return period.ok ? read({ kind: 'every', periodMs: period.value }) : period;
  }
  if (name === '@at') {
    const at = parseAt(argument, argumentOffset);
    return at.ok ? read({ kind: 'at', at: at.value }) : at;
  }
  const pattern = SHORTCUTS.get(name);
  if (pattern === undefined) return unread(unknownShortcut(word, start));
  if (argument !== '') return unread(nothingAfter(word, argument, argumentOffset));
  const cron = parseCron(pattern, options.jobId);
  if (!cron.ok) throw new Error(`the shortcut ${word} stands for a pattern that is not one`);
  return read({
    kind: 'cron',
    pattern: cron.pattern,
    dst: dstPolicyOf(cron.pattern, options.dst ?? {}),
  });
}

function unknownShortcut(word: string, offset: number): ScheduleProblem {
  const wanted = `one of ${[...SHORTCUTS.keys(), '@every', '@at'].join(', ')}`;
  const message =
    word.toLowerCase() === '@reboot'
      ? 'the shortcut @reboot is not supported: a cluster has no one start to run at'
      : `the shortcut must be ${wanted}, not "${word}"`;
  return { field: 'shortcut', offset, found: word, wanted, message };
}

function nothingAfter(word: string, found: string, offset: number): ScheduleProblem {
  const wanted = `nothing after ${word}`;
  return { field: 'shortcut', offset, found, wanted, message: `wanted ${wanted}, not "${found}"` };
}

function tooLong(text: string): ScheduleProblem {
  const wanted = `at most ${MAX_LENGTH} characters`;
  const found = `${text.length} characters`;
  return {
    field: 'pattern',
    offset: MAX_LENGTH,
    found,
    wanted,
    message: `a schedule must be ${wanted}, not ${found}`,
  };
}

import type { ScheduleProblem } from '../problem.js';
import type { DayField, DayRule } from './day-rule.js';
import { CRON_FIELDS, type CronFieldName } from './field.js';
import { everMatches } from './match.js';
import type { CronPattern } from './pattern.js';
import { scanField, type FieldScan, type Piece } from './scan-field.js';
import { valueSetOf, type ValueSet } from './value-set.js';

/** A pattern, or every mistake in it. */
export type CronParse =
  | { readonly ok: true; readonly pattern: CronPattern }
  | { readonly ok: false; readonly problems: readonly ScheduleProblem[] };

type ByField<Value> = Readonly<Record<CronFieldName, Value>>;

const WANTED_FIELDS =
  '5 fields (minute, hour, day of month, month, day of week), or 6 with seconds in front';

/** The seconds of a pattern that names none. */
const ON_THE_MINUTE: Piece = { text: '0', offset: 0 };

/**
 * Reads a pattern of five fields, or of six with seconds in front.
 *
 * Our own scanner takes the text apart, because it must say where a mistake is and read what cron-parser 5.10 does not
 * (`W`, `L-3`, several `#`, `SAT-SUN`, lists whose items meet). What is left of each item, numbers with ranges and
 * steps, is read by cron-parser. Refused although cron-parser takes them, because they are guesses: fewer than five
 * fields, `0/15` for `0-59/15` (so does the Open Cron Pattern Specification 1.0, 6.2), and steps larger than the field.
 * @param jobId what `H` is spread by
 */
export function parseCron(text: string, jobId: string): CronParse {
  const pieces = splitPieces(text);
  const named = nameFields(pieces);
  if (named === null) return { ok: false, problems: [wrongCount(text, pieces)] };
  const scans = eachField((name) => scanField(CRON_FIELDS[name], named[name], jobId));
  const problems = Object.values(scans).flatMap((scan) => scan.problems);
  if (problems.length > 0) return { ok: false, problems };
  const pattern = compile(scans);
  return everMatches(pattern)
    ? { ok: true, pattern }
    : { ok: false, problems: [neverFires(scans)] };
}

function splitPieces(text: string): readonly Piece[] {
  return [...text.matchAll(/[^ \t\r\n]+/g)].map((match) => ({
    text: match[0],
    offset: match.index,
  }));
}

function nameFields(pieces: readonly Piece[]): ByField<Piece> | null {
  const [second, minute, hour, dayOfMonth, month, dayOfWeek, extra] =
    pieces.length === 5 ? [ON_THE_MINUTE, ...pieces] : pieces;
  if (second === undefined || minute === undefined || hour === undefined) return null;
  if (dayOfMonth === undefined || month === undefined || dayOfWeek === undefined) return null;
  if (extra !== undefined) return null;
  return { second, minute, hour, day_of_month: dayOfMonth, month, day_of_week: dayOfWeek };
}

function eachField<Value>(valueOf: (name: CronFieldName) => Value): ByField<Value> {
  return {
    second: valueOf('second'),
    minute: valueOf('minute'),
    hour: valueOf('hour'),
    day_of_month: valueOf('day_of_month'),
    month: valueOf('month'),
    day_of_week: valueOf('day_of_week'),
  };
}

function wrongCount(text: string, pieces: readonly Piece[]): ScheduleProblem {
  const extra = pieces[6];
  const hint =
    pieces.length === 7 ? '; a year cannot be named, a single instant is written "@at ..."' : '';
  return {
    field: 'pattern',
    offset: extra?.offset ?? text.trimEnd().length,
    found: extra?.text ?? '',
    wanted: WANTED_FIELDS,
    message: `a pattern must have ${WANTED_FIELDS}, not ${pieces.length}${hint}`,
  };
}

function neverFires(scans: ByField<FieldScan>): ScheduleProblem {
  const { day_of_month: ofMonth, day_of_week: ofWeek, month } = scans;
  const days = ofMonth.piece;
  const weekdays = ofWeek.joined ? ` and day of week "${ofWeek.piece.text}"` : '';
  return {
    field: 'day_of_month',
    offset: days.offset,
    found: days.text,
    wanted: 'a day that one of its months has',
    message: `the pattern never fires: no date fits day of month "${days.text}"${weekdays} in month "${month.piece.text}"`,
  };
}

function compile(scans: ByField<FieldScan>): CronPattern {
  return {
    second: plainValues(scans.second),
    minute: plainValues(scans.minute),
    hour: plainValues(scans.hour),
    month: plainValues(scans.month),
    days: dayRule(scans.day_of_month, scans.day_of_week),
    fixedTime: !hasRhythm(scans.minute) && !hasRhythm(scans.hour),
  };
}

function plainValues(scan: FieldScan): ValueSet {
  return valueSetOf(
    scan.field,
    scan.items.flatMap((item) => (item.kind === 'values' ? [item.text] : [])),
  );
}

/** Whether a field holds a `*` or a step. */
function hasRhythm(scan: FieldScan): boolean {
  return scan.items.some((item) => item.kind === 'values' && item.rhythm);
}

function dayRule(ofMonth: FieldScan, ofWeek: FieldScan): DayRule {
  if (ofMonth.restricted && ofWeek.restricted) {
    const kind = ofWeek.joined ? 'both' : 'either';
    return { kind, ofMonth: dayField(ofMonth), ofWeek: dayField(ofWeek) };
  }
  if (ofMonth.restricted) return { kind: 'of_month', ofMonth: dayField(ofMonth) };
  if (ofWeek.restricted) return { kind: 'of_week', ofWeek: dayField(ofWeek) };
  return { kind: 'every' };
}

function dayField(scan: FieldScan): DayField {
  return {
    mask: plainValues(scan).mask,
    special: scan.items.flatMap((item) => (item.kind === 'values' ? [] : [item])),
  };
}

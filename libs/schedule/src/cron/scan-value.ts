import { read, unread, type Read, type ScheduleProblem } from '../problem.js';
import type { CronField } from './field.js';
import type { Piece } from './scan-field.js';

/** A problem in a field, with the sentence that is the same for all: what it must be, and what it is. */
export function fieldProblem(field: CronField, piece: Piece, wanted: string): ScheduleProblem {
  return {
    field: field.name,
    offset: piece.offset,
    found: piece.text,
    wanted,
    message: `${field.label} must be ${wanted}, not "${piece.text}"`,
  };
}

/** A number of the field, or a name of one. */
export function scanNumber(field: CronField, piece: Piece): Read<number> {
  const named = field.names.get(piece.text.toUpperCase());
  if (named !== undefined) return read(named);
  const value = /^[0-9]{1,9}$/.test(piece.text) ? Number(piece.text) : Number.NaN;
  if (value >= field.min && value <= field.max) return read(value);
  return unread(fieldProblem(field, piece, field.wanted));
}

/** The two ends of `from-to`, both inclusive. */
export function scanRange(
  field: CronField,
  piece: Piece,
): Read<{ readonly from: number; readonly to: number }> {
  const dash = piece.text.indexOf('-');
  const first = { text: piece.text.slice(0, dash), offset: piece.offset };
  const second = { text: piece.text.slice(dash + 1), offset: piece.offset + dash + 1 };
  if (dash < 0 || first.text === '' || second.text === '' || second.text.includes('-')) {
    return unread(fieldProblem(field, piece, `${field.wanted}, or a range from-to`));
  }
  const from = scanNumber(field, first);
  if (!from.ok) return from;
  const to = scanNumber(field, second);
  if (!to.ok) return to;
  const end = rangeEnd(from.value, to.value, second.text);
  if (from.value <= end) return read({ from: from.value, to: end });
  return unread(fieldProblem(field, piece, backwards(field, from.value, end)));
}

/** A week may end with its Sunday: `FRI-SUN` is 5-7. */
function rangeEnd(from: number, to: number, text: string): number {
  return text.toUpperCase() === 'SUN' && from > 0 ? 7 : to;
}

function backwards(field: CronField, from: number, to: number): string {
  const last = field.name === 'day_of_week' ? 6 : field.max;
  return `a range that runs forwards, such as ${shortRange(from, last)},${shortRange(field.min, to)}`;
}

function shortRange(from: number, to: number): string {
  return from >= to ? String(from) : `${from}-${to}`;
}

/** The step after a slash. */
export function scanStep(field: CronField, piece: Piece): Read<number> {
  const value = /^[0-9]{1,9}$/.test(piece.text) ? Number(piece.text) : Number.NaN;
  if (value >= 1 && value <= field.size) return read(value);
  return unread({
    ...fieldProblem(field, piece, `a step of 1-${field.size}`),
    message: `the step of ${field.label} must be 1-${field.size}, not "${piece.text}"${stepHint(field, value)}`,
  });
}

// A step of 90 in the minutes is often meant as "every 90 minutes", which a field cannot say.
function stepHint(field: CronField, value: number): string {
  const unit = {
    second: 's',
    minute: 'm',
    hour: 'h',
    day_of_month: '',
    month: '',
    day_of_week: '',
  }[field.name];
  return unit === '' || !(value > field.size)
    ? ''
    : `; every ${value}${unit} is written "@every ${value}${unit}"`;
}

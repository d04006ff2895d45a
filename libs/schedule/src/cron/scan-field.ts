import { read, unread, type Read, type ScheduleProblem } from '../problem.js';
import type { CronField } from './field.js';
import type { FieldItem } from './field-item.js';
import { scanDayItem } from './scan-day-item.js';
import { fieldProblem, scanNumber, scanRange, scanStep } from './scan-value.js';
import { spreadValue } from './spread.js';

/** A piece of a schedule's text and where it stands in it. */
export interface Piece {
  readonly text: string;
  readonly offset: number;
}

/** A field of a pattern, taken apart. */
export interface FieldScan {
  readonly field: CronField;
  readonly piece: Piece;
  readonly items: readonly FieldItem[];
  /** Whether it says something other than "any": a lone `*` or `?` does not. */
  readonly restricted: boolean;
  /** Whether it begins with `+`, which only a day of week may: a day must fit this field and the day of month. */
  readonly joined: boolean;
  readonly problems: readonly ScheduleProblem[];
}

/**
 * Takes a field apart into the items of its list. Every item that is not understood is a problem with its place.
 * `jobId` is what `H` is spread by.
 */
export function scanField(field: CronField, piece: Piece, jobId: string): FieldScan {
  const items: FieldItem[] = [];
  const problems: ScheduleProblem[] = [];
  const joined = field.name === 'day_of_week' && piece.text.startsWith('+');
  const plain = joined ? { text: piece.text.slice(1), offset: piece.offset + 1 } : piece;
  const parts = splitList(plain);
  for (const part of parts) {
    const scanned = scanItem({ field, piece: part, jobId, alone: parts.length === 1 });
    if (scanned.ok) items.push(scanned.value);
    else problems.push(scanned.problem);
  }
  return {
    field,
    piece,
    items,
    restricted: plain.text !== '*' && plain.text !== '?',
    joined,
    problems,
  };
}

function splitList(piece: Piece): readonly Piece[] {
  let offset = piece.offset;
  return piece.text.split(',').map((text) => {
    const part = { text, offset };
    offset += text.length + 1;
    return part;
  });
}

interface ItemInput {
  readonly field: CronField;
  readonly piece: Piece;
  readonly jobId: string;
  /** Whether it is the only item of its list. */
  readonly alone: boolean;
}

function scanItem(input: ItemInput): Read<FieldItem> {
  const { field, piece } = input;
  if (piece.text === '') {
    return unread(fieldProblem(field, piece, `${field.wanted} (a list has an empty item)`));
  }
  const slash = piece.text.indexOf('/');
  const base = slash < 0 ? piece : { text: piece.text.slice(0, slash), offset: piece.offset };
  const step =
    slash < 0 ? null : { text: piece.text.slice(slash + 1), offset: piece.offset + slash + 1 };
  if (base.text === '*') return scanWildcard(field, step);
  if (base.text === '?') return scanQuestionMark(input);
  if (base.text.startsWith('H')) return scanSpread(input, base, step);
  const special = scanDayItem(field, base, input.alone);
  if (special !== null) {
    if (special.ok && step !== null) {
      return unread(fieldProblem(field, piece, `"${base.text}" without a step`));
    }
    return special;
  }
  return base.text.includes('-')
    ? scanPlainRange(field, base, step)
    : scanSingle(field, base, step);
}

function scanWildcard(field: CronField, step: Piece | null): Read<FieldItem> {
  if (step === null) return read({ kind: 'values', text: '*', rhythm: true });
  const every = scanStep(field, step);
  return every.ok ? read({ kind: 'values', text: `*/${every.value}`, rhythm: true }) : every;
}

/** `?` is another way to write `*` for the two day fields, as in Quartz; nothing else is meant by it. */
function scanQuestionMark(input: ItemInput): Read<FieldItem> {
  const { field, piece } = input;
  const isDay = field.name === 'day_of_month' || field.name === 'day_of_week';
  if (isDay && input.alone && piece.text === '?') {
    return read({ kind: 'values', text: '*', rhythm: true });
  }
  const wanted = isDay ? '"?" alone' : `${field.wanted} ("?" is for the day fields only)`;
  return unread(fieldProblem(field, piece, wanted));
}

function scanPlainRange(field: CronField, base: Piece, step: Piece | null): Read<FieldItem> {
  const range = scanRange(field, base);
  if (!range.ok) return range;
  const text = `${range.value.from}-${range.value.to}`;
  if (step === null) return read({ kind: 'values', text, rhythm: false });
  const every = scanStep(field, step);
  return every.ok ? read({ kind: 'values', text: `${text}/${every.value}`, rhythm: true }) : every;
}

function scanSingle(field: CronField, base: Piece, step: Piece | null): Read<FieldItem> {
  const value = scanNumber(field, base);
  if (!value.ok) return value;
  if (step === null) return read({ kind: 'values', text: String(value.value), rhythm: false });
  const last = field.name === 'day_of_week' ? 6 : field.max;
  return unread(
    fieldProblem(
      field,
      { text: `${base.text}/${step.text}`, offset: base.offset },
      `"*" or a range before a step, such as ${value.value}-${last}/${step.text}`,
    ),
  );
}

/** `H`, `H(1-5)`, `H/15`, `H(0-29)/10`: a value, or the first of a rhythm, chosen by the job's id. */
function scanSpread(input: ItemInput, base: Piece, step: Piece | null): Read<FieldItem> {
  const { field, jobId } = input;
  let from = field.min;
  let to = field.spreadMax;
  if (base.text !== 'H') {
    const inner = /^H\((.*)\)$/.exec(base.text)?.[1];
    if (inner === undefined) return unread(fieldProblem(field, base, 'H or H(from-to)'));
    const range = scanRange(field, { text: inner, offset: base.offset + 2 });
    if (!range.ok) return range;
    ({ from, to } = range.value);
  }
  if (step === null) {
    const value = spreadValue({ jobId, field: field.name, from, to });
    return read({ kind: 'values', text: String(value), rhythm: false });
  }
  const every = scanStep(field, step);
  if (!every.ok) return every;
  const start = spreadValue({
    jobId,
    field: field.name,
    from,
    to: Math.min(to, from + every.value - 1),
  });
  return read({ kind: 'values', text: `${start}-${to}/${every.value}`, rhythm: true });
}

import { read, unread, type Read } from '../problem.js';
import type { CronField } from './field.js';
import type { FieldItem } from './field-item.js';
import type { Piece } from './scan-field.js';
import { fieldProblem, scanNumber } from './scan-value.js';

/**
 * The items that only the day fields have: `L`, `L-3`, `LW`, `15W` in the day of month, `FRIL`, `FRI#2`, `FRI#L` in the
 * day of week. Answers null when `piece` is none of them. The letters are capitals (Open Cron Pattern Specification 1.3,
 * section 4, which also keeps `W` out of lists).
 */
export function scanDayItem(
  field: CronField,
  piece: Piece,
  alone: boolean,
): Read<FieldItem> | null {
  switch (field.name) {
    case 'day_of_month':
      return scanDayOfMonth(field, piece, alone);
    case 'day_of_week':
      return scanDayOfWeek(field, piece);
    case 'second':
    case 'minute':
    case 'hour':
    case 'month':
      return null;
  }
}

function scanDayOfMonth(field: CronField, piece: Piece, alone: boolean): Read<FieldItem> | null {
  const { text, offset } = piece;
  if (text === 'L') return read({ kind: 'last_day', daysBefore: 0 });
  if (text.startsWith('L-')) {
    const days = Number(/^L-([0-9]{1,2})$/.exec(text)?.[1] ?? Number.NaN);
    if (days >= 1 && days <= 30) return read({ kind: 'last_day', daysBefore: days });
    return unread(
      fieldProblem(field, { text: text.slice(2), offset: offset + 2 }, '1-30 after "L-"'),
    );
  }
  if (!text.endsWith('W')) return null;
  if (!alone) return unread(fieldProblem(field, piece, 'a "W" day on its own, without a list'));
  if (text === 'LW') return read({ kind: 'last_weekday' });
  const day = scanNumber(field, { text: text.slice(0, -1), offset });
  if (day.ok) return read({ kind: 'nearest_weekday', day: day.value });
  return unread(fieldProblem(field, piece, 'LW, or one day of 1-31 before "W"'));
}

function scanDayOfWeek(field: CronField, piece: Piece): Read<FieldItem> | null {
  const { text, offset } = piece;
  const hash = text.indexOf('#');
  if (hash >= 0) return scanNth(field, piece, hash);
  if (!text.endsWith('L')) return null;
  if (text === 'L')
    return unread(fieldProblem(field, piece, 'a weekday with its "L", such as FRIL'));
  const weekday = scanNumber(field, { text: text.slice(0, -1), offset });
  return weekday.ok ? read({ kind: 'last_of_weekday', weekday: weekday.value % 7 }) : weekday;
}

function scanNth(field: CronField, piece: Piece, hash: number): Read<FieldItem> {
  const weekday = scanNumber(field, { text: piece.text.slice(0, hash), offset: piece.offset });
  if (!weekday.ok) return weekday;
  const nth = { text: piece.text.slice(hash + 1), offset: piece.offset + hash + 1 };
  if (nth.text === 'L') return read({ kind: 'last_of_weekday', weekday: weekday.value % 7 });
  if (/^[1-5]$/.test(nth.text)) {
    return read({ kind: 'nth', weekday: weekday.value % 7, nth: Number(nth.text) });
  }
  return unread(fieldProblem(field, nth, '1-5 or L after "#"'));
}

import type { CronFields, CronTimes } from './crontab-entry.js';
import {
  DAY_OF_MONTH,
  DAY_OF_WEEK,
  HOUR,
  MINUTE,
  MONTH,
  readField,
  type FieldRule,
} from './read-field.js';

/** When a line is due and what follows that on it, or why it cannot be read. */
export type TimesRead =
  | {
      readonly ok: true;
      readonly times: CronTimes;
      readonly unlogged: boolean;
      readonly rest: string;
    }
  | { readonly ok: false; readonly message: string };

/** The words that mean the same in a job file. */
const WORDS: ReadonlySet<string> = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
]);

/** Reads the beginning of a line: five fields, with `-` in front or not, or a word with `@`. */
export function readTimes(line: string): TimesRead {
  const unlogged = line.startsWith('-');
  const text = unlogged ? line.slice(1).trimStart() : line;
  if (text.startsWith('@')) return readWord(text, unlogged);
  const [, minute, hour, dayOfMonth, month, dayOfWeek, rest] =
    /^(\S+)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)(?:[ \t]+(.*))?$/s.exec(text) ?? [];
  if (
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined
  )
    return { ok: false, message: 'neither NAME=value nor five fields of time and a command' };
  const fields = readFields({ minute, hour, dayOfMonth, month, dayOfWeek });
  return fields.ok
    ? { ok: true, times: { kind: 'fields', fields: fields.fields }, unlogged, rest: rest ?? '' }
    : fields;
}

function readWord(text: string, unlogged: boolean): TimesRead {
  const [, word = '', rest = ''] = /^(\S+)[ \t]*(.*)$/s.exec(text) ?? [];
  if (WORDS.has(word)) return { ok: true, times: { kind: 'word', word }, unlogged, rest };
  if (word === '@reboot') return { ok: true, times: { kind: 'reboot' }, unlogged, rest };
  // FreeBSD's.
  if (word === '@every_minute') return readTimes(`${unlogged ? '-' : ''}* * * * * ${rest}`);
  const period = /^@(\d+)$/.exec(word)?.[1];
  const message =
    period === undefined
      ? `cron knows no "${word}"`
      : `"${word}" of FreeBSD's cron counts from the end of the last run; "@every ${period}s" in a job file counts by the clock`;
  return { ok: false, message };
}

type FieldsRead =
  | { readonly ok: true; readonly fields: CronFields }
  | { readonly ok: false; readonly message: string };

const RULES: Readonly<Record<keyof CronFields, FieldRule>> = {
  minute: MINUTE,
  hour: HOUR,
  dayOfMonth: DAY_OF_MONTH,
  month: MONTH,
  dayOfWeek: DAY_OF_WEEK,
};

function readFields(texts: Readonly<Record<keyof CronFields, string>>): FieldsRead {
  const minute = readField(texts.minute, RULES.minute);
  const hour = readField(texts.hour, RULES.hour);
  const dayOfMonth = readField(texts.dayOfMonth, RULES.dayOfMonth);
  const month = readField(texts.month, RULES.month);
  const dayOfWeek = readField(texts.dayOfWeek, RULES.dayOfWeek);
  if (!minute.ok) return minute;
  if (!hour.ok) return hour;
  if (!dayOfMonth.ok) return dayOfMonth;
  if (!month.ok) return month;
  if (!dayOfWeek.ok) return dayOfWeek;
  const fields = {
    minute: minute.field,
    hour: hour.field,
    dayOfMonth: dayOfMonth.field,
    month: month.field,
    dayOfWeek: dayOfWeek.field,
  };
  return { ok: true, fields };
}

import type { CronFieldValue, CronItem } from './crontab-entry.js';

/** What a field of a crontab may hold. */
export interface FieldRule {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** In the order of their numbers from `min` on. */
  readonly names: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const WEEKDAYS = 'sun mon tue wed thu fri sat'.split(' ');

export const MINUTE: FieldRule = { label: 'minute', min: 0, max: 59, names: [] };
export const HOUR: FieldRule = { label: 'hour', min: 0, max: 23, names: [] };
export const DAY_OF_MONTH: FieldRule = { label: 'day of month', min: 1, max: 31, names: [] };
export const MONTH: FieldRule = { label: 'month', min: 1, max: 12, names: MONTHS };
/** Sunday is 0 and 7. */
export const DAY_OF_WEEK: FieldRule = { label: 'day of week', min: 0, max: 7, names: WEEKDAYS };

/** A field, or why cron does not take it. */
export type FieldRead =
  | { readonly ok: true; readonly field: CronFieldValue }
  | { readonly ok: false; readonly message: string };

/** Reads a field as `get_list` of Vixie's cron does. */
export function readField(text: string, rule: FieldRule): FieldRead {
  const items: CronItem[] = [];
  for (const part of text.split(',')) {
    const item = readItem(part, rule);
    if (typeof item === 'string') return { ok: false, message: `${rule.label} "${text}": ${item}` };
    items.push(item);
  }
  return { ok: true, field: { items, star: text.startsWith('*') } };
}

/** An item, or what is wrong with it. */
function readItem(text: string, rule: FieldRule): CronItem | string {
  const [base = '', stepText, more] = text.split('/');
  if (more !== undefined) return `"${text}" has two steps`;
  const step = stepText === undefined ? 1 : readStep(stepText);
  if (step === null) return `the step "${stepText}" must be a number from 1`;
  if (base === '*') return { kind: 'any', step };
  if (base.includes('~')) return readRandom(base, stepText, rule);
  const [first = '', second, third] = base.split('-');
  const from = readNumber(first, rule);
  if (from === null || third !== undefined) return `"${base}" is not ${wanted(rule)}`;
  if (second === undefined) {
    // Vixie's cron drops the step, Debian's refuses the line, others read a range to the end.
    if (stepText !== undefined)
      return `"${text}": crons differ about a step after one value; write ${first}-${rule.max}/${stepText}, or ${first}`;
    return { kind: 'value', value: from };
  }
  const to = readNumber(second, rule);
  if (to === null) return `"${base}" is not ${wanted(rule)}`;
  return from > to ? `the range "${base}" runs backwards` : { kind: 'range', from, to, step };
}

function readRandom(base: string, step: string | undefined, rule: FieldRule): CronItem | string {
  const [first = '', second = '', third] = base.split('~');
  const from = first === '' ? rule.min : readNumber(first, rule);
  const to = second === '' ? rule.max : readNumber(second, rule);
  if (from === null || to === null || third !== undefined || step !== undefined || from > to)
    return `"${base}" is not from~to`;
  return { kind: 'random', from, to };
}

function readStep(text: string): number | null {
  const step = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return step > 0 ? step : null;
}

function readNumber(text: string, { min, max, names }: FieldRule): number | null {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return min + named;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : null;
}

function wanted({ min, max, names }: FieldRule): string {
  return `${min}-${max}${names.length > 0 ? `, or ${names[0]} to ${names.at(-1)}` : ''}`;
}

import { dayOfDate, daysInMonth, weekdayOfDay } from '../calendar.js';
import type { FieldItem } from './field-item.js';

/** An item of a day field that depends on the month: the ones with `L`, `W` or `#`. */
export type SpecialDay = Exclude<FieldItem, { kind: 'values' }>;

/** One day field: the plain numbers as bits, and the items that depend on the month. */
export interface DayField {
  /** Bit `n` for day `n` of the month, or for weekday `n` with 0 for Sunday. */
  readonly mask: number;
  readonly special: readonly SpecialDay[];
}

/**
 * Which days a pattern names. With both fields restricted a day need fit only one of them, as in every cron since Vixie's,
 * unless the day of week begins with `+` (Open Cron Pattern Specification 1.4, 4.1.2): then it must fit both.
 */
export type DayRule =
  | { readonly kind: 'every' }
  | { readonly kind: 'of_month'; readonly ofMonth: DayField }
  | { readonly kind: 'of_week'; readonly ofWeek: DayField }
  | { readonly kind: 'either'; readonly ofMonth: DayField; readonly ofWeek: DayField }
  | { readonly kind: 'both'; readonly ofMonth: DayField; readonly ofWeek: DayField };

/** The days of one month that a rule names, one bit each: bit 1 for the first. */
export function daysOfMonth(rule: DayRule, year: number, month: number): number {
  switch (rule.kind) {
    case 'every':
      return allDays(daysInMonth(year, month));
    case 'of_month':
      return byDayOfMonth(rule.ofMonth, year, month);
    case 'of_week':
      return byDayOfWeek(rule.ofWeek, year, month);
    case 'either':
      return byDayOfMonth(rule.ofMonth, year, month) | byDayOfWeek(rule.ofWeek, year, month);
    case 'both':
      return byDayOfMonth(rule.ofMonth, year, month) & byDayOfWeek(rule.ofWeek, year, month);
  }
}

function allDays(length: number): number {
  return (0xffff_ffff >>> (31 - length)) & ~1;
}

function byDayOfMonth(field: DayField, year: number, month: number): number {
  const plain = field.mask & allDays(daysInMonth(year, month));
  return field.special.length === 0 ? plain : plain | specialDays(field.special, year, month);
}

function byDayOfWeek(field: DayField, year: number, month: number): number {
  const length = daysInMonth(year, month);
  const first = weekdayOfDay(dayOfDate(year, month, 1));
  // The week's bits, turned so that bit 0 is the weekday of the first day, and then repeated through the month.
  const week = ((field.mask >>> first) | (field.mask << (7 - first))) & 0x7f;
  const repeated = week | (week << 7) | (week << 14) | (week << 21) | (week << 28);
  const plain = (repeated << 1) & allDays(length);
  return field.special.length === 0 ? plain : plain | specialDays(field.special, year, month);
}

function specialDays(special: readonly SpecialDay[], year: number, month: number): number {
  let mask = 0;
  for (const item of special) {
    const day = specialDay(item, year, month);
    if (day !== null) mask |= 1 << day;
  }
  return mask;
}

/** The day of the month that an item stands for, or null when this month has none. */
function specialDay(item: SpecialDay, year: number, month: number): number | null {
  const length = daysInMonth(year, month);
  const firstWeekday = weekdayOfDay(dayOfDate(year, month, 1));
  switch (item.kind) {
    case 'last_day':
      return length > item.daysBefore ? length - item.daysBefore : null;
    case 'last_weekday':
      return nearestWeekday(length, length, firstWeekday);
    case 'nearest_weekday':
      return item.day <= length ? nearestWeekday(item.day, length, firstWeekday) : null;
    case 'nth': {
      const day = firstOfWeekday(item.weekday, firstWeekday) + (item.nth - 1) * 7;
      return day <= length ? day : null;
    }
    case 'last_of_weekday': {
      const first = firstOfWeekday(item.weekday, firstWeekday);
      return first + Math.floor((length - first) / 7) * 7;
    }
  }
}

function firstOfWeekday(weekday: number, firstWeekday: number): number {
  return 1 + ((weekday - firstWeekday + 7) % 7);
}

/** Saturday goes back to Friday and Sunday on to Monday, but never into another month. */
function nearestWeekday(day: number, length: number, firstWeekday: number): number {
  const weekday = (firstWeekday + day - 1) % 7;
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < length ? day + 1 : day - 2;
  return day;
}

import { DAY_MS, SECOND_MS, dateOfDay, dayOfDate } from '../calendar.js';
import { daysOfMonth } from './day-rule.js';
import type { CronPattern } from './pattern.js';

/** The calendar repeats after 400 years: a date that does not come in that time never comes. */
const CYCLE_MONTHS = 400 * 12;

/**
 * The first wall time from `fromWall` on (inclusive) that a pattern names, or null if it names none at all. Both are
 * milliseconds since 1970-01-01T00:00:00 on the wall, in whole seconds.
 */
export function nextMatch(pattern: CronPattern, fromWall: number): number | null {
  const today = Math.floor(fromWall / DAY_MS);
  const day = nextDay(pattern, today);
  if (day === null) return null;
  if (day > today) return wallAt(day, firstSecond(pattern));
  const second = nextSecondOfDay(pattern, (fromWall - today * DAY_MS) / SECOND_MS);
  if (second >= 0) return wallAt(today, second);
  const later = nextDay(pattern, today + 1);
  return later === null ? null : wallAt(later, firstSecond(pattern));
}

/** How many wall times a pattern names from `fromWall` (inclusive) to `untilWall` (exclusive); whole seconds. */
export function countMatches(pattern: CronPattern, fromWall: number, untilWall: number): number {
  if (untilWall <= fromWall) return 0;
  return (
    matchesOfDays(pattern, fromWall, untilWall) +
    matchesOfEdge(pattern, untilWall) -
    matchesOfEdge(pattern, fromWall)
  );
}

/** Whether a pattern names any date of the calendar. */
export function everMatches(pattern: CronPattern): boolean {
  return nextDay(pattern, 0) !== null;
}

function matchesOfDays(pattern: CronPattern, fromWall: number, untilWall: number): number {
  const until = Math.floor(untilWall / DAY_MS);
  let day = Math.floor(fromWall / DAY_MS);
  let days = 0;
  while (day < until) {
    const { year, month, day: first } = dateOfDay(day);
    const nextMonth = month === 12 ? dayOfDate(year + 1, 1, 1) : dayOfDate(year, month + 1, 1);
    const end = Math.min(until, nextMonth);
    if ((pattern.month.mask >>> month) & 1) {
      days += bitCount(
        daysOfMonth(pattern.days, year, month) & bitsBetween(first, first + end - day),
      );
    }
    day = end;
  }
  return (
    days * pattern.hour.values.length * pattern.minute.values.length * pattern.second.values.length
  );
}

/** How many times of the day of `wall` come before `wall`. */
function matchesOfEdge(pattern: CronPattern, wall: number): number {
  const day = Math.floor(wall / DAY_MS);
  return isNamedDay(pattern, day) ? countBelow(pattern, (wall - day * DAY_MS) / SECOND_MS) : 0;
}

function countBelow(pattern: CronPattern, secondOfDay: number): number {
  const { hour, minute, second } = pattern;
  const [h, m, s] = clock(secondOfDay);
  let count = (hour.below[h] ?? 0) * minute.values.length * second.values.length;
  if (hour.next[h] !== h) return count;
  count += (minute.below[m] ?? 0) * second.values.length;
  return minute.next[m] === m ? count + (second.below[s] ?? 0) : count;
}

function isNamedDay(pattern: CronPattern, dayNumber: number): boolean {
  const { year, month, day } = dateOfDay(dayNumber);
  if (((pattern.month.mask >>> month) & 1) === 0) return false;
  return ((daysOfMonth(pattern.days, year, month) >>> day) & 1) === 1;
}

/** The first named day from `fromDay` on, as days since 1970-01-01. */
function nextDay(pattern: CronPattern, fromDay: number): number | null {
  let { year, month, day } = dateOfDay(fromDay);
  for (let tried = 0; tried <= CYCLE_MONTHS; tried += 1) {
    if ((pattern.month.mask >>> month) & 1) {
      const named = daysOfMonth(pattern.days, year, month) & bitsBetween(day, 32);
      if (named !== 0) return dayOfDate(year, month, lowestBit(named));
    }
    day = 1;
    month += 1;
    if (month > 12) {
      month = 1;
      year += 1;
    }
  }
  return null;
}

/** The first named second of the day from `fromSecond` on, or -1. */
function nextSecondOfDay(pattern: CronPattern, fromSecond: number): number {
  const { hour, minute, second } = pattern;
  const [h, m, s] = clock(fromSecond);
  if (hour.next[h] === h) {
    if (minute.next[m] === m) {
      const inMinute = second.next[s] ?? -1;
      if (inMinute >= 0) return h * 3_600 + m * 60 + inMinute;
    }
    const inHour = minute.next[m + 1] ?? -1;
    if (inHour >= 0) return h * 3_600 + inHour * 60 + (second.values[0] ?? 0);
  }
  const later = hour.next[h + 1] ?? -1;
  return later < 0 ? -1 : later * 3_600 + (minute.values[0] ?? 0) * 60 + (second.values[0] ?? 0);
}

function firstSecond(pattern: CronPattern): number {
  return nextSecondOfDay(pattern, 0);
}

function clock(secondOfDay: number): [hour: number, minute: number, second: number] {
  const hour = Math.floor(secondOfDay / 3_600);
  const minute = Math.floor(secondOfDay / 60) - hour * 60;
  return [hour, minute, secondOfDay - hour * 3_600 - minute * 60];
}

function wallAt(dayNumber: number, secondOfDay: number): number {
  return dayNumber * DAY_MS + secondOfDay * SECOND_MS;
}

/** Bits `from` to `until - 1`, in a word of 32. */
function bitsBetween(from: number, until: number): number {
  const below = until >= 32 ? 0xffff_ffff : (1 << until) - 1;
  return below & ~((1 << from) - 1);
}

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}

function bitCount(mask: number): number {
  let rest = mask;
  let count = 0;
  while (rest !== 0) {
    rest &= rest - 1;
    count += 1;
  }
  return count;
}

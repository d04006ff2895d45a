import { cronFields, type FieldName, type TextField } from '../cron-fields.js';
import { cronSchedules, type CronSchedule } from '../lint-job.js';
import type { LintRule } from '../rule.js';

interface Wheel {
  readonly first: number;
  readonly size: number;
  /** Of the time from one value to the next. */
  readonly unit: string;
  /** In `@every`; empty where there is no such unit. */
  readonly every: string;
  /** What begins anew when the field does. */
  readonly round: string;
}

const WHEELS: Readonly<Record<FieldName, Wheel>> = {
  second: { first: 0, size: 60, unit: 'second', every: 's', round: 'minute' },
  minute: { first: 0, size: 60, unit: 'minute', every: 'm', round: 'hour' },
  hour: { first: 0, size: 24, unit: 'hour', every: 'h', round: 'day' },
  'day of month': { first: 1, size: 31, unit: 'day', every: '', round: 'month' },
  month: { first: 1, size: 12, unit: 'month', every: '', round: 'year' },
  'day of week': { first: 0, size: 7, unit: 'day', every: '', round: 'week' },
};

export const unevenStep: LintRule = {
  name: 'uneven-step',
  finds: 'a step that does not divide its field, such as */7 in the minutes',
  scope: 'job',
  check: (job) =>
    cronSchedules(job).flatMap(([index, schedule]) =>
      cronFields(schedule.text).flatMap((field) => {
        const step = stepOf(field);
        const wheel = WHEELS[field.name];
        if (step === null || wheel.size % step === 0) return [];
        const last = lastValue(field, schedule, step);
        const start = firstValue(field, schedule);
        const wrap = wheel.size - last + start;
        return [
          {
            level: 'warning',
            jobId: job.id,
            target: { kind: 'schedule', index, field: field.index },
            what: `${field.name} "${field.text}": from ${last} to ${start} it is ${counted(wrap, wheel.unit)}, not ${step}`,
            why: `a step begins anew with each ${wheel.round}`,
            suggestion: suggest(field, schedule, step),
          },
        ];
      }),
    ),
};

/** The step of a field that goes through all its values; a range such as 9-17/3 has an end of its own. */
function stepOf({ text }: TextField): number | null {
  const digits = /^(?:\*|H)\/(\d+)$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

function firstValue(field: TextField, { timing }: CronSchedule): number {
  if (!field.text.startsWith('H')) return WHEELS[field.name].first;
  const { second, minute, hour, month } = timing.pattern;
  const sets: Partial<Record<FieldName, readonly number[]>> = {
    second: second.values,
    minute: minute.values,
    hour: hour.values,
    month: month.values,
  };
  return sets[field.name]?.[0] ?? WHEELS[field.name].first;
}

function lastValue(field: TextField, schedule: CronSchedule, step: number): number {
  const { first, size } = WHEELS[field.name];
  const start = firstValue(field, schedule);
  return start + Math.floor((first + size - 1 - start) / step) * step;
}

function suggest(field: TextField, { text }: CronSchedule, step: number): string {
  const { size, every, unit } = WHEELS[field.name];
  if (field.name === 'day of week')
    return 'name the days, such as MON,WED,FRI, or count days with "@every"';
  if (unit === 'day')
    return `days of the week, such as MON,WED,FRI, or "@every ${step}d" to count days without months`;
  const base = field.text.slice(0, field.text.indexOf('/'));
  const even = Array.from({ length: size - 1 }, (_, index) => index + 1).filter(
    (divisor) => size % divisor === 0,
  );
  const nearby = [even.findLast((one) => one < step), even.find((one) => one > step)]
    .filter((one) => one !== undefined)
    .map((one) => `"${base}/${one}"`);
  const alone = cronFields(text).every((other) => other.index <= field.index || other.text === '*');
  const elapsed =
    every !== '' && alone ? `, or "@every ${step}${every}" for ${step} ${unit}s always` : '';
  return `${nearby.join(' or ')}${elapsed}`;
}

function counted(count: number, unit: string): string {
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

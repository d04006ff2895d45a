import type { CronFields, CronFieldValue, CronItem } from './crontab-entry.js';
import { DAY_OF_MONTH, DAY_OF_WEEK, HOUR, MINUTE, MONTH, type FieldRule } from './read-field.js';

/** The schedule of a line as a job file has it. */
export interface CarriedSchedule {
  readonly text: string;
  /** What cron's rule for changes of the clocks asks for, where our text would mean another one by itself. */
  readonly dst: { readonly gap: 'run_once' | 'skip'; readonly overlap: 'first' | 'both' } | null;
}

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/**
 * Writes cron's fields as a pattern of a job file with the same ticks. Both restricted day fields mean "either" to both
 * of us, but Vixie's cron takes a field that begins with `*` for unrestricted and asks for both: that is our `+`.
 * Weekdays are written as names, since readers count them differently.
 */
export function scheduleText(fields: CronFields): CarriedSchedule {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = fields;
  const days = fieldText(dayOfMonth, DAY_OF_MONTH, String);
  const weekdays = fieldText(dayOfWeek, DAY_OF_WEEK, weekdayName);
  const joined = (dayOfMonth.star || dayOfWeek.star) && days !== '*' && weekdays !== '*';
  const texts = [fieldText(minute, MINUTE, String), fieldText(hour, HOUR, String)];
  return {
    text: [...texts, days, fieldText(month, MONTH, String), `${joined ? '+' : ''}${weekdays}`].join(
      ' ',
    ),
    dst: dstOf({ wild: minute.star || hour.star, rhythm: texts.some(hasRhythm) }),
  };
}

/** Debian's cron goes by the first character of minute and hour, we by any `*` or step in them. */
function dstOf({
  wild,
  rhythm,
}: {
  readonly wild: boolean;
  readonly rhythm: boolean;
}): CarriedSchedule['dst'] {
  if (wild === rhythm) return null;
  return wild ? { gap: 'skip', overlap: 'both' } : { gap: 'run_once', overlap: 'first' };
}

function hasRhythm(text: string): boolean {
  return /[*/]/.test(text);
}

type NameValue = (value: number) => string;

function fieldText({ items }: CronFieldValue, rule: FieldRule, name: NameValue): string {
  return items.map((item) => itemText(item, rule, name)).join(',');
}

function itemText(item: CronItem, rule: FieldRule, name: NameValue): string {
  switch (item.kind) {
    case 'any':
      // A step beyond the field leaves its first value, which cron takes and a job file does not.
      if (item.step > sizeOf(rule)) return name(rule.min);
      return item.step === 1 ? '*' : `*/${item.step}`;
    case 'value':
      return name(item.value);
    case 'range':
      return rangeText(item, rule, name);
    case 'random':
      return `H(${item.from}-${item.to})`;
    default:
      return item satisfies never;
  }
}

function rangeText(
  { from, to, step }: Extract<CronItem, { readonly kind: 'range' }>,
  rule: FieldRule,
  name: NameValue,
): string {
  if (from === to || step > to - from) return name(from);
  // A week from Sunday to Sunday is one to Saturday: the second Sunday is the first.
  const last = rule.max === DAY_OF_WEEK.max && from === 0 && to === 7 ? 6 : to;
  const range = `${name(from)}-${name(last)}`;
  return step === 1 ? range : `${range}/${step}`;
}

/** How many different values there are. */
function sizeOf({ min, max }: FieldRule): number {
  return max === DAY_OF_WEEK.max ? 7 : max - min + 1;
}

function weekdayName(value: number): string {
  return WEEKDAYS[value] ?? String(value);
}

/** The fields of a cron pattern, as they are named in problems. */
export type CronFieldName = 'second' | 'minute' | 'hour' | 'day_of_month' | 'month' | 'day_of_week';

/** What a field of a cron pattern may hold. */
export interface CronField {
  readonly name: CronFieldName;
  /** The name in messages. */
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** How many different values there are: the largest step that still means something. */
  readonly size: number;
  /** The largest value that `H` may choose: one that every month has. */
  readonly spreadMax: number;
  /** Names for numbers, in capitals; looked up without regard to case. */
  readonly names: ReadonlyMap<string, number>;
  /** Its values in words, for messages. */
  readonly wanted: string;
}

const NO_NAMES: ReadonlyMap<string, number> = new Map();
const MONTH_NAMES = namesFrom(1, 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC');
const WEEKDAY_NAMES = namesFrom(0, 'SUN MON TUE WED THU FRI SAT');

const SECOND: CronField = {
  name: 'second',
  label: 'second',
  min: 0,
  max: 59,
  size: 60,
  spreadMax: 59,
  names: NO_NAMES,
  wanted: '0-59',
};
const MINUTE: CronField = { ...SECOND, name: 'minute', label: 'minute' };
const HOUR: CronField = {
  name: 'hour',
  label: 'hour',
  min: 0,
  max: 23,
  size: 24,
  spreadMax: 23,
  names: NO_NAMES,
  wanted: '0-23',
};
const DAY_OF_MONTH: CronField = {
  name: 'day_of_month',
  label: 'day of month',
  min: 1,
  max: 31,
  size: 31,
  spreadMax: 28,
  names: NO_NAMES,
  wanted: '1-31',
};
const MONTH: CronField = {
  name: 'month',
  label: 'month',
  min: 1,
  max: 12,
  size: 12,
  spreadMax: 12,
  names: MONTH_NAMES,
  wanted: '1-12 or JAN-DEC',
};
/** Sunday is 0 and 7. */
const DAY_OF_WEEK: CronField = {
  name: 'day_of_week',
  label: 'day of week',
  min: 0,
  max: 7,
  size: 7,
  spreadMax: 6,
  names: WEEKDAY_NAMES,
  wanted: '0-7 or SUN-SAT',
};

/** The six fields. */
export const CRON_FIELDS: Readonly<Record<CronFieldName, CronField>> = {
  second: SECOND,
  minute: MINUTE,
  hour: HOUR,
  day_of_month: DAY_OF_MONTH,
  month: MONTH,
  day_of_week: DAY_OF_WEEK,
};

function namesFrom(first: number, names: string): ReadonlyMap<string, number> {
  return new Map(names.split(' ').map((name, index) => [name, first + index]));
}

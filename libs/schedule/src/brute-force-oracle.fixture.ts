/**
 * What is due by brute force: it steps through time minute by minute or second by second, asks the runtime for the wall
 * time of each step, and matches it against the pattern with a parser of its own. It shares no code with the package
 * and knows no offsets, segments or transitions: a gap is a step over which the wall jumps, a repeated time is a wall
 * that was seen twice.
 */

export interface OracleTick {
  readonly at: number;
  readonly wall: string;
  readonly adjusted: 'gap' | 'overlap_first' | 'overlap_last' | null;
}

export interface OraclePolicy {
  readonly gap: 'run_once' | 'skip';
  readonly overlap: 'first' | 'last' | 'both';
}

/** The wall times of a stretch of time, one for each step. */
export interface WallSeries {
  readonly stepMs: number;
  readonly ats: readonly number[];
  /** `Date.UTC` of the wall time. */
  readonly walls: readonly number[];
  /** Where each wall time is seen first and last. */
  readonly firstIndex: ReadonlyMap<number, number>;
  readonly lastIndex: ReadonlyMap<number, number>;
}

/** Reads a zone's wall time as text, `1970-01-01 01:00:00`, and gives it back as `Date.UTC` of it. */
export function wallReader(zone: string): (at: number) => number {
  const two = '2-digit';
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
  });
  return (at) => {
    const text = format.format(at);
    const part = (from: number, until: number): number => Number(text.slice(from, until));
    return Date.UTC(
      part(0, 4),
      part(5, 7) - 1,
      part(8, 10),
      part(11, 13),
      part(14, 16),
      part(17, 19),
    );
  };
}

/** Asks for the wall time of every step from `fromAt` to `untilAt`, both inclusive. */
export function wallSeries(
  wallAt: (at: number) => number,
  range: { readonly fromAt: number; readonly untilAt: number; readonly stepMs: number },
): WallSeries {
  const ats: number[] = [];
  const walls: number[] = [];
  const firstIndex = new Map<number, number>();
  const lastIndex = new Map<number, number>();
  for (let at = range.fromAt; at <= range.untilAt; at += range.stepMs) {
    const wall = wallAt(at);
    if (!firstIndex.has(wall)) firstIndex.set(wall, ats.length);
    lastIndex.set(wall, ats.length);
    ats.push(at);
    walls.push(wall);
  }
  return { stepMs: range.stepMs, ats, walls, firstIndex, lastIndex };
}

/** The first instant in (fromAt, untilAt] at which the wall is no longer as far from UTC as at `fromAt`. */
export function findJump(wallAt: (at: number) => number, fromAt: number, untilAt: number): number {
  const ahead = wallAt(fromAt) - fromAt;
  let low = fromAt;
  let high = untilAt;
  while (high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000;
    if (wallAt(middle) - middle === ahead) low = middle;
    else high = middle;
  }
  return high;
}

/** The policy that a pattern has when nobody says otherwise. */
export function oraclePolicy(pattern: string): OraclePolicy {
  const fields = pattern.split(' ');
  const [minute, hour] = fields.slice(-5);
  return /[*/]/.test(`${minute}${hour}`)
    ? { gap: 'skip', overlap: 'both' }
    : { gap: 'run_once', overlap: 'first' };
}

/** What is due in the series after `after` and up to `until`. */
export function oracleTicks(input: {
  readonly series: WallSeries;
  readonly matches: (wall: number) => boolean;
  readonly policy: OraclePolicy;
  readonly after: number;
  readonly until: number;
}): readonly OracleTick[] {
  const { series, matches, policy } = input;
  const { ats, walls } = series;
  const ticks: OracleTick[] = [];
  for (let index = 1; index < ats.length; index += 1) {
    const at = ats[index] ?? 0;
    const wall = walls[index] ?? 0;
    if (at <= input.after || at > input.until) continue;
    if (matches(wall)) {
      const adjusted = repetition(series, index, wall);
      const left = { first: 'overlap_last', last: 'overlap_first', both: '' }[policy.overlap];
      if (adjusted === null || adjusted !== left) ticks.push({ at, wall: textOf(wall), adjusted });
    } else if (policy.gap === 'run_once' && wall > (walls[index - 1] ?? 0) + series.stepMs) {
      const leftOut = firstLeftOut(series, index, matches);
      if (leftOut !== null) ticks.push({ at, wall: textOf(leftOut), adjusted: 'gap' });
    }
  }
  return ticks;
}

function repetition(series: WallSeries, index: number, wall: number): OracleTick['adjusted'] {
  if (series.firstIndex.get(wall) !== index) return 'overlap_last';
  return series.lastIndex.get(wall) === index ? null : 'overlap_first';
}

function firstLeftOut(
  series: WallSeries,
  index: number,
  matches: (wall: number) => boolean,
): number | null {
  const until = series.walls[index] ?? 0;
  for (
    let wall = (series.walls[index - 1] ?? 0) + series.stepMs;
    wall < until;
    wall += series.stepMs
  ) {
    if (matches(wall)) return wall;
  }
  return null;
}

function textOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 19);
}

/** What a field's numbers and names are. */
interface FieldRules {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
  readonly firstName: number;
}

const SIXTY: FieldRules = { min: 0, max: 59, names: [], firstName: 0 };
const HOURS: FieldRules = { min: 0, max: 23, names: [], firstName: 0 };
const DAYS: FieldRules = { min: 1, max: 31, names: [], firstName: 0 };
const MONTHS: FieldRules = {
  min: 1,
  max: 12,
  names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
  firstName: 1,
};
const WEEKDAYS: FieldRules = {
  min: 0,
  max: 7,
  names: 'sun mon tue wed thu fri sat'.split(' '),
  firstName: 0,
};

/** A function that says whether a pattern names a wall time (given as `Date.UTC` of it). */
export function oracleMatcher(pattern: string): (wall: number) => boolean {
  const fields = pattern.split(' ');
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] =
    fields.length === 5 ? ['0', ...fields] : fields;
  const seconds = numbers(second, SIXTY);
  const minutes = numbers(minute, SIXTY);
  const hours = numbers(hour, HOURS);
  const months = numbers(month, MONTHS);
  const dates = new Map<number, boolean>();
  const fitsDate = (midnight: number): boolean => {
    const known = dates.get(midnight);
    if (known !== undefined) return known;
    const date = new Date(midnight);
    const fits =
      months.has(date.getUTCMonth() + 1) && fitsDays(date, dayOfMonth ?? '', dayOfWeek ?? '');
    dates.set(midnight, fits);
    return fits;
  };
  return (wall) => {
    const inDay = ((wall % 86_400_000) + 86_400_000) % 86_400_000;
    return (
      minutes.has(Math.floor(inDay / 60_000) % 60) &&
      hours.has(Math.floor(inDay / 3_600_000)) &&
      seconds.has(Math.floor(inDay / 1_000) % 60) &&
      fitsDate(wall - inDay)
    );
  };
}

function fitsDays(date: Date, dayOfMonth: string, dayOfWeek: string): boolean {
  const anyDay = dayOfMonth === '*' || dayOfMonth === '?';
  const anyWeekday = dayOfWeek === '*' || dayOfWeek === '?';
  const inMonth = dayOfMonth.split(',').some((item) => fitsDayOfMonth(date, item));
  const inWeek = dayOfWeek.split(',').some((item) => fitsDayOfWeek(date, item));
  if (anyDay && anyWeekday) return true;
  if (anyDay) return inWeek;
  return anyWeekday ? inMonth : inMonth || inWeek;
}

function fitsDayOfMonth(date: Date, item: string): boolean {
  const day = date.getUTCDate();
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  if (item === 'L') return day === length;
  if (item.startsWith('L-')) return day === length - Number(item.slice(2));
  if (item.endsWith('W')) {
    const wanted = item === 'LW' ? length : Number(item.slice(0, -1));
    return wanted <= length && day === nearestWorkday(date, wanted, length);
  }
  return item !== '?' && numbers(item, DAYS).has(day);
}

/** The Monday to Friday of the month that is nearest to a day. */
function nearestWorkday(date: Date, wanted: number, length: number): number {
  let best = 0;
  for (let day = 1; day <= length; day += 1) {
    const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
    const works = weekday >= 1 && weekday <= 5;
    if (works && (best === 0 || Math.abs(day - wanted) < Math.abs(best - wanted))) best = day;
  }
  return best;
}

function fitsDayOfWeek(date: Date, item: string): boolean {
  const weekday = date.getUTCDay();
  const day = date.getUTCDate();
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const [name, nth] = item.includes('#')
    ? item.split('#')
    : [item.replace(/L$/, ''), item.endsWith('L') ? 'L' : ''];
  if (nth === '' || nth === undefined) {
    if (item === '?') return true;
    const set = numbers(item.replace(/-sun$/i, '-7'), WEEKDAYS);
    return set.has(weekday) || (weekday === 0 && set.has(7));
  }
  if (number(name ?? '', WEEKDAYS) % 7 !== weekday) return false;
  return nth === 'L' ? day + 7 > length : Math.ceil(day / 7) === Number(nth);
}

function numbers(text: string | undefined, rules: FieldRules): ReadonlySet<number> {
  const found = new Set<number>();
  for (const item of (text ?? '').split(',')) {
    const [range = '', step = '1'] = item.split('/');
    const [from = '', to = from] =
      range === '*' ? [String(rules.min), String(rules.max)] : range.split('-');
    const last = number(to, rules);
    for (let value = number(from, rules); value <= last; value += Number(step)) found.add(value);
  }
  return found;
}

function number(text: string, rules: FieldRules): number {
  const named = rules.names.indexOf(text.toLowerCase());
  return named >= 0 ? named + rules.firstName : Number(text);
}

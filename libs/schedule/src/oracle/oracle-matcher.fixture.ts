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

/**
 * A function that says whether a pattern names a wall time (given as `Date.UTC` of it). Throws for `H`, whose values are
 * for nobody but the package to say.
 */
export function oracleMatcher(pattern: string): (wall: number) => boolean {
  if (/(^|[ ,])H/.test(pattern)) throw new Error(`the oracle knows no H, as in "${pattern}"`);
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
  const mustBeBoth = dayOfWeek.startsWith('+');
  const weekdays = dayOfWeek.replace(/^[+]/, '');
  const anyWeekday = weekdays === '*' || weekdays === '?';
  const inMonth = dayOfMonth.split(',').some((item) => fitsDayOfMonth(date, item));
  const inWeek = weekdays.split(',').some((item) => fitsDayOfWeek(date, item));
  if (anyDay && anyWeekday) return true;
  if (anyDay) return inWeek;
  if (anyWeekday) return inMonth;
  return mustBeBoth ? inMonth && inWeek : inMonth || inWeek;
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

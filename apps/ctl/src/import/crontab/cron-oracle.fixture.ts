/**
 * When Vixie's cron runs a line, by its own rule and by nothing of ours: each minute of a time in UTC is held against the
 * text, as `cron` does once a minute (`find_jobs` in cron.c, `get_list` in entry.c).
 */
export function cronMinutes(
  line: string,
  range: { readonly from: number; readonly until: number },
): readonly number[] {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = line.split(/\s+/);
  const star = day.startsWith('*') || weekday.startsWith('*');
  const minutes = bitsOf(minute, 0, 59);
  const hours = bitsOf(hour, 0, 23);
  const days = bitsOf(day, 1, 31);
  const months = bitsOf(monthNumbers(month), 1, 12);
  const weekdays = bitsOf(weekdayNumbers(weekday), 0, 7);
  const found: number[] = [];
  for (let at = range.from; at < range.until; at += 60_000) {
    const date = new Date(at);
    if (minutes[date.getUTCMinutes()] !== true || hours[date.getUTCHours()] !== true) continue;
    if (months[date.getUTCMonth() + 1] !== true) continue;
    const ofMonth = days[date.getUTCDate()] === true;
    const today = date.getUTCDay();
    const ofWeek = weekdays[today] === true || (today === 0 && weekdays[7] === true);
    if (star ? ofMonth && ofWeek : ofMonth || ofWeek) found.push(at);
  }
  return found;
}

/** The values of a list, set as cron sets its bits. */
function bitsOf(list: string, low: number, high: number): readonly boolean[] {
  const bits: boolean[] = [];
  for (const item of list.split(',')) {
    const [range = '', step = '1'] = item.split('/');
    const [first = '', last = first] =
      range === '*' ? [String(low), String(high)] : range.split('-');
    for (let each = Number(first); each <= Number(last); each += Number(step)) bits[each] = true;
  }
  return bits;
}

function monthNumbers(text: string): string {
  const all = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
  return text.replace(/[a-z]{3}/gi, (name) => String(all.indexOf(name.toUpperCase()) + 1));
}

function weekdayNumbers(text: string): string {
  const all = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
  return text.replace(/[a-z]{3}/gi, (name) => String(all.indexOf(name.toUpperCase())));
}

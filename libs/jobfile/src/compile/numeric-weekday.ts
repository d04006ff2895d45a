const DAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
];

/**
 * The weekdays that a cron text names by number, with the days they mean here: `1-5` and `Monday to Friday`. Null when
 * it names none. Petit counted 1 as Sunday, so its users are told.
 */
export function numericWeekdays(
  text: string,
): { readonly field: string; readonly offset: number; readonly meaning: string } | null {
  const fields = [...text.matchAll(/\S+/g)];
  const last = fields.at(-1);
  if ((fields.length !== 5 && fields.length !== 6) || last === undefined) return null;
  const meanings = last[0].split(',').map(meaningOf);
  if (meanings.every((meaning) => meaning === null)) return null;
  const meaning = meanings.filter((one) => one !== null).join(', ');
  return { field: last[0], offset: last.index, meaning };
}

/** `5` is Friday, `1-5` Monday to Friday, `5L` and `5#2` are about Friday too; null without a day's number. */
function meaningOf(part: string): string | null {
  const [, from, to] = /^([0-7])(?:-([0-7]))?(?:[/#].*|L)?$/.exec(part) ?? [];
  const first = from === undefined ? undefined : DAYS[Number(from)];
  if (first === undefined) return null;
  const last = to === undefined ? undefined : DAYS[Number(to)];
  return last === undefined ? first : `${first} to ${last}`;
}

const WEEKDAYS = ['sun', 'Mon', 'TUE', 'wed', 'Thu', 'FRI', 'sat'];

/** A source of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of several things. */
export function pick<Thing>(random: () => number, things: readonly [Thing, ...Thing[]]): Thing {
  return things[Math.floor(random() * things.length)] ?? things[0];
}

/** A whole number of `from` to `to`, both inclusive. */
export function pickNumber(random: () => number, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

/** Where a pattern is wanted to be due now and then. */
export interface NearWall {
  /** A wall time, milliseconds since 1970-01-01T00:00:00 on the wall. */
  readonly wall: number;
  /** 1 s: with a field of seconds. A minute: five fields. Longer: five fields that name only whole steps of the hour. */
  readonly stepMs: number;
  /** How often a day field says anything. */
  readonly daysShare: number;
}

/** A pattern of five fields, or of six, that is due now and then around a wall time. */
export function randomPattern(random: () => number, near: NearWall): string {
  const date = new Date(near.wall);
  const fields = [
    randomMinutes(random, near.stepMs),
    random() < 0.7 ? nearHour(random, date.getUTCHours()) : randomField(random, 0, 23),
    random() < near.daysShare ? randomDays(random, date) : '*',
    random() < 0.8 ? '*' : randomMonths(random, date),
    random() < near.daysShare ? randomWeekdays(random, date) : '*',
  ];
  return (near.stepMs < 60_000 ? [randomField(random, 0, 59), ...fields] : fields).join(' ');
}

function randomMinutes(random: () => number, stepMs: number): string {
  if (stepMs > 60_000) {
    const step = stepMs / 60_000;
    const value = String(pickNumber(random, 0, Math.floor(59 / step)) * step);
    return pick(random, [value, value, `0,${value}`, `*/${step}`, `${value}-59/${step}`]);
  }
  return random() < 0.5 ? randomNumbers(random, 0, 59) : randomField(random, 0, 59);
}

function randomField(random: () => number, min: number, max: number): string {
  const count = random() < 0.75 ? 1 : pickNumber(random, 2, 4);
  const items = Array.from({ length: count }, () => randomItem(random, min, max));
  return items.join(',');
}

function randomItem(random: () => number, min: number, max: number): string {
  const from = pickNumber(random, min, max);
  const range = `${from}-${pickNumber(random, from, max)}`;
  const step = pickNumber(random, 1, max - min);
  return pick(random, [String(from), String(from), '*', `*/${step}`, range, `${range}/${step}`]);
}

function nearHour(random: () => number, hour: number): string {
  const around = Array.from({ length: pickNumber(random, 1, 2) }, () =>
    String((hour + pickNumber(random, -1, 0) + 24) % 24),
  );
  return around.join(',');
}

function randomNumbers(random: () => number, min: number, max: number): string {
  return Array.from({ length: pickNumber(random, 1, 3) }, () =>
    String(pickNumber(random, min, max)),
  ).join(',');
}

function randomDays(random: () => number, date: Date): string {
  const day = nearDay(random, date);
  return pick(random, [
    '?',
    randomField(random, 1, 31),
    `${day}`,
    `${day}-31/${pickNumber(random, 1, 9)}`,
    'L',
    'LW',
    `L-${pickNumber(random, 1, 20)}`,
    `${day}W`,
    `${day},L`,
    pick(random, ['31', '30,31', '29', '31W', 'L-29']),
  ]);
}

/** The day of the month, or the one before or after. */
function nearDay(random: () => number, date: Date): number {
  return Math.min(31, Math.max(1, date.getUTCDate() + pickNumber(random, -1, 1)));
}

function randomMonths(random: () => number, date: Date): string {
  const month = date.getUTCMonth() + 1;
  return pick(random, [
    randomField(random, 1, 12),
    `${month}`,
    '2',
    '4,nov',
    'jan-JUN',
    'Mar,OCT',
    '*/3',
  ]);
}

function randomWeekdays(random: () => number, date: Date): string {
  const near = WEEKDAYS[date.getUTCDay()] ?? 'sun';
  if (random() < 0.15) return `+${randomWeekdays(random, date).replace(/^[+]/, '')}`;
  const day = pick(random, ['0', '3', '7', 'sun', 'Wed', 'FRI', near, near]);
  return pick(random, [
    '?',
    randomField(random, 0, 7),
    near,
    'mon-fri',
    'FRI-SUN',
    '0-7',
    `${day}#${pickNumber(random, 1, 5)}`,
    `${near}#${Math.ceil(date.getUTCDate() / 7)}`,
    `${day}#L`,
    `${day}L,${pickNumber(random, 1, 5)}#2`,
  ]);
}

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

/** A pattern of five fields, or of six, that is due now and then in an hour of the day or in the one before it. */
export function randomPattern(
  random: () => number,
  near: { readonly hour: number; readonly withSeconds: boolean },
): string {
  const fields = [
    random() < 0.5 ? randomNumbers(random, 0, 59) : randomField(random, 0, 59),
    random() < 0.7 ? nearHour(random, near.hour) : randomField(random, 0, 23),
    randomDays(random),
    random() < 0.8 ? '*' : randomMonths(random),
    randomWeekdays(random),
  ];
  return (near.withSeconds ? [randomField(random, 0, 59), ...fields] : fields).join(' ');
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

function randomDays(random: () => number): string {
  if (random() < 0.6) return '*';
  return pick(random, [
    '?',
    randomField(random, 1, 31),
    'L',
    'LW',
    `L-${pickNumber(random, 1, 20)}`,
    `${pickNumber(random, 1, 31)}W`,
    `${pickNumber(random, 1, 31)},L`,
  ]);
}

function randomMonths(random: () => number): string {
  return pick(random, [randomField(random, 1, 12), 'jan-JUN', 'Mar,OCT', '*/3']);
}

function randomWeekdays(random: () => number): string {
  if (random() < 0.6) return '*';
  const day = pick(random, ['0', '3', '7', 'sun', 'Wed', 'FRI']);
  return pick(random, [
    '?',
    randomField(random, 0, 7),
    'mon-fri',
    'FRI-SUN',
    '0-7',
    `${day}#${pickNumber(random, 1, 5)}`,
    `${day}#L`,
    `${day}L,${pickNumber(random, 1, 5)}#2`,
  ]);
}

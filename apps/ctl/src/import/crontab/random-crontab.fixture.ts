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

function pick(random: () => number, things: readonly [string, ...string[]]): string {
  return things[Math.floor(random() * things.length)] ?? things[0];
}

function between(random: () => number, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

/** Five fields that every cron takes, with all that these may hold. */
export function randomTimes(random: () => number): string {
  return [
    randomField(random, 0, 59),
    randomField(random, 0, 23),
    random() < 0.45 ? '*' : randomField(random, 1, 31),
    random() < 0.6
      ? '*'
      : pick(random, [randomField(random, 1, 12), 'jan', 'Mar-OCT/2', 'feb,DEC']),
    random() < 0.45
      ? '*'
      : pick(random, [randomField(random, 0, 7), 'sun', 'Mon-FRI', 'tue,7', '0-7/2']),
  ].join(' ');
}

function randomField(random: () => number, min: number, max: number): string {
  const count = random() < 0.75 ? 1 : between(random, 2, 3);
  return Array.from({ length: count }, () => randomItem(random, min, max)).join(',');
}

function randomItem(random: () => number, min: number, max: number): string {
  const from = between(random, min, max);
  const range = `${from}-${between(random, from, max)}`;
  // Beyond the field too: cron takes it.
  const step = between(random, 1, Math.ceil((max - min) * 1.3));
  return pick(random, [String(from), String(from), '*', `*/${step}`, range, `${range}/${step}`]);
}

const PIECES = [
  '/usr/bin/backup.sh',
  'echo',
  "'a b'",
  '"$HOME"',
  '\\%',
  '%',
  '\\',
  '%%',
  ' ',
  '  ',
  '\t',
  '#',
  ': ',
  '- ',
  '&&',
  ';',
  '|',
  'true',
  'STDIN',
  '%STDIN%',
  'ä€😀',
  '\u202e',
  '\u0007',
  '\r',
  '{{ x }}',
  '*',
  '`date`',
  '!',
  '<<EOF',
] as const;

/** A command of pieces that a shell, cron or YAML may take for something else. */
export function randomCommand(random: () => number): string {
  const count = between(random, 1, 9);
  const text = Array.from({ length: count }, () => pick(random, PIECES)).join('');
  return `x${text}`;
}

/** An environment line as people write them, and as they should not. */
export function randomVariable(random: () => number): string {
  const name = pick(random, ['A', 'PATH', 'HOME', 'MAILTO', 'TZ', 'yes', '"a b"', 'PGUSER', "'1'"]);
  const value = pick(random, [
    '',
    '""',
    '/bin:/usr/bin',
    "'a  b'",
    '$HOME/bin',
    'true',
    '  12  ',
    '"# x"',
    'ü: y',
  ]);
  return `${name}${pick(random, ['=', ' = ', '= '])}${value}`;
}

import { pick, pickNumber, type Random } from './random.fixture.js';

/** Texts at the edges of our rules, and such as look like something else in YAML. */
const EDGES = [
  '',
  ' ',
  '\t',
  '\n',
  '\u00a0',
  '\ufeff',
  '\u2028',
  'a',
  'A=B',
  '=',
  'a..b',
  'a.b',
  '.a',
  'a.',
  '-a',
  '_a',
  'a\n',
  'a b',
  'ü',
  '😀',
  'a/b',
  'x-a',
  '0',
  '-5',
  '1.10',
  '1e3',
  '0x1F',
  'true',
  'null',
  '~',
  'yes',
  '<<',
  '*a',
  '&a',
  '!a',
  '__proto__',
  'constructor',
  '0s',
  '0h0m',
  '00001s',
  '90s',
  '1h30m',
  '30m1h',
  '1.5h',
  '1 h',
  '5M',
  '5',
  '250ms',
  '1d2h3m4s5ms',
  '3653d',
  '3654d',
  '3653d1ms',
  '999999999d',
  '9999999999s',
  '٣s',
  'last_success',
  'command',
] as const;
const LETTERS = Array.from('abcXYZ019');
const NAME_LETTERS = [...LETTERS, '_', '-', '.'];
const LABEL_LETTERS = [...NAME_LETTERS, '/'];
const ANY_LETTERS = [
  ...LABEL_LETTERS,
  ' ',
  '=',
  ':',
  '#',
  '"',
  "'",
  '\\',
  '\n',
  '\t',
  'é',
  '漢',
  '😀',
];
/** Lengths around the bounds of names, labels and their values. */
const LENGTHS = [1, 2, 3, 5, 8, 20, 63, 64, 65, 255, 256, 257];

/** Some text, of the kinds that a job file is about. */
export function randomText(random: Random): string {
  switch (pickNumber(random, 0, 4)) {
    case 0:
      return pick(random, EDGES);
    case 1:
      return ofLetters(random, NAME_LETTERS);
    case 2:
      return ofLetters(random, LABEL_LETTERS);
    case 3:
      return randomDuration(random);
    default:
      return ofLetters(random, ANY_LETTERS);
  }
}

/** Some text that a pattern fits. */
export function textLike(random: Random, pattern: string | undefined): string {
  const fits = new RegExp(pattern ?? '', 'u');
  for (let tries = 0; tries < 200; tries += 1) {
    const text = randomText(random);
    if (fits.test(text)) return text;
  }
  throw new Error(`found no text like ${pattern}`);
}

function ofLetters(random: Random, letters: readonly string[]): string {
  const length = pick(random, LENGTHS);
  return Array.from({ length }, () => pick(random, letters)).join('');
}

function randomDuration(random: Random): string {
  const parts = ['d', 'h', 'm', 's', 'ms'].flatMap((unit) =>
    random() < 0.3 ? [`${pick(random, [0, 1, 7, 59, 90, 1_000])}${unit}`] : [],
  );
  return parts.join('');
}

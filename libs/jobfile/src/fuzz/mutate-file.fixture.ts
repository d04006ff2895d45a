import type { SourceFile } from '../index.js';

/** Numbers from 0 to below `bound`, the same ones for the same seed. */
export type Random = (bound: number) => number;

/** A generator of xorshift32 kind; a seed of text is hashed by FNV-1a. */
export function fuzzRandom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    if (state === 0) state = 0x2545f491;
    return Math.floor(((state >>> 0) / 2 ** 32) * bound);
  };
}

const TOKENS = [
  '\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  '  ',
  '\0',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u202e',
  '💥',
  '- ',
  ': ',
  ':',
  '? ',
  ', ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '#',
  ' #',
  '|\n',
  '>-\n',
  '|2\n',
  '---\n',
  '...\n',
  '&a ',
  '*a',
  '&',
  '*',
  '!!str ',
  '!x ',
  '!<tag:x> ',
  '<<: ',
  '<<: *a\n',
  '%YAML 1.1\n',
  '%',
  '@',
  '`',
  '~',
  'null',
  '__proto__: 1\n',
  'constructor',
  'toString',
  '{{ run.id }}',
  '0',
  '-1',
  '1e999',
  '.nan',
  '0x10',
  '9'.repeat(30),
  'true',
  'yes',
  '""',
  "''",
  '\\',
  '\\u0000',
  '\\ud83d',
  '<<<<<<< a\n',
  'x'.repeat(200),
];
const KEYS =
  'id name description schedule cron timezone enabled max_concurrency overlap catchup catchup_window max_catchup jitter dst gap on_unmet start_deadline depends_on job job_id condition within_window seconds config environment tasks type command args script inline retry max_attempts delay delay_secs timeout timeout_secs kill_grace working_dir runs_on every needs slots idempotent default_timezone default_retry storage'.split(
    ' ',
  );
const VALUES =
  'command|python|custom|all_done|on_failure|"* * * * *"|"@every 5s"|"H H(1-3) L * FRI#2"|{cron: "@daily"}|[]|{}|5m|-5|copy|good|[copy]|[good]|{seconds: 5}|UTC|Europe/Berlin'.split(
    '|',
  );

type Mutation = (lines: string[], random: Random, other: string[]) => void;

/** What is done to the lines of a text. */
const MUTATIONS: readonly Mutation[] = [
  (lines, random) => void lines.splice(random(lines.length), 1 + random(3)),
  (lines, random) => {
    const at = random(lines.length);
    lines.splice(at, 0, ...lines.slice(at, at + 1 + random(4)));
  },
  (lines, random) => {
    const [a, b] = [random(lines.length), random(lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
  },
  (lines, random) => change(lines, random, (line) => ' '.repeat(1 + random(4)) + line),
  (lines, random) => change(lines, random, (line) => line.slice(1 + random(3))),
  (lines, random) => change(lines, random, (line) => line.replace(/^ {1,2}/, '\t')),
  (lines, random) => {
    for (let times = 1 + random(3); times > 0; times -= 1)
      change(lines, random, (line) =>
        insertAt(line, random(line.length + 1), pick(TOKENS, random)),
      );
  },
  (lines, random) => {
    change(lines, random, (line) => {
      const at = random(line.length + 1);
      return line.slice(0, at) + line.slice(at + 1 + random(8));
    });
  },
  (lines, random) =>
    change(lines, random, (line) => line.replace(/[\w.-]+(?=:)/, pick(KEYS, random))),
  (lines, random) =>
    change(lines, random, (line) => line.replace(/: .*/, `: ${pick(VALUES, random)}`)),
  (lines, random) => {
    const indent = ' '.repeat(2 * random(4));
    lines.splice(
      random(lines.length + 1),
      0,
      `${indent}${pick(KEYS, random)}: ${pick(VALUES, random)}`,
    );
  },
  (lines, random, other) => {
    const from = random(other.length);
    lines.splice(random(lines.length + 1), random(3), ...other.slice(from, from + 1 + random(5)));
  },
  (lines, random, other) => {
    lines.length = Math.min(lines.length, random(lines.length + 1));
    lines.push(...other.slice(random(other.length)));
  },
  (lines, random) => {
    const [open, close] = pick(
      [
        ['[', ']'],
        ['{a: ', '}'],
        ['- ', ''],
        ['? ', ''],
      ],
      random,
    );
    const depth = 1 + random(70);
    lines.push(`x-deep: ${(open ?? '').repeat(depth)}x${(close ?? '').repeat(random(2) * depth)}`);
  },
  (lines, random) => {
    lines.splice(
      random(lines.length + 1),
      0,
      `x-a: &a [${'*a, '.repeat(random(20))}1]`,
      'x-b: [*a, *a]',
    );
  },
];

/** A file made from another one, mostly by lines and tokens, sometimes by single bytes. */
export function mutateFile(file: SourceFile, other: SourceFile, random: Random): Uint8Array {
  const lines = textOf(file).split('\n');
  const otherLines = textOf(other).split('\n');
  const isWhole = random(16) === 0;
  const count = isWhole ? 0 : 1 + random(1 + random(4));
  for (let done = 0; done < count; done += 1) {
    MUTATIONS[random(MUTATIONS.length)]?.(lines, random, otherLines);
    // Doubling again and again would make a few cases take all the time.
    lines.length = Math.min(lines.length, 2_000);
  }
  const bytes = isWhole ? Buffer.from(file.bytes) : Buffer.from(lines.join('\n'));
  return isWhole || random(16) === 0 ? mutateBytes(bytes, random) : bytes;
}

function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const parts = [bytes];
  if (random(12) === 0) return Buffer.from(bytes.toString('utf8'), 'utf16le');
  const copy = Buffer.concat(parts);
  for (let times = 1 + random(4); times > 0 && copy.length > 0; times -= 1)
    copy[random(copy.length)] = random(3) === 0 ? random(32) : random(256);
  return random(4) === 0 ? copy.subarray(0, random(copy.length + 1)) : copy;
}

function textOf({ bytes }: SourceFile): string {
  return Buffer.from(bytes).toString('utf8');
}

function change(lines: string[], random: Random, how: (line: string) => string): void {
  if (lines.length === 0) return;
  const at = random(lines.length);
  lines[at] = how(lines[at] ?? '');
}

function insertAt(line: string, at: number, text: string): string {
  return line.slice(0, at) + text + line.slice(at);
}

function pick<T>(from: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const found = from[random(from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

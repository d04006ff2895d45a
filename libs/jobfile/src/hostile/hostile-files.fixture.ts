import { FILE_LIMITS } from '../index.js';

/** Those that are large and good. */
export const LOADING: ReadonlySet<string> = new Set([
  'a graph of 10,000 tasks',
  'numbers as arguments',
]);

/** As many of `piece` as fit within the limits, when one has so many lexemes and so much of the values. */
function fill(piece: string, each: { readonly lexemes: number; readonly values: number }): string {
  const most = Math.min(
    FILE_LIMITS.lexemes / each.lexemes,
    FILE_LIMITS.values / Math.max(each.values, 0.001),
    FILE_LIMITS.sizeBytes / piece.length,
  );
  return piece.repeat(Math.floor(most) - 20);
}

const HEAD = 'id: a\nname: A\n';

/** Lists in a list, each of them just short enough. */
function lists(piece: string, each: { readonly lexemes: number; readonly values: number }): string {
  const length = FILE_LIMITS.entries - 100;
  const whole = fill(piece, each);
  const count = Math.floor(whole.length / (piece.length * length));
  const rest = whole.slice(count * length * piece.length);
  const lines = [...Array.from({ length: count }, () => piece.repeat(length)), rest];
  return `x: [${lines.map((line) => `[${line}]`).join(',')}]`;
}

/** Texts that just stay within the limits, so that everything that can grow with a file has grown. */
export const HOSTILE_FILES: Readonly<Record<string, () => string>> = {
  'a graph of 10,000 tasks': () => {
    const lines = Array.from({ length: 10_000 }, (_, n) => {
      const after = n === 0 ? '' : `, depends_on: [t${n - 1}]`;
      return `  - {id: t${n}, type: command, command: "true"${after}}\n`;
    });
    return `id: big\nname: Big\ntasks:\n${lines.join('')}`;
  },
  'lists of words': () => lists('a,', { lexemes: 3, values: 1 }),
  'lists of texts in quotes': () => lists('"",', { lexemes: 2, values: 1 }),
  'lists of empty lists': () => lists('[],', { lexemes: 3, values: 2 }),
  'lists of lists in lists': () => lists('[[]],', { lexemes: 5, values: 4 }),
  'lists of maps': () => lists('a: b,', { lexemes: 8, values: 2 }),
  'values with tags': () => lists('!a b,', { lexemes: 5, values: 1 }),
  'anchors without a value': () => fill('& ', { lexemes: 2, values: 0 }),
  comments: () => `${fill('#\n', { lexemes: 2, values: 0 })}a: b`,
  'folded text': () => `a: >\n${fill(' b\n', { lexemes: 0.01, values: 0 })}`,
  'tasks without anything': () => `${HEAD}tasks: [${'{},'.repeat(19_000)}]`,
  'numbers as arguments': () => {
    const args = `[${'1,'.repeat(19_000)}]`;
    const tasks = Array.from(
      { length: 6 },
      (_, n) => `{id: t${n}, type: command, command: x, args: ${args}}`,
    );
    return `${HEAD}tasks: [${tasks.join(',')}]`;
  },
  'dependencies without a job': () =>
    `${HEAD}tasks: [{id: a, type: command, command: x}]\ndepends_on: [${'{},'.repeat(19_000)}]`,
};

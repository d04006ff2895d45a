import { suggestName } from '@petit/jobfile';

/** Words before the one that a command is about. */
const IN_FRONT: ReadonlySet<string> = new Set(
  'sudo nice ionice chronic env exec nohup time timeout flock setsid command if then do !'.split(
    ' ',
  ),
);
/** Parts of a command that only prepare the one that it is about. */
const PREPARING: ReadonlySet<string> = new Set(
  'cd test [ [[ command export sleep . source umask set ulimit true :'.split(' '),
);
/** Programs that are told apart only by what they run. */
const RUNS_OTHERS: ReadonlySet<string> = new Set(
  'sh bash dash zsh ksh perl python python2 python3 ruby php node deno bun java'.split(' '),
);
const SCRIPT_END = /\.(?:sh|bash|py|pl|rb|php|js|mjs|ts)$/;
/** A text in quotes that holds more than one word: code of `perl -e`, the subject of a mail. */
const SENTENCE = /"[^"]*\s[^"]*"|'[^']*\s[^']*'/g;
const MOST_CHARACTERS = 48;

/**
 * An id for the job that a command becomes: the name of its program, and what tells it from others of it (`run-parts` of
 * `/etc/cron.daily`, `manage.py` with `cleanup`). It is a valid id and none of `taken`, to which it is added.
 */
export function jobName(command: string, taken: Set<string>): string {
  const parts = command
    .replace(SENTENCE, ' ')
    .split(/&&|\|\||[;{}|()]/)
    .map(wordsOf);
  const found = parts.filter(([first]) => first !== undefined && !PREPARING.has(first));
  const [words = []] = [...found.filter(([first = '']) => !RUNS_OTHERS.has(first)), ...found];
  const base = suggestName(words.slice(0, 2).join('-').slice(0, MOST_CHARACTERS)) ?? 'job';
  for (let count = 1; ; count++) {
    const id = count === 1 ? base : `${base}-${count}`;
    // The file's name is the id's, and some disks do not tell capitals apart.
    const key = id.toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return id;
  }
}

/** The words that a simple command is known by: its program, and what it is told to do. */
function wordsOf(part: string): readonly string[] {
  const words = part
    .split(/\s+/)
    .map((word) => word.replace(/^["']+|["']+$/g, ''))
    .filter((word) => word !== '');
  const start = words.findIndex((word, at) => isProgram(word, words[at - 1]));
  const [program, ...rest] = start < 0 ? [] : words.slice(start);
  if (program === undefined) return [];
  const name = fileName(program);
  const argument = rest.find((word) => /^[A-Za-z0-9/~.]/.test(word) && !/[<>=$]/.test(word));
  if (RUNS_OTHERS.has(name) && argument !== undefined) {
    const then = rest[rest.indexOf(argument) + 1];
    return [fileName(argument), ...(isPlainWord(then) ? [then] : [])];
  }
  const host = rest.map((word) => /^https?:\/\/([^/:?]+)/.exec(word)?.[1]).find(Boolean);
  if (host !== undefined) return [name, host];
  if (argument === undefined) return [name];
  if (name === 'run-parts') return [name, fileName(argument)];
  return [name, ...(argument === rest[0] && isPlainWord(argument) ? [argument] : [])];
}

function isProgram(word: string, before: string | undefined): boolean {
  if (IN_FRONT.has(word) || word.startsWith('-') || /^[A-Za-z_]\w*=/.test(word)) return false;
  // What a wrapper is told: `timeout 5m`, `nice -n 10`, `flock /run/lock/x`.
  const isTold = before !== undefined && (IN_FRONT.has(before) || /^-\w$/.test(before));
  return !(isTold && (/^\d/.test(word) || before === 'flock'));
}

function isPlainWord(word: string | undefined): word is string {
  return word !== undefined && /^[A-Za-z][A-Za-z0-9_-]*$/.test(word);
}

function fileName(path: string): string {
  const name = path.split('/').findLast((part) => part !== '') ?? path;
  return name.replace(SCRIPT_END, '');
}

import { isName } from '@petit/model';
import type { Finding } from '../problem/problem-list.js';
import { nearest, suggestion } from '../problem/nearest.js';
import { quote } from '../problem/quote.js';
import { keyOffsetOf, offsetOf, type Path } from '../text/place.js';
import type { Plain } from '../text/read-tree.js';
import type { Source } from './file-kind.js';
import { knownKeysAt } from './known-keys.js';
import { labelOf, mapLabelOf } from './label.js';
import { isMap, valueAt, type ShapeIssue } from './shape-issue.js';

/** Words for what is planned but not in this version, so that a person knows it is no mistake of theirs. */
const LATER_VALUES: Readonly<Record<string, readonly string[]>> = {
  type: ['custom', 'script', 'http', 'job'],
};

/** An issue as a person is told of it. */
export function describeIssue(issue: ShapeIssue, source: Source): Finding {
  const { path } = issue;
  const { plain, root } = source;
  switch (issue.kind) {
    case 'type':
      return describeType(issue, source);
    case 'choice':
    case 'variant':
      return describeChoice(issue, source);
    case 'rule':
      return {
        offset: offsetOf(root, path),
        ...describeRule(path, issue.wanted, plain),
        code: issue.code,
      };
    case 'key_rule': {
      const found = String(path.at(-1));
      const message = `${labelOf(path.slice(0, -1), plain)}: the key ${quote(found)} must be ${issue.wanted}`;
      return {
        offset: keyOffsetOf(root, path),
        code: 'wrong_value',
        message,
        found,
        wanted: issue.wanted,
      };
    }
    case 'unknown_key':
      return describeUnknownKey(path, source);
    default:
      return issue satisfies never;
  }
}

function describeType(
  { path, expected }: Extract<ShapeIssue, { kind: 'type' }>,
  source: Source,
): Finding {
  const { plain, root } = source;
  const value = valueAt(plain, path);
  const wanted = listWords(expected.map(kindWord));
  if (value === undefined) return describeMissing(path, wanted, source);
  const found = describeValue(value);
  const hint = hintFor(value, expected);
  const message = `${labelOf(path, plain)}: must be ${wanted}, not ${found}${hint}`;
  return { offset: offsetOf(root, path), code: 'wrong_type', message, found, wanted };
}

function hintFor(value: Plain, expected: readonly string[]): string {
  if (value === null && expected.includes('string')) return ' (write "" for empty text)';
  if (typeof value !== 'string' || !expected.includes('boolean')) return '';
  if (/^(?:yes|on|y|true)$/i.test(value)) return '; did you mean true?';
  return /^(?:no|off|n|false)$/i.test(value) ? '; did you mean false?' : '';
}

function describeMissing(path: Path, wanted: string, source: Source): Finding {
  const key = String(path.at(-1));
  const owner = mapLabelOf(path.slice(0, -1), source);
  const message = `${owner} has no ${quote(key)}, which must be ${wanted}`;
  return { offset: offsetOf(source.root, path.slice(0, -1)), code: 'missing_key', message, wanted };
}

function describeChoice(
  { path, values }: Extract<ShapeIssue, { kind: 'choice' | 'variant' }>,
  source: Source,
): Finding {
  const { plain, root } = source;
  const value = valueAt(plain, path);
  const wanted = listWords(values);
  if (value === undefined) return describeMissing(path, wanted, source);
  const offset = offsetOf(root, path);
  const label = labelOf(path, plain);
  if (typeof value !== 'string') {
    const found = describeValue(value);
    return {
      offset,
      code: 'wrong_type',
      message: `${label}: must be ${wanted}, not ${found}`,
      found,
      wanted,
    };
  }
  const isLater = LATER_VALUES[String(path.at(-1))]?.includes(value) ?? false;
  return isLater
    ? {
        offset,
        code: 'not_supported',
        message: `${label} ${quote(value)} is not supported in this version; use ${wanted}`,
        found: value,
        wanted,
      }
    : {
        offset,
        code: 'wrong_value',
        message: `${label} ${quote(value)}: must be ${wanted}${suggestion(value, values)}`,
        found: value,
        wanted,
      };
}

function describeRule(path: Path, wanted: string, plain: Plain): Omit<Finding, 'offset' | 'code'> {
  const value = valueAt(plain, path);
  const label = labelOf(path, plain);
  if (typeof value !== 'string') {
    const found = describeValue(value);
    return { message: `${label}: must be ${wanted}, not ${found}`, found, wanted };
  }
  const name = path.at(-1) === 'id' ? suggestName(value) : null;
  const hint = name === null ? '' : `; for example ${quote(name)}`;
  // A task's label already shows its id.
  const subject = path[0] === 'tasks' && path.at(-1) === 'id' ? label : `${label} ${quote(value)}`;
  return {
    message: `${subject}: must be ${wanted}${hint}`,
    found: value,
    wanted,
  };
}

function describeUnknownKey(path: Path, source: Source): Finding {
  const key = String(path.at(-1));
  const within = path.slice(0, -1);
  const where = mapLabelOf(within, source);
  const { keys, later, elsewhere, homes } = knownKeysAt(within, source);
  const offset = keyOffsetOf(source.root, path);
  if (later.includes(key)) {
    const message = `the key ${quote(key)} in ${where} is not supported in this version`;
    return { offset, code: 'not_supported', message, found: key };
  }
  if (elsewhere.includes(key)) {
    const message = `the key ${quote(key)} is for tasks of another type than ${where}`;
    return { offset, code: 'unknown_key', message, found: key };
  }
  const home = homes.get(key);
  if (home !== undefined) {
    const message = `the key ${quote(key)} belongs to ${home}, not to ${where}`;
    return { offset, code: 'unknown_key', message, found: key };
  }
  const near = nearest(key, keys);
  const hint = near === null ? '' : `; did you mean "${near}"?`;
  const finding = {
    offset,
    code: 'unknown_key',
    message: `unknown key ${quote(key)} in ${where}${hint}${near === null ? '' : strangeLetter(key)}`,
    found: key,
  } as const;
  return near === null ? finding : { ...finding, wanted: near };
}

/** Letters that look like those of a key: a Cyrillic "a" cannot be told from ours by eye. */
function strangeLetter(key: string): string {
  const letter = /[^\p{ASCII}\p{Cf}]/u.exec(key)?.[0].codePointAt(0);
  if (letter === undefined) return '';
  return ` (it holds U+${letter.toString(16).toUpperCase().padStart(4, '0')}, which is another letter)`;
}

/** A name that would be allowed in place of `text`, or null when nothing of it could stay. */
export function suggestName(text: string): string | null {
  const name = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 64);
  return isName(name) ? name : null;
}

function kindWord(kind: string): string {
  switch (kind) {
    case 'string':
      return 'text';
    case 'int':
    case 'number':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
    case 'record':
      return 'a map';
    default:
      return kind;
  }
}

function describeValue(value: Plain | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return `the text ${quote(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (isMap(value)) return 'a map';
  return value.length === 0 ? 'an empty list' : 'a list';
}

/** `a`, `a or b`, `a, b or c`. */
function listWords(words: readonly string[]): string {
  const unique = [...new Set(words)];
  const last = unique.pop() ?? '';
  return unique.length === 0 ? last : `${unique.join(', ')} or ${last}`;
}

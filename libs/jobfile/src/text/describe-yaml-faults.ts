import type { Finding } from '../problem/problem-list.js';
import { quote } from '../problem/quote.js';
import type { OpenSigns } from './open-signs.js';

/** What the YAML library found wrong. */
export interface YamlFault {
  readonly offset: number;
  /** One of the library's codes. */
  readonly code: string;
  /** In the words of the library, which are those of YAML's grammar. */
  readonly message: string;
}

/** Units of a line behind a fault that say anything about it. */
const MAX_LOOKED_AT = 400;

interface Advice {
  readonly offset: number;
  readonly message: string;
  readonly found?: string;
  readonly wanted?: string;
}

/**
 * The faults of a text as its writer is told of them: what stands there and what to write. Of those in one line the
 * first is told, since the others mostly come from it.
 */
export function describeYamlFaults(
  text: string,
  faults: readonly YamlFault[],
  open: OpenSigns,
): Finding[] {
  const conflict = /^(?:<{7}|>{7})(?: .*)?$/m.exec(text);
  if (conflict !== null) {
    const message =
      'not YAML: this line was left by a merge of two versions; keep one of them and remove the marks';
    return [{ offset: conflict.index, code: 'yaml_syntax', message, found: conflict[0] }];
  }
  const seen = new Set<number>();
  return faults.flatMap((fault): Finding[] => {
    const line = lineAt(text, fault.offset).start;
    if (seen.has(line)) return [];
    const { message, ...advice } = adviceOn(fault, text, open);
    seen.add(line).add(lineAt(text, advice.offset).start);
    return [{ ...advice, code: 'yaml_syntax', message: `not YAML: ${message}` }];
  });
}

function adviceOn(fault: YamlFault, text: string, open: OpenSigns): Advice {
  return (
    unquotedText(fault, text) ??
    unclosed(fault, open) ??
    tightSign(fault, text) ??
    byCode(fault, text) ?? { offset: fault.offset, message: lowerFirst(fault.message) }
  );
}

/** A value that begins with a sign of YAML's own and is meant as text, as cron patterns and templates are. */
function unquotedText({ offset, code }: YamlFault, text: string): Advice | null {
  if (!['UNEXPECTED_TOKEN', 'BAD_SCALAR_START', 'BAD_ALIAS'].includes(code)) return null;
  const { start, line } = lineAt(text, offset);
  const [, before = '', value = ''] =
    /^(\s*(?:- +)*(?:[\w.-]+: +)?(?:- +)*)([*@`%&!|>][^#]*)/.exec(line) ?? [];
  const sign = value.charAt(0);
  if (sign === '' || start + before.length > offset) return null;
  if ('|>&!'.includes(sign) && code !== 'UNEXPECTED_TOKEN') return null;
  if (sign === '|' || sign === '>') return null;
  const shown = value.trim();
  const wanted = shown.includes('"') ? `'${shown}'` : `"${shown}"`;
  return {
    offset: start + before.length,
    message: `text that begins with "${sign}" must be in quotes: ${quoteAs(wanted)}`,
    found: shown,
    wanted,
  };
}

function unclosed({ offset, message }: YamlFault, open: OpenSigns): Advice | null {
  if (message.startsWith('Missing closing') && open.quoteOffset !== null) {
    const sign = message.includes('"') ? '"' : "'";
    return {
      offset: open.quoteOffset,
      message: `the text that begins with ${sign} here has no ${sign} at its end`,
    };
  }
  if (!/must be sufficiently indented and end with|and end with a/.test(message)) return null;
  const opener = open.bracketBefore(offset);
  if (opener === null) return null;
  const wanted = opener.sign === '[' ? ']' : '}';
  const word = opener.sign === '[' ? 'list' : 'map';
  return {
    offset: opener.offset,
    message: `the ${word} that begins with "${opener.sign}" here has no "${wanted}" at its end`,
    wanted,
  };
}

function byCode(fault: YamlFault, text: string): Advice | null {
  const { offset, code } = fault;
  switch (code) {
    case 'TAB_AS_INDENT':
      return {
        offset,
        message: 'a tab cannot indent: use blanks',
        found: 'a tab',
        wanted: 'blanks',
      };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return nestedMap(fault, text);
    case 'MULTILINE_IMPLICIT_KEY':
      return noColon(offset, text);
    case 'BLOCK_IN_FLOW':
      return {
        offset,
        message:
          'within [ ] and { } each entry ends with ",", and text with ": " in it must be in quotes',
      };
    case 'BAD_DQ_ESCAPE': {
      const found = /^\\.?/su.exec(text.slice(offset))?.[0] ?? '\\';
      return {
        offset,
        message: `${quoteAs(found)} is no escape within "...": write "\\\\" for a backslash, or put the text in '...'`,
        found,
      };
    }
    case 'BAD_INDENT':
      return { offset, message: 'the entries of one map or list must begin in the same column' };
    case 'KEY_OVER_1024_CHARS':
      return { offset, message: 'a key may have at most 1024 characters' };
    case 'MULTIPLE_ANCHORS':
      return { offset, message: 'a value can have one anchor, and here is a second one' };
    case 'MULTIPLE_TAGS':
      return { offset, message: 'a value can have one tag, and here is a second one' };
    case 'MISSING_CHAR':
      return missing(fault, text);
    case 'UNEXPECTED_TOKEN':
    case 'BAD_SCALAR_START':
      return unexpected(fault, text);
    default:
      return null;
  }
}

/** `-id: copy` and `name:Copy`, which YAML reads as one word each. */
function tightSign({ offset, code }: YamlFault, text: string): Advice | null {
  if (!['BLOCK_AS_IMPLICIT_KEY', 'MULTILINE_IMPLICIT_KEY', 'MISSING_CHAR'].includes(code))
    return null;
  const { line, start } = lineAt(text, offset);
  const sign = /^\s*-(?=\w)/.exec(line) ?? /^\s*(?:- +)*[\w.-]+:(?=\S)/.exec(line);
  if (sign === null) return null;
  const shown = sign[0].slice(-1);
  return {
    offset: start + sign[0].length,
    message: `a blank is missing after "${shown}"`,
    wanted: `"${shown} "`,
  };
}

/** `": "` where there was one already: in text without quotes, or in a line that is indented too far. */
function nestedMap({ offset, message }: YamlFault, text: string): Advice {
  if (message.includes('sequence')) return strayEntry(offset, text);
  const { line, start, next } = lineAt(text, offset);
  const rest = line.slice(offset - start);
  const colon = /: |:$/.exec(rest);
  if (colon !== null && !/^[\w.-]+: *$/.test(rest)) {
    const value = rest.replace(/\s#.*$/, '').trim();
    const wanted = value.includes('"') ? `'${value}'` : `"${value}"`;
    return {
      offset: offset + colon.index,
      message: `text with ": " in it must be in quotes (${quoteAs(wanted)}), and each key stands on a line of its own`,
      found: value,
      wanted,
    };
  }
  if (next === null) return { offset, message: 'a map cannot begin here' };
  const indent = /^\s*/.exec(text.slice(next))?.[0].length ?? 0;
  return {
    offset: next + indent,
    message:
      'this line is indented otherwise than the key above it: the keys of one map begin in the same column',
  };
}

function strayEntry(offset: number, text: string): Advice {
  const { line, start } = lineAt(text, offset);
  const indent = /^\s*/.exec(line)?.[0].length ?? 0;
  return {
    offset: start + indent,
    message:
      'this "-" belongs to no list: the entries of one list begin in the same column, and stand alone under their key',
  };
}

/** A line that would have to be `key: value` and is not. */
function noColon(offset: number, text: string): Advice {
  const { line, start } = lineAt(text, offset);
  const indent = /^\s*/.exec(line)?.[0].length ?? 0;
  if (/^\s*- /.test(line)) return strayEntry(offset, text);
  const found = line.trim();
  return {
    offset: start + indent,
    message: `${quoteAs(found)} is neither "key: value" nor an entry of a list ("- value")`,
    found,
  };
}

function missing({ offset, message }: YamlFault, text: string): Advice | null {
  if (message.startsWith('Missing , '))
    return { offset, message: '"," is missing before this', wanted: '","' };
  if (/need to be followed by map values|Sequence item without - indicator/.test(message))
    return noColon(offset, text);
  if (message.startsWith('Comments must'))
    return { offset, message: 'a blank is missing before "#"', wanted: '" #"' };
  return null;
}

function unexpected({ offset, message }: YamlFault, text: string): Advice | null {
  const before = text
    .slice(Math.max(0, offset - 200), offset)
    .trimEnd()
    .at(-1);
  if (message.endsWith('at node end') && (before === '"' || before === "'")) {
    const advice =
      before === "'"
        ? "the text in '...' ends before this: write ' within it as '', or use \"...\""
        : 'the text in "..." ends before this: write " within it as \\", or use \'...\'';
    return { offset, message: advice };
  }
  const closing = /^Unexpected flow-(?:map|seq)-end|^Unexpected [\]}] /.test(message);
  if (closing) {
    const found = text.charAt(offset);
    return {
      offset,
      message: `"${found}" closes nothing: what it would close has ended or never began`,
      found,
    };
  }
  if (/^Unexpected (?:,|empty item)/.test(message))
    return { offset, message: 'nothing stands before this ","', found: ',' };
  if (/block-seq-ind/.test(message)) return strayEntry(offset, text);
  if (message.startsWith('Block scalar header')) {
    return {
      offset,
      message:
        'the text after "|" or ">" begins in the next line; here only "-", "+" or a digit may stand',
    };
  }
  if (/cannot start with block scalar indicator/.test(message)) {
    const sign = text.charAt(offset);
    return {
      offset,
      message: `"${sign}" begins text of several lines, which cannot stand within [ ] or { }; put "${sign}" in quotes to have it as text`,
    };
  }
  return null;
}

/** The line that an offset is in, where it begins, and where the next one does. */
function lineAt(
  text: string,
  offset: number,
): { readonly line: string; readonly start: number; readonly next: number | null } {
  const start = offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const until = Math.min(end < 0 ? text.length : end, offset + MAX_LOOKED_AT);
  const line = text.slice(start, until).replace(/\r$/, '');
  return { line, start, next: end < 0 || end + 1 >= text.length ? null : end + 1 };
}

/** Text that brings its own quotes, or needs none, cut and made safe. */
function quoteAs(text: string): string {
  return quote(text).slice(1, -1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

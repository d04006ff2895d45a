import { Composer, Lexer, Parser, type CST, type Document } from 'yaml';
import { TokenCompactor } from './compact-tokens.js';
import type { Finding, ProblemList } from '../problem/problem-list.js';
import { tooLarge } from './decode-text.js';
import { LexemeCounter } from './count-lexemes.js';
import { describeYamlFaults } from './describe-yaml-faults.js';
import { OpenSigns } from './open-signs.js';
import { FILE_LIMITS } from './limits.js';

type Token = CST.Token;

/** So many faults of the syntax are looked at: behind the first ones nobody knows what was meant. */
const MAX_FAULTS = 200;
/** What is said of a list or a map that is too long. */
export const TOO_MANY_ENTRIES = `a list or a map has more than ${FILE_LIMITS.entries} entries`;
const LEXEMES_BETWEEN_COMPACTING = 1_024;

/** Control characters, which YAML does not allow in a text; but for line ends and tabs. */
const FORBIDDEN = /[^\P{Cc}\t\n\r\u0085]/u;

/**
 * Parses a text as one YAML document, or tells what is wrong with it. Every limit is checked while the text is cut up,
 * before anything grows with it.
 */
export function parseYaml(text: string, problems: ProblemList): Document | null {
  const sizeBytes = Buffer.byteLength(text, 'utf8');
  if (sizeBytes > FILE_LIMITS.sizeBytes) {
    problems.add({ offset: 0, ...tooLarge(sizeBytes) });
    return null;
  }
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden !== null) {
    const found = `the character U+${(forbidden[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    const message = `${found} cannot stand in a job file`;
    problems.add({ offset: forbidden.index, code: 'bad_character', message, found });
    return null;
  }
  const signs = new OpenSigns();
  const tokens = cutUp(text, { problems, signs });
  return tokens === null ? null : compose(tokens, { text, problems, signs });
}

/** The concrete syntax of the text, which must be one document without directives. */
function cutUp(
  text: string,
  { problems, signs }: { readonly problems: ProblemList; readonly signs: OpenSigns },
): Token[] | null {
  const parser = new Parser();
  const compactor = new TokenCompactor();
  const counter = new LexemeCounter();
  const tokens: Token[] = [];
  const take = (found: Iterable<Token>): boolean => {
    for (const token of found) {
      tokens.push(token);
      const finding = whyNotAllowed(token, tokens, { text, signs });
      if (finding === null) continue;
      problems.add(finding);
      return false;
    }
    return true;
  };
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1;
    const limit = counter.count(lexeme) ?? tooDeep(parser);
    if (limit !== null) {
      problems.add({ offset: parser.offset, code: 'too_complex', message: limit });
      return null;
    }
    signs.look(lexeme, parser.offset);
    if (!take(parser.next(lexeme))) return null;
    if (lexemes % LEXEMES_BETWEEN_COMPACTING !== 0) continue;
    if (compactor.compact(parser.stack).entries <= FILE_LIMITS.entries) continue;
    problems.add({ offset: parser.offset, code: 'too_complex', message: TOO_MANY_ENTRIES });
    return null;
  }
  return take(parser.end()) ? tokens : null;
}

function tooDeep({ stack }: Parser): string | null {
  return stack.length > FILE_LIMITS.parserDepth ? 'lists and maps are nested too deeply' : null;
}

/** What a file may not hold beside its one document; one such thing is enough to stop. */
function whyNotAllowed(
  token: Token,
  before: readonly Token[],
  { text, signs }: { readonly text: string; readonly signs: OpenSigns },
): Finding | null {
  const { offset } = token;
  if (token.type === 'error') {
    const fault = { offset, code: 'UNEXPECTED_TOKEN', message: token.message };
    return describeYamlFaults(text, [fault], signs)[0] ?? null;
  }
  if (token.type === 'directive') {
    const message = 'YAML directives (lines that begin with "%") are not allowed in a job file';
    return { offset, code: 'yaml_feature', message };
  }
  if (token.type !== 'document') return null;
  if (before.filter((one) => one.type === 'document').length === 1) return null;
  const message = 'a job file holds one YAML document, and here a second one begins';
  return { offset, code: 'yaml_feature', message };
}

function compose(
  tokens: readonly Token[],
  found: { readonly text: string; readonly problems: ProblemList; readonly signs: OpenSigns },
): Document | null {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    // The tree reader looks for equal keys itself: here it would cost the square of their number.
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [document] = withoutStackTraces(() => [...composer.compose(tokens, true, 0)]);
  if (document === undefined) return null;
  const faults = document.errors.slice(0, MAX_FAULTS).map(({ pos, code, message }) => ({
    offset: Math.max(0, pos[0]),
    code,
    message,
  }));
  for (const finding of describeYamlFaults(found.text, faults, found.signs))
    found.problems.add(finding);
  return faults.length === 0 ? document : null;
}

/**
 * Half a million mistakes in one file are half a million Error objects; without their stacks, which nobody reads, that
 * takes a tenth of the time.
 */
function withoutStackTraces<T>(work: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = before;
  }
}

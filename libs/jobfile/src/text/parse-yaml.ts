import { Composer, Lexer, Parser, type CST, type Document, type YAMLError } from 'yaml';
import { TokenCompactor } from './compact-tokens.js';
import type { ProblemList } from '../problem/problem-list.js';
import { tooLarge } from './decode-text.js';
import { LexemeCounter } from './count-lexemes.js';
import { FILE_LIMITS } from './limits.js';

type Token = CST.Token;

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
  const tokens = cutUp(text, problems);
  return tokens === null ? null : compose(tokens, problems);
}

/** The concrete syntax of the text, which must be one document without directives. */
function cutUp(text: string, problems: ProblemList): Token[] | null {
  const parser = new Parser();
  const compactor = new TokenCompactor();
  const counter = new LexemeCounter();
  const tokens: Token[] = [];
  const take = (found: Iterable<Token>): boolean => {
    for (const token of found) {
      tokens.push(token);
      if (!isAllowed(token, tokens, problems)) return false;
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
    if (!take(parser.next(lexeme))) return null;
    if (lexemes % LEXEMES_BETWEEN_COMPACTING === 0) compactor.compact(parser.stack);
  }
  return take(parser.end()) ? tokens : null;
}

function tooDeep({ stack }: Parser): string | null {
  return stack.length > FILE_LIMITS.parserDepth ? 'lists and maps are nested too deeply' : null;
}

/** Tells what a file may not hold beside its one document; one such thing is enough to stop. */
function isAllowed(token: Token, before: readonly Token[], problems: ProblemList): boolean {
  const { offset } = token;
  if (token.type === 'error') {
    const message = `not YAML: ${lowerFirst(token.message)}`;
    problems.add({ offset, code: 'yaml_syntax', message });
    return false;
  }
  if (token.type === 'directive') {
    const message = 'YAML directives (lines that begin with "%") are not allowed in a job file';
    problems.add({ offset, code: 'yaml_feature', message });
    return false;
  }
  if (token.type !== 'document') return true;
  if (before.filter((one) => one.type === 'document').length === 1) return true;
  const message = 'a job file holds one YAML document, and here a second one begins';
  problems.add({ offset, code: 'yaml_feature', message });
  return false;
}

function compose(tokens: readonly Token[], problems: ProblemList): Document | null {
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
  for (const error of document.errors) problems.add(describe(error));
  return document.errors.length === 0 ? document : null;
}

function describe(error: YAMLError): {
  readonly offset: number;
  readonly code: 'yaml_syntax';
  readonly message: string;
} {
  return {
    offset: Math.max(0, error.pos[0]),
    code: 'yaml_syntax',
    message: `not YAML: ${lowerFirst(error.message)}`,
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
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

import { CST } from 'yaml';

interface OpenBracket {
  readonly offset: number;
  readonly sign: '[' | '{';
}

/** What a text opens and never closes, for messages that are about what is not there. */
export class OpenSigns {
  readonly #brackets: OpenBracket[] = [];
  #quoteOffset: number | null = null;
  #before = '';

  /** Takes note of the next lexeme of the text. */
  look(lexeme: string, offset: number): void {
    const isPlain = this.#before === CST.SCALAR;
    this.#before = lexeme;
    if (isPlain) return;
    if (lexeme === '[' || lexeme === '{') this.#brackets.push({ offset, sign: lexeme });
    else if (lexeme === ']' || lexeme === '}') this.#brackets.pop();
    else if (/^["']/.test(lexeme) && !isClosed(lexeme)) this.#quoteOffset = offset;
  }

  /** The last bracket or brace before `offset` that nothing closed. */
  bracketBefore(offset: number): OpenBracket | null {
    return this.#brackets.findLast((one) => one.offset < offset) ?? null;
  }

  /** The last quote that nothing closed. */
  get quoteOffset(): number | null {
    return this.#quoteOffset;
  }
}

function isClosed(lexeme: string): boolean {
  return lexeme.length > 1 && lexeme.endsWith(lexeme.charAt(0));
}

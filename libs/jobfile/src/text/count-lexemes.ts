import { CST } from 'yaml';
import { FILE_LIMITS } from './limits.js';

/** What a value costs in memory beside a single scalar. */
const COLLECTION_WEIGHT = 2;

/** Counts what a text is made of while it is cut up, so that reading it stops before memory has grown with it. */
export class LexemeCounter {
  #lexemes = 0;
  #values = 0;
  #aliases = 0;
  #emptyEntries = 0;
  #before = '';
  /** The last lexeme that is no blank, line end or comment. */
  #lastSign = '';

  /** Counts one more; answers what of the file is too much now, or null. */
  count(lexeme: string): string | null {
    this.#lexemes += 1;
    this.#look(lexeme, this.#before === CST.SCALAR);
    this.#before = lexeme;
    if (this.#lexemes > FILE_LIMITS.lexemes)
      return `the file has more than ${FILE_LIMITS.lexemes} words and signs`;
    if (this.#values > FILE_LIMITS.values) return 'the file has too many values, lists and maps';
    if (this.#aliases > FILE_LIMITS.aliases)
      return `the file has more than ${FILE_LIMITS.aliases} aliases`;
    return this.#emptyEntries > FILE_LIMITS.emptyEntries
      ? `the file has more than ${FILE_LIMITS.emptyEntries} entries with nothing in them`
      : null;
  }

  #look(lexeme: string, isPlainScalar: boolean): void {
    const sign = isPlainScalar ? CST.SCALAR : lexeme.charAt(0);
    switch (sign) {
      case '':
      case ' ':
      case '\t':
      case '\r':
      case '\n':
      case '#':
        return;
      case CST.SCALAR:
        if (isPlainScalar) this.#values += 1;
        break;
      case '"':
      case "'":
        this.#values += 1;
        break;
      case '[':
      case '{':
      case '-':
        this.#values += COLLECTION_WEIGHT;
        break;
      case '*':
        this.#aliases += 1;
        break;
      case ',':
        if (/^[,[{]$/.test(this.#lastSign)) this.#emptyEntries += 1;
        break;
      case ':':
        if (/^[,[{:?-]$/.test(this.#lastSign)) this.#emptyEntries += 1;
        break;
      default:
        break;
    }
    this.#lastSign = sign;
  }
}

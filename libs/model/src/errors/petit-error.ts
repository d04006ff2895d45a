import { ERROR_TABLE, type ErrorCode } from './error-table.js';

/**
 * The one exception of Petit: a code of the error table and a message that says what was got, where, and what was
 * wanted. Outcomes a caller expects are values, not exceptions.
 */
export class PetitError extends Error {
  override readonly name = 'PetitError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly details?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get httpStatus(): number {
    return ERROR_TABLE[this.code].httpStatus;
  }

  get exitCode(): number {
    return ERROR_TABLE[this.code].exitCode;
  }

  get retryable(): boolean {
    return ERROR_TABLE[this.code].retryable;
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

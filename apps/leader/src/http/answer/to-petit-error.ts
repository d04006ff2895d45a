import { ERROR_TABLE, PetitError, type ErrorCode } from '@petit/model';

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'TOO_LARGE',
  414: 'BAD_REQUEST',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

// What the web framework says itself, in our words.
const FRAMEWORK_MESSAGES: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'the address holds a % that is not followed by two hex digits of valid UTF-8',
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is not JSON, or holds a key such as __proto__',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty but was announced as application/json',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'the body must be application/json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'the body is larger than the limit',
};

/**
 * What was thrown as an error of the table. What is none of ours, nor the web framework's judgement of a request, is
 * a mistake of ours: INTERNAL_ERROR, with the cause for the log only.
 */
export function toPetitError(thrown: unknown): PetitError {
  if (thrown instanceof PetitError) return thrown;
  const { code, statusCode } = frameworkFields(thrown);
  if (code === 'FST_ERR_HANDLER_TIMEOUT') {
    return new PetitError('REDIS_UNAVAILABLE', ERROR_TABLE.REDIS_UNAVAILABLE.meaning);
  }
  const own = CODE_BY_STATUS[statusCode];
  if (own === undefined) {
    return new PetitError('INTERNAL_ERROR', ERROR_TABLE.INTERNAL_ERROR.meaning, { cause: thrown });
  }
  return new PetitError(own, FRAMEWORK_MESSAGES[code] ?? ERROR_TABLE[own].meaning);
}

/**
 * The message that may leave the machine: of what is the requester's to mend, our own words; of what went wrong here,
 * only what kind it was, for the words may hold paths and addresses.
 */
export function publicMessage(error: PetitError): string {
  const isOurs = error.httpStatus >= 500 && error.code !== 'NOT_LEADER';
  return isOurs ? ERROR_TABLE[error.code].meaning : error.message;
}

function frameworkFields(thrown: unknown): { readonly code: string; readonly statusCode: number } {
  if (!(thrown instanceof Error)) return { code: '', statusCode: 0 };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const isFramework = code.startsWith('FST_') && 'statusCode' in thrown;
  return { code, statusCode: isFramework ? Number(thrown.statusCode) : 0 };
}

/**
 * Every error that a person or a program can meet, in one table. `docs/reference/errors.md` is tested against it.
 * `exitCode` is what petit-ctl ends with; `httpStatus` is what the API answers.
 */
export const ERROR_TABLE = {
  BAD_REQUEST: {
    httpStatus: 400,
    exitCode: 2,
    retryable: false,
    meaning: 'the request or an argument is not of the form that is wanted',
  },
  INVALID_JOB_FILE: {
    httpStatus: 422,
    exitCode: 2,
    retryable: false,
    meaning: 'a job file has mistakes; each is listed with its place',
  },
  UNAUTHENTICATED: {
    httpStatus: 401,
    exitCode: 5,
    retryable: false,
    meaning: 'no token was sent, or one that this cluster does not know',
  },
  FORBIDDEN: {
    httpStatus: 403,
    exitCode: 5,
    retryable: false,
    meaning: 'the token does not allow this, or the request came from a foreign page',
  },
  NOT_FOUND: {
    httpStatus: 404,
    exitCode: 3,
    retryable: false,
    meaning: 'there is no such job, run, task or node',
  },
  METHOD_NOT_ALLOWED: {
    httpStatus: 405,
    exitCode: 2,
    retryable: false,
    meaning: 'the address exists but not with this method',
  },
  CONFLICT: {
    httpStatus: 409,
    exitCode: 6,
    retryable: false,
    meaning: 'the state of the thing does not allow this now',
  },
  TOO_LARGE: {
    httpStatus: 413,
    exitCode: 2,
    retryable: false,
    meaning: 'what was sent is larger than the stated limit',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    httpStatus: 415,
    exitCode: 2,
    retryable: false,
    meaning: 'a body was sent that is not application/json',
  },
  TOO_MANY_REQUESTS: {
    httpStatus: 429,
    exitCode: 6,
    retryable: true,
    meaning: 'a limit on runs or requests at once is reached',
  },
  INTERNAL_ERROR: {
    httpStatus: 500,
    exitCode: 70,
    retryable: false,
    meaning: 'a mistake of ours; the log has the details',
  },
  NOT_LEADER: {
    httpStatus: 503,
    exitCode: 4,
    retryable: true,
    meaning: 'this leader is a standby, or has lost its lease',
  },
  REDIS_UNAVAILABLE: {
    httpStatus: 503,
    exitCode: 4,
    retryable: true,
    meaning: 'Redis does not answer, so nothing can be decided now',
  },
  LEADER_UNREACHABLE: {
    httpStatus: 503,
    exitCode: 4,
    retryable: true,
    meaning: 'no leader answered at the address tried',
  },
  REDIS_UNFIT: {
    httpStatus: 503,
    exitCode: 78,
    retryable: false,
    meaning:
      'Redis is too old, set up so that it would lose acknowledged writes, or (--strict) open to others',
  },
  BAD_SETTINGS: {
    httpStatus: 500,
    exitCode: 78,
    retryable: false,
    meaning: 'a setting of a Petit program is missing or wrong',
  },
  ALREADY_RUNNING: {
    httpStatus: 409,
    exitCode: 75,
    retryable: true,
    meaning: 'another process holds this data directory',
  },
  BAD_JOIN_TOKEN: {
    httpStatus: 401,
    exitCode: 5,
    retryable: false,
    meaning: 'the invitation is damaged, or not of this cluster',
  },
  NAME_TAKEN: {
    httpStatus: 409,
    exitCode: 6,
    retryable: false,
    meaning: 'another worker of this cluster has that node name',
  },
  CORRUPT_RECORD: {
    httpStatus: 500,
    exitCode: 65,
    retryable: false,
    meaning: 'a stored record is not of the form this version reads',
  },
  DISK_FULL: {
    httpStatus: 507,
    exitCode: 74,
    retryable: true,
    meaning: 'there is no room left on the disk of a data directory',
  },
  PROGRAM_MISSING: {
    httpStatus: 500,
    exitCode: 69,
    retryable: false,
    meaning: 'a program of the system that Petit needs is not installed',
  },
  RUN_FAILED: {
    httpStatus: 200,
    exitCode: 1,
    retryable: false,
    meaning: 'the run that was waited for did not complete',
  },
  LINT_WARNINGS: {
    httpStatus: 200,
    exitCode: 1,
    retryable: false,
    meaning: 'petit-ctl lint --strict found what may surprise',
  },
  SHADOW_DIFFERS: {
    httpStatus: 200,
    exitCode: 1,
    retryable: false,
    meaning: 'petit-ctl import crontab --shadow found ticks that are not as cron had them',
  },
  DOCTOR_FAILED: {
    httpStatus: 200,
    exitCode: 1,
    retryable: false,
    meaning: 'petit-ctl doctor found what keeps the cluster from doing its work',
  },
  WAIT_TIMED_OUT: {
    httpStatus: 200,
    exitCode: 7,
    retryable: true,
    meaning: 'the wait for a run ended before the run did',
  },
} as const satisfies Record<string, ErrorRow>;

interface ErrorRow {
  readonly httpStatus: number;
  readonly exitCode: number;
  readonly retryable: boolean;
  readonly meaning: string;
}

/** A code of the error table. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/** Whether `text` is a code of the error table. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, text);
}

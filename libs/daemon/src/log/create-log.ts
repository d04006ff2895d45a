import { pino, type Logger } from 'pino';

/** How much is logged, from most to least. `error` means that a person must act. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A log of fields: `log.info({ runId, taskId }, 'task_ended')`. */
export type Log = Logger;

export interface LogOptions {
  readonly level: LogLevel;
  /** The program or part that speaks. */
  readonly name: string;
  /** Where the lines go. Default 2, stderr. */
  readonly fd?: number;
}

// Whatever carries a secret under one of these names, at the top of a line or one level down, is not written.
const SECRET_FIELDS = ['token', 'secret', 'password', 'authorization', 'cookie', 'privateKey'];
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]).concat(
  'req.headers.authorization',
  'req.headers.cookie',
);

/**
 * A log that writes JSON lines to a descriptor. It writes synchronously: a line about what is done next is out before
 * it is done, and none is lost when the process is killed.
 */
export function createLog({ level, name, fd = 2 }: LogOptions): Log {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { pid: process.pid },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED_PATHS, censor: '***' },
    },
    pino.destination({ fd, sync: true }),
  );
}

import { z } from 'zod';

/** Ways in which a command can fail to start. */
export const START_FAILURES = [
  'not_found',
  'not_executable',
  'bad_directory',
  'argument_too_long',
  'nul_byte',
  'no_permission',
  'disk_full',
  'other',
] as const;
export type StartFailure = (typeof START_FAILURES)[number];

const code = z.int().nullable();
const signal = z.string().nullable();

export const attemptEndingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exited'), code: z.int() }),
  z.strictObject({ kind: z.literal('signalled'), signal: z.string() }),
  z.strictObject({ kind: z.literal('timed_out'), code, signal }),
  z.strictObject({ kind: z.literal('stopped'), code, signal }),
  z.strictObject({
    kind: z.literal('start_failed'),
    reason: z.enum(START_FAILURES),
    message: z.string(),
  }),
  z.strictObject({ kind: z.literal('unknown'), reason: z.string() }),
]);

/**
 * How an attempt ended. `timed_out` and `stopped` carry what the command itself ended with after it was told to;
 * `unknown` is said when it was started and nobody saw its end.
 */
export type AttemptEnding = z.infer<typeof attemptEndingSchema>;

export const attemptEndSchema = z.strictObject({
  ending: attemptEndingSchema,
  /** By the board's wall clock, milliseconds since the epoch. */
  startedAt: z.int().nullable(),
  endedAt: z.int(),
  /** By the board's monotonic clock. */
  durationMs: z.int().nonnegative().nullable(),
  cpuMs: z.int().nonnegative().nullable(),
});
/** The end of an attempt, with its times. */
export type AttemptEnd = z.infer<typeof attemptEndSchema>;

/** Whether an ending is a success: exit code 0, nothing else. */
export function isSuccess(ending: AttemptEnding): boolean {
  return ending.kind === 'exited' && ending.code === 0;
}

/**
 * Whether an ending may be other the next time for reasons that lie outside the command: a timeout counts, a
 * non-zero exit does not (as petit has it), nor does a command that is not there; a full disk does.
 */
export function isTransient(ending: AttemptEnding): boolean {
  switch (ending.kind) {
    case 'timed_out':
    case 'signalled':
    case 'unknown':
      return true;
    case 'start_failed':
      return ending.reason === 'disk_full';
    case 'exited':
    case 'stopped':
      return false;
    default:
      return ending satisfies never;
  }
}

/** An ending in words, as CLI, page and petit's `error` field show it. */
export function describeEnding(ending: AttemptEnding): string {
  switch (ending.kind) {
    case 'exited':
      return ending.code === 0 ? 'succeeded' : `command exited with code ${ending.code}`;
    case 'signalled':
      return `command was killed by ${ending.signal}`;
    case 'timed_out':
      return 'timed out';
    case 'stopped':
      return 'stopped on request';
    case 'start_failed':
      return `could not start: ${ending.message}`;
    case 'unknown':
      return `nobody knows how it ended: ${ending.reason}`;
    default:
      return ending satisfies never;
  }
}

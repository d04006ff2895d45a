/** What kinds of mistakes there are. */
export const PROBLEM_CODES = [
  'unreadable',
  'encoding',
  'bad_character',
  'too_large',
  'too_complex',
  'yaml_syntax',
  'yaml_feature',
  'duplicate_key',
  'unknown_key',
  'missing_key',
  'conflicting_keys',
  'wrong_type',
  'wrong_value',
  'too_long',
  'inexact_number',
  'not_supported',
  'schedule',
  'duplicate_schedule',
  'duplicate_task',
  'unknown_task',
  'duplicate_dependency',
  'task_cycle',
  'duplicate_job',
  'unknown_job',
  'job_cycle',
  'more_problems',
] as const;
/** What kind of mistake a problem is about, for programs. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** A mistake in a file, with its place. */
export interface Problem {
  /** The file, as the caller named it. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
  readonly code: ProblemCode;
  /** One line for people, without the place. */
  readonly message: string;
  readonly found?: string;
  readonly wanted?: string;
}

/** What kinds of notes there are. */
export const NOTE_CODES = ['numeric_weekday', 'no_meaning'] as const;
/** What kind of thing a note is about, for programs. */
export type NoteCode = (typeof NOTE_CODES)[number];

/** What a person should know about a file that loads. */
export interface Note {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly code: NoteCode;
  readonly message: string;
}

import type { ProblemCode } from '../problem/problem.js';

/** How a JSON Schema stands to what the loader tells under a code. */
export type SchemaPart =
  /** It refuses the same. */
  | { readonly part: 'shape' }
  /** It cannot say it: this is about what the values mean together. */
  | { readonly part: 'meaning'; readonly why: string }
  /** It never sees it: it judges values that somebody else has read from the text. */
  | { readonly part: 'text'; readonly why: string };

const SHAPE: SchemaPart = { part: 'shape' };

/** Every kind of mistake that the loader tells, and whether the schema of a job file refuses the same. */
export const SCHEMA_PARTS: Readonly<Record<ProblemCode, SchemaPart>> = {
  unknown_key: SHAPE,
  missing_key: SHAPE,
  conflicting_keys: SHAPE,
  wrong_type: SHAPE,
  wrong_value: SHAPE,
  not_supported: SHAPE,
  too_long: meaning('no pattern adds up days, hours and minutes to ten years'),
  schedule: meaning(
    'cron text has a grammar of its own, its fields bound each other, zones are in a database, and a jitter is measured by the ticks',
  ),
  duplicate_schedule: meaning('two schedules of one job are compared by what they come to'),
  duplicate_task: meaning('ids in different maps of a list are compared'),
  unknown_task: meaning('an entry is looked up among the ids of the tasks'),
  duplicate_dependency: meaning('entries are the same in different forms, `b` and `{job: b}`'),
  task_cycle: meaning('a circle is a property of the whole graph'),
  job_cycle: meaning('a circle of jobs, be it of one, is a property of all of them'),
  duplicate_job: meaning('it lies between files'),
  unknown_job: meaning('it lies between files'),
  unreadable: text('a file that nobody could read'),
  encoding: text('bytes that are no text'),
  bad_character: text('a NUL or half a surrogate pair, looked for in every text and key'),
  too_large: text('the size of the file'),
  too_complex: text('nesting and aliases, as they are written'),
  yaml_syntax: text('what is no YAML has no values'),
  yaml_feature: text('tags, merge keys and keys that are no text'),
  duplicate_key: text('whoever reads the values keeps one of the two'),
  inexact_number: text('a number is rounded before anybody sees it'),
  more_problems: text('of more than 100 mistakes the others are only counted'),
};

function meaning(why: string): SchemaPart {
  return { part: 'meaning', why };
}

function text(why: string): SchemaPart {
  return { part: 'text', why };
}

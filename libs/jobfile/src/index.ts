export { parseJobFile, type JobFileOptions, type JobFileResult } from './parse-job-file.js';
export { NO_DEFAULTS, type FileDefaults } from './compile/file-defaults.js';
export { decodeJobFile, shownText, type DecodedText } from './text/decode-text.js';
export { FILE_LIMITS } from './text/limits.js';
export { formatProblem } from './problem/format-problem.js';
export {
  NOTE_CODES,
  PROBLEM_CODES,
  type Note,
  type NoteCode,
  type Problem,
  type ProblemCode,
} from './problem/problem.js';
export { suggestName } from './shape/describe-issue.js';
export { canonicalJson, hashJob } from './hash-job.js';
export {
  compileInSteps,
  compileJobs,
  type BrokenFile,
  type CompiledDirectory,
  type CompiledJob,
} from './directory/compile-jobs.js';
export { SCHEMA_PARTS, type SchemaPart } from './reference/beyond-schema.js';
export { exampleText } from './reference/example-text.js';
export { definitionName, fileSchema } from './reference/file-schema.js';
export type { JsonSchema } from './reference/json-schema.js';
export type { KeyText } from './reference/key-text.js';
export { LEVEL_TABLE, LEVELS, type Level } from './reference/levels.js';
export { TASK_TEXTS } from './reference/task-texts.js';
export type { SourceFile, UnreadFile } from './directory/compile-file.js';
export { KnownFiles } from './directory/read-files.js';
export { openJobPlaces, type JobPlaces, type Position } from './directory/job-places.js';

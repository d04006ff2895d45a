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
export type { SourceFile, UnreadFile } from './directory/compile-file.js';
export { KnownFiles } from './directory/read-files.js';
export { openJobPlaces, type JobPlaces, type Position } from './directory/job-places.js';

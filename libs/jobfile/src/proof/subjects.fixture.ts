import { compileJobs } from '../directory/compile-jobs.js';
import { parseJobFile } from '../parse-job-file.js';
import { fileSchema } from '../reference/file-schema.js';
import type { JsonSchema } from '../reference/json-schema.js';
import type { SchemaSubject } from './prove-schema.fixture.js';
import { validatorOf } from './validator.fixture.js';

/** Job files: our schema, or one that is held against the loader in its place. */
export function jobSubject(schema: JsonSchema = fileSchema('job')): SchemaSubject {
  const validate = validatorOf(schema);
  return {
    schema: fileSchema('job'),
    isValid: (document) => validate(document),
    problemsOf: (text) => {
      const result = parseJobFile(text, { path: 'job.yaml' });
      return result.ok ? [] : result.problems;
    },
  };
}

/** Files of defaults. */
export function defaultsSubject(): SchemaSubject {
  const schema = fileSchema('defaults');
  const validate = validatorOf(schema);
  return {
    schema,
    isValid: (document) => validate(document),
    problemsOf: (text) =>
      compileJobs([{ path: 'defaults.yaml', bytes: Buffer.from(text) }]).problems,
  };
}

import type { z } from 'zod';
import type { Tree } from '../text/read-tree.js';
import { defaultsShape, jobShape, type DefaultsShape, type JobShape } from './file-shape.js';

/** What a file of one kind may hold at its top, and what it is called in messages. */
export interface TopLevel {
  readonly label: string;
  readonly keys: readonly string[];
  /** Keys of later versions of Petit that a person might write already. */
  readonly later: readonly string[];
}

/** A kind of file that a directory may hold. */
export interface FileKind<T> extends TopLevel {
  readonly shape: z.ZodType<T>;
}

/** A file that is read, with what is to be known of its kind for messages. */
export interface Source extends Tree {
  readonly top: TopLevel;
}

/** A file that defines a job. */
export const JOB_FILE: FileKind<JobShape> = {
  shape: jobShape,
  label: 'the job',
  keys: Object.keys(jobShape.shape),
  later: ['params', 'files', 'priority', 'retention', 'hooks'],
};

/** The file with what all jobs of a directory share. */
export const DEFAULTS_FILE: FileKind<DefaultsShape> = {
  shape: defaultsShape,
  label: 'the defaults',
  keys: Object.keys(defaultsShape.shape),
  later: [],
};

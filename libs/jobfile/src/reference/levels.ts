import type { z } from 'zod';
import {
  commandTaskShape,
  defaultsShape,
  dependencyMapShape,
  dstShape,
  jobShape,
  needsShape,
  pythonTaskShape,
  retryShape,
  scheduleMapShape,
  windowShape,
  withinShape,
} from '../shape/file-shape.js';
import {
  DEFAULTS_TEXTS,
  DEPENDENCY_TEXTS,
  DST_TEXTS,
  JOB_TEXTS,
  SCHEDULE_TEXTS,
  WINDOW_TEXTS,
  WITHIN_TEXTS,
} from './job-texts.js';
import type { KeyText } from './key-text.js';
import { COMMAND_TEXTS, NEEDS_TEXTS, PYTHON_TEXTS, RETRY_TEXTS, TASK_TEXTS } from './task-texts.js';

/** The maps that a file is made of, as the reference calls them. */
export const LEVELS = [
  'job',
  'schedule',
  'dst',
  'job dependency',
  'condition of a job dependency',
  'window in seconds',
  'command task',
  'python task',
  'retry',
  'needs',
  'defaults',
] as const;
export type Level = (typeof LEVELS)[number];

/** A map of the file: what it may hold, and what a person is told of each key. */
export interface LevelEntry {
  readonly shape: z.ZodObject;
  readonly texts: Readonly<Record<string, KeyText>>;
}

/** Every map whose keys are known, by its level. */
export const LEVEL_TABLE: Readonly<Record<Level, LevelEntry>> = {
  job: { shape: jobShape, texts: JOB_TEXTS },
  schedule: { shape: scheduleMapShape, texts: SCHEDULE_TEXTS },
  dst: { shape: dstShape, texts: DST_TEXTS },
  'job dependency': { shape: dependencyMapShape, texts: DEPENDENCY_TEXTS },
  'condition of a job dependency': { shape: withinShape, texts: WITHIN_TEXTS },
  'window in seconds': { shape: windowShape, texts: WINDOW_TEXTS },
  'command task': { shape: commandTaskShape, texts: { ...TASK_TEXTS, ...COMMAND_TEXTS } },
  'python task': { shape: pythonTaskShape, texts: { ...TASK_TEXTS, ...PYTHON_TEXTS } },
  retry: { shape: retryShape, texts: RETRY_TEXTS },
  needs: { shape: needsShape, texts: NEEDS_TEXTS },
  defaults: { shape: defaultsShape, texts: DEFAULTS_TEXTS },
};

/** The level of a shape, or null when it is the shape of no map with keys of its own. */
export function levelOf(shape: unknown): Level | null {
  return LEVELS.find((level) => LEVEL_TABLE[level].shape === shape) ?? null;
}

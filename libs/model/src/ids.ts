import { z } from 'zod';

/** What a person may call a job, a task, a node or a schedule: safe in a path, a URL, a Redis key and a shell. */
export const NAME_PATTERN: RegExp = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/u;

/** The rule of {@link isName} in words, for messages. */
export const NAME_RULE =
  'a letter or digit, then letters, digits, "_", "-" or single dots, 64 characters at most';

/** Whether `text` may name a job, a task or a node. The one validator for every door. */
export function isName(text: string): boolean {
  return NAME_PATTERN.test(text);
}

const name = z.string().refine(isName, { error: `must be ${NAME_RULE}` });

export const jobIdSchema = name.brand<'JobId'>();
export const taskIdSchema = name.brand<'TaskId'>();
export const nodeNameSchema = name.brand<'NodeName'>();

/** A job, as its file calls it. */
export type JobId = z.infer<typeof jobIdSchema>;
/** A task of a job's graph, as its file calls it. */
export type TaskId = z.infer<typeof taskIdSchema>;
/** A board. */
export type NodeName = z.infer<typeof nodeNameSchema>;

/** What a run records a state for: a task, or `task@node` for one node of an `every: true` task. */
export type TaskKey = z.infer<typeof taskKeySchema>;
export const taskKeySchema = z
  .string()
  .refine(isTaskKey, { error: 'must be a task id, or task@node' })
  .brand<'TaskKey'>();

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A run: a UUID in lower case. */
export type RunId = z.infer<typeof runIdSchema>;
export const runIdSchema = z.string().regex(UUID_PATTERN).brand<'RunId'>();

/** One try of one task in one run: `<run>.<task key>.<attempt>`; safe as a file name. */
export type AttemptId = z.infer<typeof attemptIdSchema>;
export const attemptIdSchema = z
  .string()
  .refine((text) => parseAttemptId(text) !== null, { error: 'must be <run>.<task>.<attempt>' })
  .brand<'AttemptId'>();

/** A schedule: its `id:`, or a hash of job, text and zone. */
export const scheduleIdSchema = z.string().min(1).max(140).brand<'ScheduleId'>();
export type ScheduleId = z.infer<typeof scheduleIdSchema>;

function isTaskKey(text: string): boolean {
  const at = text.indexOf('@');
  return at < 0 ? isName(text) : isName(text.slice(0, at)) && isName(text.slice(at + 1));
}

// What follows puts ids together and takes them apart. The parts were checked when they came in, so nothing is checked
// again: a leader does this a dozen times for each task.

/** The key of a task that runs once. */
export function taskKeyOf(task: TaskId): TaskKey {
  return task as string as TaskKey;
}

/** The key of one node's instance of an `every: true` task. */
export function instanceKey(task: TaskId, node: NodeName): TaskKey {
  return `${task}@${node}` as TaskKey;
}

/** The task that a key belongs to, and the node when it is an instance. */
export function splitTaskKey(key: TaskKey): {
  readonly task: TaskId;
  readonly node: NodeName | null;
} {
  const at = key.indexOf('@');
  if (at < 0) return { task: key as string as TaskId, node: null };
  return { task: key.slice(0, at) as TaskId, node: key.slice(at + 1) as NodeName };
}

/** The id of an attempt; `attempt` counts from 1: throws a RangeError for less. */
export function attemptIdOf(run: RunId, key: TaskKey, attempt: number): AttemptId {
  if (!(attempt >= 1))
    throw new RangeError(`attempt ${attempt} of ${run} ${key}: wanted 1 or more`);
  return `${run}.${key}.${attempt}` as AttemptId;
}

/** Takes an attempt id apart, or answers null when `text` is none. */
export function parseAttemptId(
  text: string,
): { readonly run: RunId; readonly key: TaskKey; readonly attempt: number } | null {
  const run = text.slice(0, 36);
  const lastDot = text.lastIndexOf('.');
  if (!UUID_PATTERN.test(run) || text[36] !== '.' || lastDot <= 37) return null;
  const key = text.slice(37, lastDot);
  const attempt = text.slice(lastDot + 1);
  if (!isTaskKey(key) || !/^[1-9][0-9]{0,5}$/.test(attempt)) return null;
  return { run: run as RunId, key: key as TaskKey, attempt: Number(attempt) };
}

/**
 * A run id in any spelling petit's clients use (upper case, no dashes, braces, `urn:uuid:`), or null.
 */
export function parseRunId(text: string): RunId | null {
  const bare = text
    .toLowerCase()
    .replace(/^urn:uuid:/, '')
    .replace(/^\{(.*)\}$/, '$1');
  const dashed = /^[0-9a-f]{32}$/.test(bare)
    ? bare.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : bare;
  const parsed = runIdSchema.safeParse(dashed);
  return parsed.success ? parsed.data : null;
}

/** The run id of the first 16 bytes of a hash: a UUID of version 8, the one for what others define (RFC 9562). */
export function runIdOfHash(hash: Uint8Array): RunId {
  const bytes = [...hash.subarray(0, 16)];
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return runIdSchema.parse(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
}

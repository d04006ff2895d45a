import { mkdir, open, readFile } from 'node:fs/promises';
import type { ProcessIdentity } from '../process/process-identity.js';
import type { AttemptPaths } from './attempt-paths.js';
import { errnoOf, isMissing } from './file-errors.js';
import { decodePercent } from './percent-text.js';

/**
 * The file `started`, made with O_EXCL by whoever decides about the start of an attempt, and only ever appended to.
 * Its first line decides, and never changes:
 *
 *     supervisor <pid> <start time> <boot id>      this supervisor starts it, nobody else ever will
 *     nobody                                       nobody ever will
 *
 * Then, by the command's process before it becomes the command:
 *
 *     command <pid> <start time> <started at>      milliseconds since the epoch
 *     failed <reason> <message>                    it could not become the command
 */
export type StartToken =
  | { readonly kind: 'absent' }
  /** Made, and its first line not written: its maker is about to, or ended in between. */
  | { readonly kind: 'blank' }
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'taken';
      readonly supervisor: ProcessIdentity;
      readonly bootId: string;
      readonly command: StartedCommand | null;
    };

/** The process that was to become the command: it has its own session and group, by its own number. */
export interface StartedCommand extends ProcessIdentity {
  readonly startedAt: number;
}

/** Reads an attempt's start token. */
export async function readStartToken(path: string): Promise<StartToken> {
  try {
    return parseStartToken(await readFile(path, 'latin1'));
  } catch (error) {
    if (isMissing(error)) return { kind: 'absent' };
    throw error;
  }
}

/** Reads the text of a start token. A first line that is not understood means what a supervisor takes it for: not mine. */
export function parseStartToken(text: string): StartToken {
  const lines = text.split('\n').slice(0, -1);
  const [first] = lines;
  if (first === undefined) return { kind: 'blank' };
  const taken = /^supervisor ([0-9]+) ([0-9]+) (\S*)$/.exec(first);
  if (taken === null) return { kind: 'nobody' };
  return {
    kind: 'taken',
    supervisor: { pid: Number(taken[1]), startTime: taken[2] ?? '' },
    bootId: decodePercent(taken[3] ?? ''),
    command: parseCommand(lines),
  };
}

function parseCommand(lines: readonly string[]): StartedCommand | null {
  for (const line of lines) {
    const command = /^command ([0-9]+) ([0-9]+) ([0-9]+)$/.exec(line);
    if (command === null) continue;
    return {
      pid: Number(command[1]),
      startTime: command[2] ?? '',
      startedAt: Number(command[3]),
    };
  }
  return null;
}

/**
 * Makes the token of an attempt that nobody has started, so that nobody ever will. True when nobody will: also when
 * that had been decided before. False when a supervisor has it.
 */
export async function claimForNobody(paths: AttemptPaths): Promise<boolean> {
  await mkdir(paths.directory, { recursive: true, mode: 0o700 });
  try {
    await appendNobody(paths.started, 'ax');
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  return (await settleStartToken(paths.started)).kind === 'nobody';
}

/**
 * Reads a start token, and one that was left blank it fills in first, so that it is blank no longer: a supervisor that
 * was only slow reads the first line again before it starts anything.
 */
export async function settleStartToken(path: string): Promise<StartToken> {
  const token = await readStartToken(path);
  if (token.kind !== 'blank') return token;
  await appendNobody(path, 'a');
  return await readStartToken(path);
}

async function appendNobody(path: string, flags: 'a' | 'ax'): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.appendFile('nobody\n');
  } finally {
    await file.close();
  }
}

import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ProcessIdentity } from '../process/process-identity.js';
import type { AttemptPaths } from './attempt-paths.js';
import { errnoOf, isMissing } from './file-errors.js';
import { decodePercent } from './percent-text.js';

/**
 * The file `started`: who decided about the start of an attempt. It is written under another name and then linked to
 * this one, which the system refuses when it is there already; so one decides, and nobody sees half a decision. Its
 * first line is the decision:
 *
 *     supervisor <pid> <start time> <boot id>      this supervisor starts it, nobody else ever will
 *     nobody                                       nobody ever will
 *
 * The process that is to become the command appends:
 *
 *     command <pid> <start time> <started at>      milliseconds since the epoch
 *     failed <reason> <message>                    it could not become the command
 */
export type StartToken =
  | { readonly kind: 'absent' }
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'taken';
      readonly supervisor: ProcessIdentity;
      readonly bootId: string;
      readonly command: StartedCommand | null;
    }
  /** Not as anyone writes it: what a power cut leaves of a file that had not reached the disk. */
  | { readonly kind: 'damaged' };

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

/** Reads the text of a start token; an incomplete last line is left out. */
export function parseStartToken(text: string): StartToken {
  const [first, ...rest] = text.split('\n').slice(0, -1);
  if (first === 'nobody') return { kind: 'nobody' };
  const [, pid, startTime, bootId] = /^supervisor ([0-9]+) ([0-9]+) (\S+)$/.exec(first ?? '') ?? [];
  if (pid === undefined || startTime === undefined || bootId === undefined) {
    return { kind: 'damaged' };
  }
  return {
    kind: 'taken',
    supervisor: { pid: Number(pid), startTime },
    bootId: decodePercent(bootId),
    command: rest.map(parseCommand).find((command) => command !== null) ?? null,
  };
}

function parseCommand(line: string): StartedCommand | null {
  const [, pid, startTime, startedAt] = /^command ([0-9]+) ([0-9]+) ([0-9]+)$/.exec(line) ?? [];
  if (pid === undefined || startTime === undefined) return null;
  return { pid: Number(pid), startTime, startedAt: Number(startedAt) };
}

/**
 * Makes the token of an attempt that nobody has started, so that nobody ever will. True when nobody will: also when
 * that had been decided before. False when a supervisor has it.
 */
export async function claimForNobody(paths: AttemptPaths): Promise<boolean> {
  await mkdir(paths.directory, { recursive: true, mode: 0o700 });
  const draft = `${paths.started}.${randomUUID()}`;
  await writeFile(draft, 'nobody\n', { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, paths.started);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    return (await readStartToken(paths.started)).kind === 'nobody';
  } finally {
    await rm(draft, { force: true });
  }
}

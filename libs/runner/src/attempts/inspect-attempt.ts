import type { AttemptEnd } from '@petit/model';
import { killGroup } from '../process/kill-group.js';
import { isAlive } from '../process/process-identity.js';
import type { AttemptPaths } from './attempt-paths.js';
import { readEnd } from './end-record.js';
import { readStartToken, type StartToken } from './start-token.js';

/** What is true of an attempt on this board, by its files and `/proc`. */
export type Standing =
  /** It has no start token. Whoever relies on that makes the token first, see `claimNeverStarted`. */
  | { readonly kind: 'never_started' }
  /** It was never started and never will be: `claimNeverStarted` has seen to it. */
  | { readonly kind: 'given_up' }
  /** Its supervisor lives. `pid` is the command's, null in the moment before the command is there. */
  | { readonly kind: 'running'; readonly pid: number | null }
  | { readonly kind: 'ended'; readonly end: AttemptEnd }
  /** Its supervisor is gone, or the board has restarted, and no end was written. What was left of its process group is killed. */
  | { readonly kind: 'unknown'; readonly startedAt: number | null; readonly reason: string };

/** Finds out how an attempt stands; of an attempt whose supervisor is gone it kills what is left. */
export async function inspectAttempt(options: {
  readonly paths: AttemptPaths;
  readonly bootId: string;
}): Promise<Standing> {
  const { paths, bootId } = options;
  const token = await readStartToken(paths.started);
  switch (token.kind) {
    case 'absent':
      return { kind: 'never_started' };
    case 'nobody':
      return { kind: 'given_up' };
    case 'damaged':
      return await inspectDamaged(paths);
    case 'taken':
      return await inspectTaken(paths, token, bootId);
    default:
      return token satisfies never;
  }
}

async function inspectDamaged(paths: AttemptPaths): Promise<Standing> {
  const end = await readEnd(paths.end);
  if (end !== null) return { kind: 'ended', end };
  return {
    kind: 'unknown',
    startedAt: null,
    reason: 'its start token is damaged, as by a power cut',
  };
}

async function inspectTaken(
  paths: AttemptPaths,
  token: StartToken & { kind: 'taken' },
  bootId: string,
): Promise<Standing> {
  const isSameBoot = token.bootId === bootId;
  const supervisorLives = isSameBoot && (await isAlive(token.supervisor));
  // In this order: a supervisor may write the end and exit between two looks, but not the other way round.
  const end = await readEnd(paths.end);
  if (end !== null) return { kind: 'ended', end };
  if (supervisorLives) return { kind: 'running', pid: token.command?.pid ?? null };
  return await concludeUnknown(token, isSameBoot);
}

async function concludeUnknown(
  token: StartToken & { kind: 'taken' },
  isSameBoot: boolean,
): Promise<Standing> {
  const startedAt = token.command?.startedAt ?? null;
  const { pid } = token.supervisor;
  if (!isSameBoot)
    return { kind: 'unknown', startedAt, reason: 'the board restarted before it ended' };
  const isGone = token.command === null || (await killGroup(token.command));
  const rest = isGone ? '' : `, and processes of group ${token.command?.pid} do not die`;
  return { kind: 'unknown', startedAt, reason: `its supervisor (pid ${pid}) was killed${rest}` };
}

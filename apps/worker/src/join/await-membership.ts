import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, PetitError, type NodeName } from '@petit/model';
import { decodeInvitation, type SigningKey } from '@petit/protocol';
import type { Log } from '@petit/daemon';
import { writeMembership, type Membership } from '../identity/membership.js';
import { joinCluster } from './join-cluster.js';

export interface AwaitMembershipOptions {
  readonly dataDir: string;
  /** Holds an invitation, now or later. */
  readonly joinFile: string;
  readonly node: NodeName;
  readonly key: SigningKey;
  readonly signal: AbortSignal;
  readonly log: Log;
}

const LOOK_EVERY_MS = 500;
const TRY_EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 60_000;

/**
 * Waits until a file holds an invitation and a leader has taken it, however long that is; null once `signal` is
 * aborted. What waiting may mend (no Redis, no leader, an old invitation) is logged and tried again; a name that is
 * taken is thrown.
 */
export async function awaitMembership(options: AwaitMembershipOptions): Promise<Membership | null> {
  const { dataDir, joinFile, signal, log } = options;
  let isWaiting = false;
  while (!signal.aborted) {
    const token = await readToken(joinFile);
    if (token === null) {
      if (!isWaiting) log.info({ joinFile }, 'waits_for_invitation');
      isWaiting = true;
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    const membership = await tryToJoin(token, options);
    if (membership !== null) {
      writeMembership(dataDir, membership);
      return membership;
    }
    await pause(TRY_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

async function tryToJoin(
  token: string,
  { joinFile, node, key, signal, log }: AwaitMembershipOptions,
): Promise<Membership | null> {
  try {
    return await joinCluster({
      invitation: decodeInvitation(token),
      node,
      key,
      timeoutMs: ANSWER_WITHIN_MS,
      onWaiting: () => log.info('waits_for_leader'),
      signal,
    });
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof PetitError) || error.code === 'NAME_TAKEN') throw error;
    log.warn({ joinFile, code: error.code, reason: messageOf(error) }, 'join_failed');
    return null;
  }
}

async function readToken(path: string): Promise<string | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return text === '' ? null : text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

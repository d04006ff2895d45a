import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { memberSchema, PetitError, type NodeName } from '@petit/model';
import {
  importPublicKey,
  isLocalRedis,
  joinProof,
  open,
  type Invitation,
  type Signed,
  type SigningKey,
} from '@petit/protocol';
import { hideCredentials, openDeadline } from '@petit/daemon';
import { connectRedis, refusalBehind, refusalOf, type Redis } from '@petit/store/shared';
import { createWorkerStore, type WorkerStore } from '@petit/store/worker';
import { openNudges } from '../control/nudges.js';
import type { Membership } from '../identity/membership.js';

export interface JoinOptions {
  readonly invitation: Invitation;
  readonly node: NodeName;
  readonly key: SigningKey;
  /** How long a leader may take to answer; Redis has a bound of its own. */
  readonly timeoutMs: number;
  /** Called once when no leader has answered for some seconds. */
  readonly onWaiting: () => void;
  readonly signal: AbortSignal;
}

const REDIS_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 500;
const LOOKS_BETWEEN_REQUESTS = 10;

/**
 * Asks the cluster of an invitation to make this worker a member, and waits for the answer. Asked again with the same
 * name and key, the answer is the same. Throws REDIS_UNAVAILABLE, LEADER_UNREACHABLE, NAME_TAKEN, or BAD_JOIN_TOKEN
 * when Redis or a leader refused the invitation.
 */
export async function joinCluster(options: JoinOptions): Promise<Membership> {
  const { invitation, node } = options;
  const redis = await connectWithin(options);
  try {
    const member = await askToJoin(createWorkerStore(redis), options);
    const { clusterKey } = invitation;
    return { v: 1, node, redis: invitation.redis, clusterKey, member };
  } finally {
    redis.disconnect();
  }
}

async function connectWithin({ invitation, node, signal }: JoinOptions): Promise<Redis> {
  let lastError = 'no answer';
  const unmendable = new AbortController();
  const redis = connectRedis(invitation.redis, {
    name: `join-${node}`,
    onError: (error) => {
      lastError = error.message;
      const refusal = refusalOf(error);
      if (refusal !== null) unmendable.abort(refusal);
    },
    unanswered: 'resend',
  });
  // Errors are expected while it tries: `once` would take the first for the end, so it waits for another event.
  const ready = new Promise<void>((resolve) => redis.once('ready', resolve));
  using deadline = openDeadline(REDIS_TIMEOUT_MS, [signal, unmendable.signal]);
  if (!deadline.signal.aborted) await Promise.race([ready, once(deadline.signal, 'abort')]);
  if (redis.status === 'ready') return redis;
  redis.disconnect();
  signal.throwIfAborted();
  const { aborted, reason } = unmendable.signal;
  const refusal = aborted ? String(reason) : await refusalBehind(invitation.redis);
  throw refusal === null
    ? unavailable(invitation.redis.url, lastError)
    : notTaken(invitation.redis.url, refusal);
}

function notTaken(url: string, why: string): PetitError {
  return new PetitError(
    'BAD_JOIN_TOKEN',
    `Redis at ${hideCredentials(url)}, as the invitation has it, cannot be used: ${why}; ask for a new invitation with "petit-ctl nodes invite"`,
  );
}

function unavailable(url: string, why: string): PetitError {
  const advice = isLocalRedis(url)
    ? '; that address is of use on the board of Redis alone: for other boards set PETIT_REDIS_URL_FOR_WORKERS on the leader, and invite again'
    : '';
  return new PetitError(
    'REDIS_UNAVAILABLE',
    `Redis does not answer at ${hideCredentials(url)}: ${why}${advice}`,
  );
}

async function askToJoin(store: WorkerStore, options: JoinOptions): Promise<Signed> {
  const { invitation, node, key, timeoutMs, onWaiting, signal } = options;
  const { publicText: publicKey } = key;
  const proof = joinProof(invitation.secret, node, publicKey);
  const request = { v: 1, node, publicKey, invitationId: invitation.id, proof } as const;
  using answers = openAnswers(options);
  // A refusal is said once. Were it missed, the next one would come with the next request.
  await answers.heard(LOOK_EVERY_MS);
  for (let look = 0; look * LOOK_EVERY_MS < timeoutMs; look += 1) {
    signal.throwIfAborted();
    const member = await readOwnMember(store, options);
    if (member !== null) return member;
    if (answers.isRefused()) throw refused(node);
    if (look % LOOKS_BETWEEN_REQUESTS === 0) await store.requestJoin(request);
    if (look === LOOKS_BETWEEN_REQUESTS) onWaiting();
    await answers.wait();
  }
  throw new PetitError(
    'LEADER_UNREACHABLE',
    `Redis answers at ${hideCredentials(invitation.redis.url)}, but no leader answered the request of ${node} within ${timeoutMs / 1_000} s; is one running?`,
  );
}

interface Answers extends Disposable {
  /** Resolves when an answer would be heard, or after so long. */
  heard(timeoutMs: number): Promise<void>;
  isRefused(): boolean;
  /** Resolves with the next answer, or after a while. */
  wait(): Promise<void>;
}

function openAnswers({ invitation, node }: JoinOptions): Answers {
  let isRefused = false;
  let wake: (() => void) | null = null;
  const nudges = openNudges({
    address: invitation.redis,
    node,
    onNudge: (text) => {
      isRefused ||= text === 'refused';
      wake?.();
    },
    // The main connection tells of an outage.
    onError: () => undefined,
  });
  return {
    heard: (timeoutMs) => Promise.race([nudges.heard, pause(timeoutMs)]),
    isRefused: () => isRefused,
    wait: () => {
      const nudged = new Promise<void>((resolve) => {
        wake = resolve;
      });
      return Promise.race([nudged, pause(LOOK_EVERY_MS)]);
    },
    [Symbol.dispose]: () => nudges[Symbol.dispose](),
  };
}

/** The member record of this very worker; null while there is none. */
async function readOwnMember(store: WorkerStore, options: JoinOptions): Promise<Signed | null> {
  const { invitation, node, key } = options;
  const signed = await store.readMember(node);
  if (signed === null) return null;
  const clusterKey = importPublicKey(invitation.clusterKey);
  if (clusterKey === null) throw notOfThisCluster(node);
  const member = open(signed, { publicKey: clusterKey, kind: 'member', schema: memberSchema });
  if (!member.ok) throw notOfThisCluster(node);
  if (member.value.publicKey === key.publicText && member.value.node === node) return signed;
  throw new PetitError(
    'NAME_TAKEN',
    `another worker of this cluster has the name ${node}; join with another one: petit-worker join TOKEN --name NAME`,
    { details: { node } },
  );
}

function refused(node: NodeName): PetitError {
  return new PetitError(
    'BAD_JOIN_TOKEN',
    `the leader refused the invitation of ${node}: it was withdrawn, or is of another cluster; ask for a new one with "petit-ctl nodes invite"`,
  );
}

function notOfThisCluster(node: NodeName): PetitError {
  return new PetitError(
    'BAD_JOIN_TOKEN',
    `the cluster at this Redis did not sign the member record of ${node}: the invitation is of another cluster`,
  );
}

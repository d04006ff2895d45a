import { createHmac, timingSafeEqual } from 'node:crypto';
import { nodeNameSchema, PetitError } from '@petit/model';
import { z } from 'zod';
import { parseJson } from './signed.js';

export const redisAddressSchema = z.strictObject({
  /** `unix:/path` or `unix://user:password@/path`, `redis://user:password@host:port/db`, `rediss://` for TLS. */
  url: z.string().min(1).max(2_000),
  /** PEM of the authority that signed Redis' certificate, for `rediss://`. */
  ca: z.string().max(20_000).nullable(),
});
/** Where Redis is. */
export type RedisAddress = z.infer<typeof redisAddressSchema>;

/** A Redis behind a socket of this machine. */
export interface RedisSocket {
  readonly path: string;
  readonly username: string | null;
  readonly password: string | null;
}

const SOCKET_URL = /^unix:(?:\/\/(?:([^:@/]*):([^:@/]+)@)?)?(\/[^/].*)$/;

/** Reads `unix:/path` or `unix://user:password@/path`, with percent escapes in user and password; null for other texts. */
export function parseRedisSocket(url: string): RedisSocket | null {
  const [, username = '', password = '', path] = SOCKET_URL.exec(url) ?? [];
  if (path === undefined || /%(?![0-9a-f]{2})/i.test(username + password)) return null;
  return { path, username: decoded(username), password: decoded(password) };
}

/** Whether only the machine of Redis itself can use an address: a socket, or loopback. */
export function isLocalRedis(url: string): boolean {
  if (parseRedisSocket(url) !== null) return true;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function decoded(text: string): string | null {
  return text === '' ? null : decodeURIComponent(text);
}

export const invitationSchema = z.strictObject({
  v: z.literal(1),
  id: z.string().max(64),
  /** 32 random bytes, base64url: what the joining worker proves that it was invited with. */
  secret: z.string().max(64),
  redis: redisAddressSchema,
  /** The cluster's public key, base64url. */
  clusterKey: z.string().max(64),
});
/** What one token of `petit-ctl nodes invite` holds. */
export type Invitation = z.infer<typeof invitationSchema>;

const TOKEN_PREFIX = 'petit-join-1.';

/** An invitation as the one token that a person carries to a board. */
export function encodeInvitation(invitation: Invitation): string {
  return TOKEN_PREFIX + Buffer.from(JSON.stringify(invitation)).toString('base64url');
}

/** Reads a token; throws BAD_JOIN_TOKEN when it is damaged. */
export function decodeInvitation(token: string): Invitation {
  const text = token.trim();
  const parsed = text.startsWith(TOKEN_PREFIX)
    ? invitationSchema.safeParse(
        parseJson(Buffer.from(text.slice(TOKEN_PREFIX.length), 'base64url').toString('utf8')),
      )
    : null;
  if (parsed?.success !== true) {
    throw new PetitError(
      'BAD_JOIN_TOKEN',
      `this is not a whole invitation: wanted one line that begins with "${TOKEN_PREFIX}", as "petit-ctl nodes invite" prints it`,
    );
  }
  return parsed.data;
}

export const joinRequestSchema = z.strictObject({
  v: z.literal(1),
  node: nodeNameSchema,
  publicKey: z.string().max(64),
  invitationId: z.string().max(64),
  /** HMAC-SHA-256 of node and public key by the invitation's secret, base64url. */
  proof: z.string().max(64),
});
/** A worker's wish to be a member. */
export type JoinRequest = z.infer<typeof joinRequestSchema>;

/** The proof of a join request. */
export function joinProof(secret: string, node: string, publicKey: string): string {
  return createHmac('sha256', Buffer.from(secret, 'base64url'))
    .update(`petit-join:1\n${node}\n${publicKey}`)
    .digest('base64url');
}

/** Whether a request was made by somebody who holds the invitation's secret; in constant time. */
export function isInvited(request: JoinRequest, secret: string): boolean {
  const wanted = Buffer.from(joinProof(secret, request.node, request.publicKey));
  const got = Buffer.from(request.proof);
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}

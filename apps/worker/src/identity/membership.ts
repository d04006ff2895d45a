import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, nodeNameSchema, PetitError, type NodeName } from '@petit/model';
import {
  exportSigningKey,
  generateSigningKey,
  importPublicKey,
  importSigningKey,
  parseJson,
  redisAddressSchema,
  signedSchema,
  type RedisAddress,
  type Signed,
  type SigningKey,
} from '@petit/protocol';
import { writePrivateFile } from '@petit/daemon';
import { z } from 'zod';

/** What a worker knows since it joined. */
export interface Membership {
  readonly v: 1;
  readonly node: NodeName;
  readonly redis: RedisAddress;
  /** The cluster's public key, base64url. */
  readonly clusterKey: string;
  /** The member record, signed with the cluster's key. */
  readonly member: Signed;
}

const membershipSchema: z.ZodType<Membership> = z.strictObject({
  v: z.literal(1),
  node: nodeNameSchema,
  redis: redisAddressSchema,
  clusterKey: z.string().refine((text) => importPublicKey(text) !== null),
  member: signedSchema,
});

const MEMBERSHIP_FILE = 'membership.json';
const KEY_FILE = 'worker.key';

/** Reads the membership of a data directory; null before the worker has joined. Throws CORRUPT_RECORD. */
export function readMembership(dataDir: string): Membership | null {
  const path = join(dataDir, MEMBERSHIP_FILE);
  const text = readIfThere(path);
  if (text === null) return null;
  const parsed = membershipSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new PetitError(
    'CORRUPT_RECORD',
    `${path} is not what "petit-worker join" writes; remove it and join again`,
    { cause: parsed.error },
  );
}

/** Writes the membership for its owner alone, since it may hold Redis' password. Durable when it returns. */
export function writeMembership(dataDir: string, membership: Membership): void {
  const text = `${JSON.stringify(membership, null, 2)}\n`;
  writePrivateFile(join(dataDir, MEMBERSHIP_FILE), text, { sync: true });
}

/** The worker's own key pair: read, or made and written at the first call. Throws CORRUPT_RECORD. */
export function loadWorkerKey(dataDir: string): SigningKey {
  const path = join(dataDir, KEY_FILE);
  const pem = readIfThere(path);
  if (pem === null) {
    const key = generateSigningKey();
    writePrivateFile(path, exportSigningKey(key), { sync: true });
    return key;
  }
  try {
    return importSigningKey(pem);
  } catch (error) {
    throw new PetitError('CORRUPT_RECORD', `${path} is no private key: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

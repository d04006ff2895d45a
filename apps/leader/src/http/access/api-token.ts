import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDirectory, writePrivateFile } from '@petit/daemon';
import { PetitError } from '@petit/model';

/** Whether a text is the cluster's token; takes the same time for every text of one length. */
export type TokenVerifier = (candidate: string) => boolean;

export interface ApiToken {
  readonly token: string;
  readonly path: string;
  /** Made by this call: a first start. */
  readonly created: boolean;
}

const TOKEN_BYTES = 32;
/** What a person may put there instead of ours: as hard to guess, and safe in a header. */
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{32,200}$/;

/**
 * The token of the API, kept in `<dataDir>/token` (0600, closed to others again if it was opened). Made at the first
 * start and used from then on. Throws BAD_SETTINGS when the file holds something that is no token.
 */
export function ensureToken(options: {
  readonly dataDir: string;
  readonly random: (sizeBytes: number) => Uint8Array;
}): ApiToken {
  const path = join(options.dataDir, 'token');
  const stored = readIfThere(path);
  if (stored !== null) return { token: checked(stored, path), path, created: false };
  makePrivateDirectory(options.dataDir);
  const token = `petit_${Buffer.from(options.random(TOKEN_BYTES)).toString('base64url')}`;
  writePrivateFile(path, `${token}\n`, { sync: true });
  return { token, path, created: true };
}

/** Compares hashes, so that neither the length of a token nor how much of it was right can be timed. */
export function verifierOf(token: string): TokenVerifier {
  const wanted = sha256(token);
  return (candidate) => timingSafeEqual(sha256(candidate), wanted);
}

function readIfThere(path: string): string | null {
  try {
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function checked(token: string, path: string): string {
  if (TOKEN_PATTERN.test(token)) return token;
  throw new PetitError(
    'BAD_SETTINGS',
    `${path} holds ${token.length} characters that are no token: wanted 32 to 200 of A-Z, a-z, 0-9, "_" and "-"; remove the file to have a new one made`,
  );
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

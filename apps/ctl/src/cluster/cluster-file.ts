import { readFileSync, statSync } from 'node:fs';
import { messageOf, PetitError } from '@petit/model';

/** A `ctl.json`: where a cluster is. */
export interface ClusterFile {
  readonly path: string;
  readonly server: string;
  /** Relative to the file, or absolute; null sends no token. */
  readonly tokenFile: string | null;
}

const OTHERS_MAY_WRITE = 0o022;

/**
 * Reads a `ctl.json`, null when there is none. One that belongs to another user (root aside), or that others may
 * write, is refused with BAD_SETTINGS: it could send this user's token to an address of its choice.
 */
export function readClusterFile(path: string, uid: number | null): ClusterFile | null {
  const text = readText(path);
  if (text === null) return null;
  const { mode, uid: owner } = statSync(path);
  if (uid !== null && owner !== uid && owner !== 0) {
    throw bad(
      path,
      `it belongs to user ${owner}, not to you; remove it, or name the cluster with --server`,
    );
  }
  if ((mode & OTHERS_MAY_WRITE) !== 0) {
    throw bad(path, `others may write it; run: chmod go-w ${path}`);
  }
  return parse(path, text);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw bad(path, messageOf(error));
  }
}

function parse(path: string, text: string): ClusterFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(path, messageOf(error));
  }
  const { server, tokenFile = null, ...rest } = isObject(value) ? value : {};
  const unknown = Object.keys(rest);
  if (typeof server !== 'string' || unknown.length > 0) {
    throw bad(path, 'wanted {"server": "http://...", "tokenFile": "..."} and nothing else');
  }
  if (tokenFile !== null && typeof tokenFile !== 'string') {
    throw bad(path, '"tokenFile" must be the path of a file');
  }
  return { path, server, tokenFile };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function bad(path: string, why: string): PetitError {
  return new PetitError('BAD_SETTINGS', `${path}: ${why}`);
}

import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PetitError } from '@petit/model';
import type { CtlContext } from '../cli/context.js';
import { readClusterFile, type ClusterFile } from './cluster-file.js';

/** What was said on the command line about where the cluster is. */
export interface ClusterFlags {
  readonly server?: string;
  readonly tokenFile?: string;
}

/** Where a leader is asked, with what, and what said so. */
export interface Cluster {
  readonly server: string;
  readonly token: string | null;
  /** What named the address, for messages. */
  readonly serverFrom: string;
}

const DEFAULT_SERVER = 'http://127.0.0.1:8565';

/**
 * Where the cluster is: flags, then PETIT_SERVER, PETIT_TOKEN and PETIT_TOKEN_FILE, then the nearest `.petit/ctl.json`
 * upwards of the current directory, then `petit/ctl.json` in the user's configuration, then this machine. The token of
 * a file is sent only to the address in the same file. Throws BAD_SETTINGS for what cannot be read.
 */
export function findCluster(flags: ClusterFlags, context: CtlContext): Cluster {
  const { environment } = context;
  const file = findFile(context);
  const named = flags.server ?? variable(environment['PETIT_SERVER']);
  const server = named ?? file?.server ?? DEFAULT_SERVER;
  const own = readOwnToken(flags, context);
  return {
    server,
    token: own ?? (file !== null && sameAddress(file.server, server) ? tokenOf(file) : null),
    serverFrom: whoNamed({ flags, named, file }),
  };
}

function whoNamed(from: {
  readonly flags: ClusterFlags;
  readonly named: string | undefined;
  readonly file: ClusterFile | null;
}): string {
  if (from.flags.server !== undefined) return '--server';
  if (from.named !== undefined) return 'PETIT_SERVER';
  return from.file?.path ?? 'the default';
}

function findFile(context: CtlContext): ClusterFile | null {
  const { environment, cwd, home, uid } = context;
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const found = readClusterFile(join(directory, '.petit', 'ctl.json'), uid);
    if (found !== null) return found;
    if (directory === dirname(directory)) break;
  }
  const config = variable(environment['XDG_CONFIG_HOME']) ?? join(home, '.config');
  return readClusterFile(join(config, 'petit', 'ctl.json'), uid);
}

function readOwnToken(flags: ClusterFlags, { environment, cwd }: CtlContext): string | null {
  if (flags.tokenFile !== undefined)
    return readToken(resolve(cwd, flags.tokenFile), '--token-file');
  const token = variable(environment['PETIT_TOKEN']);
  if (token !== undefined) return token.trim();
  const path = variable(environment['PETIT_TOKEN_FILE']);
  return path === undefined ? null : readToken(resolve(cwd, path), 'PETIT_TOKEN_FILE');
}

function tokenOf({ path, tokenFile }: ClusterFile): string | null {
  return tokenFile === null ? null : readToken(resolve(dirname(path), tokenFile), path);
}

function readToken(path: string, saidBy: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new PetitError('BAD_SETTINGS', `token file ${path} (from ${saidBy}) cannot be read`, {
      cause: error,
    });
  }
}

function sameAddress(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return one === other;
  return bareAddress(one) === bareAddress(other);
}

function bareAddress(address: string): string {
  return new URL(address).href.replace(/\/$/, '');
}

function variable(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

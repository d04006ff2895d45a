import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { messageOf, PetitError } from '@petit/model';
import type { CtlContext } from '../../cli/context.js';
import type { CrontabFormat, CrontabSource } from '../../import/crontab/read-crontab.js';

/** Which crontabs are asked for. */
export interface SourceFlags {
  /** True: one's own. */
  readonly user?: string | true;
  readonly system?: boolean;
}

/** Where a cron keeps the crontabs of users: Debian's, cronie's, that of SUSE. */
const SPOOLS = ['/var/spool/cron/crontabs', '/var/spool/cron', '/var/spool/cron/tabs'] as const;
/** Debian's cron reads no other names in `cron.d`: not `backup.dpkg-old`, nor `backup~`. */
const READ_NAME = /^[A-Za-z0-9_-]+$/;
const USER_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const MOST_BYTES = 4 * 1_048_576;

/** Reads the crontabs that are asked for. Throws NOT_FOUND, FORBIDDEN or BAD_REQUEST with what is in the way. */
export function readSources(
  paths: readonly string[],
  flags: SourceFlags,
  context: CtlContext,
): readonly CrontabSource[] {
  const { user, system } = flags;
  if (user !== undefined && (system === true || paths.length > 0))
    throw new PetitError('BAD_REQUEST', 'wanted one of FILE, --user and --system');
  if (user !== undefined) return [readUser(user === true ? userInfo().username : user, context)];
  if (system === true) {
    const asked = paths.length > 0 ? paths : ['/etc'];
    return asked.flatMap((path) => readSystem(path, context));
  }
  if (paths.length === 0)
    throw new PetitError('BAD_REQUEST', 'wanted a crontab: FILE, "-", --user or --system');
  return paths.map((path) => readOne(path, { kind: 'user', user: null }, context));
}

/** The text of a file, of standard input for `-`. */
export function readText(path: string, context: CtlContext): string {
  try {
    return decode(readFileSync(path === '-' ? 0 : resolve(context.cwd, path)), path);
  } catch (error) {
    if (error instanceof PetitError) throw error;
    throw new PetitError('NOT_FOUND', `${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new PetitError('BAD_REQUEST', `${path} is not UTF-8 text`, { cause: error });
  }
}

function readOne(path: string, format: CrontabFormat, context: CtlContext): CrontabSource {
  const shown = path === '-' ? 'standard input' : path;
  const text = readText(path, context);
  if (text.length > MOST_BYTES)
    throw new PetitError(
      'TOO_LARGE',
      `${shown} has ${text.length} characters: wanted 4 MB at most`,
    );
  return { path: shown, text, format };
}

/** `/etc`, or a copy of it from another machine: its `crontab` and what cron reads of its `cron.d`; or one file. */
function readSystem(path: string, context: CtlContext): readonly CrontabSource[] {
  const format = { kind: 'system' } as const;
  const root = resolve(context.cwd, path);
  if (path === '-' || !isDirectory(root)) return [readOne(path, format, context)];
  const directory = join(root, 'cron.d');
  const names = isDirectory(directory) ? readdirSync(directory).toSorted() : [];
  const files = [
    ...(existsSync(join(root, 'crontab')) ? [join(root, 'crontab')] : []),
    ...names.filter((name) => READ_NAME.test(name)).map((name) => join(directory, name)),
  ];
  if (files.length === 0)
    throw new PetitError('NOT_FOUND', `${path} has neither a crontab nor files in cron.d`);
  return files.map((file) => readOne(shownPath(file, context), format, context));
}

/** As seen from where one is, where that is below; else in full. */
function shownPath(file: string, { cwd }: CtlContext): string {
  const path = relative(cwd, file);
  return path.startsWith('..') ? file : path;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A user's crontab: as `crontab` lists it, or from where cron keeps it. */
function readUser(user: string, context: CtlContext): CrontabSource {
  if (!USER_NAME.test(user))
    throw new PetitError('BAD_REQUEST', `user ${JSON.stringify(user)}: wanted the name of a user`);
  const format = { kind: 'user', user } as const;
  // Debian's lets nobody but root name a user, not even oneself.
  const own = userInfo().username === user;
  const tries = [['-l', '-u', user], ...(own ? [['-l']] : [])];
  const failures: string[] = [];
  for (const args of tries) {
    const listed = listCrontab(args, context);
    if (listed.ok) return { path: `crontab of ${user}`, text: listed.text, format };
    failures.push(listed.message);
  }
  const kept = SPOOLS.map((spool) => join(spool, user)).find((path) => existsSync(path));
  if (kept !== undefined) return readOne(kept, format, context);
  throw new PetitError(
    'NOT_FOUND',
    `the crontab of ${user} cannot be read: ${failures.join('; ')}`,
  );
}

type Listed =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

function listCrontab(args: readonly string[], { environment }: CtlContext): Listed {
  try {
    const output = execFileSync('crontab', args, {
      env: { PATH: environment['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
      maxBuffer: MOST_BYTES,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 10_000,
    });
    return { ok: true, text: decode(output, 'crontab -l') };
  } catch (error) {
    if (error instanceof PetitError) throw error;
    return { ok: false, message: failureOf(error) };
  }
}

/** The last line that `crontab` said, or that there is none. */
function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  if ('code' in error && error.code === 'ENOENT') return 'there is no program "crontab" here';
  const said = 'stderr' in error && Buffer.isBuffer(error.stderr) ? String(error.stderr) : '';
  return said.trim().split('\n').at(-1) || error.message;
}

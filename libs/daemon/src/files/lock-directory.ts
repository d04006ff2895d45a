import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PetitError } from '@petit/model';
import { makePrivateDirectory } from './private-file.js';
import { processStartOf } from './process-start.js';

/** A directory that this process alone works in, until it is disposed. */
export interface DirectoryLock extends Disposable {
  readonly path: string;
}

interface Holder {
  readonly boot: string;
  readonly pid: number;
  readonly start: string;
}

const LOCK_NAME = /^lock-([0-9a-f]{8})-([0-9]{1,10})-([0-9]{1,20})$/;

/**
 * Takes a data directory (made with mode 0700 when missing) for this process alone. Throws ALREADY_RUNNING, naming the
 * pid, while another live process holds it.
 *
 * A lock is an empty file whose name says who holds it: boot, pid and the start time of the process, which together
 * name one process for ever. So a lock whose holder is gone can be told from a live one and removed by anybody without
 * a race: no later process can have that name. Who wants the lock makes its own file first and looks at the others
 * after: of two that start at once, at least one sees the other, so never both hold it (both may give up).
 * All holders must see the same pids: containers that share a directory must not share a lock.
 */
export function lockDirectory(directory: string): DirectoryLock {
  makePrivateDirectory(directory);
  const own: Holder = {
    boot: bootName(),
    pid: process.pid,
    start: processStartOf(process.pid) ?? '0',
  };
  const path = join(directory, nameOf(own));
  writeFileSync(path, '', { mode: 0o600 });
  for (const other of otherHolders(directory, own)) {
    if (isGone(other, own.boot)) {
      rmSync(join(directory, nameOf(other)), { force: true });
      continue;
    }
    rmSync(path, { force: true });
    throw new PetitError(
      'ALREADY_RUNNING',
      `${directory} is in use by process ${other.pid}; stop that one first, or name another directory`,
      { details: { pid: other.pid, directory } },
    );
  }
  return { path: directory, [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

function otherHolders(directory: string, own: Holder): readonly Holder[] {
  return readdirSync(directory).flatMap((name) => {
    const [, boot, pid, start] = LOCK_NAME.exec(name) ?? [];
    if (boot === undefined || pid === undefined || start === undefined) return [];
    return name === nameOf(own) ? [] : [{ boot, pid: Number(pid), start }];
  });
}

function isGone(holder: Holder, boot: string): boolean {
  return holder.boot !== boot || processStartOf(holder.pid) !== holder.start;
}

function nameOf({ boot, pid, start }: Holder): string {
  return `lock-${boot}-${pid}-${start}`;
}

function bootName(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
}

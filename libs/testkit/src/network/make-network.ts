import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Machine } from './machine.js';

/** Two machines joined by one cable, seen by nobody else. Disposing removes both, and the kernel would if this process died. */
export interface Network extends AsyncDisposable {
  readonly a: Machine;
  readonly b: Machine;
  /** Pulls the cable out at B. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Not every machine lets a test make networks: then this says why. */
export type MadeNetwork =
  | { readonly kind: 'made'; readonly network: Network }
  | { readonly kind: 'unavailable'; readonly why: string };

const CABLE = 'cable';
const READY = 'ready';
// Debian keeps `ip` where only root's PATH looks.
const TOOLS_PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

/**
 * Makes two network namespaces with a veth pair between them. They have no names: a process holds each, and ends when
 * this one does, so nothing can be left behind. An ordinary user gets them inside a user namespace of its own.
 */
export async function makeNetwork(): Promise<MadeNetwork> {
  const holders: ChildProcess[] = [];
  try {
    return { kind: 'made', network: await joinTwo(holders) };
  } catch (error) {
    await end(holders);
    return { kind: 'unavailable', why: error instanceof Error ? error.message : String(error) };
  }
}

async function joinTwo(holders: ChildProcess[]): Promise<Network> {
  const isRoot = process.getuid?.() === 0;
  const first = await hold(['unshare', ...(isRoot ? [] : ['--user', '--map-root-user']), '--net']);
  holders.push(first);
  const asRoot = isRoot
    ? []
    : ['nsenter', `--user=${spaceOf(first, 'user')}`, '--preserve-credentials', '--'];
  const second = await hold([...asRoot, 'unshare', '--net']);
  holders.push(second);
  const [a, b] = [first, second].map(
    (holder, index) =>
      new Machine({
        address: `10.77.0.${index + 1}`,
        launcher: [...asRoot, 'nsenter', `--net=${spaceOf(holder, 'net')}`, '--'],
      }),
  ) as [Machine, Machine];
  await ip(a, `link add ${CABLE} type veth peer name ${CABLE} netns ${second.pid}`);
  for (const machine of [a, b]) {
    const address = `address add ${machine.address}/24 dev ${CABLE}`;
    await ip(machine, `link set lo up\n${address}\nlink set ${CABLE} up`);
  }
  return {
    a,
    b,
    cut: () => ip(b, `link set ${CABLE} down`),
    mend: () => ip(b, `link set ${CABLE} up`),
    [Symbol.asyncDispose]: () => end(holders),
  };
}

/** A process in namespaces of its own, which are there as long as it is: until its standard input ends. */
async function hold(argv: readonly string[]): Promise<ChildProcess> {
  const [program, ...args] = [...argv, 'sh', '-c', `echo ${READY}; exec cat`];
  const child = spawn(program, args, { env: { PATH: TOOLS_PATH }, stdio: 'pipe' });
  const failed = once(child, 'close');
  const [first] = await Promise.race([once(child.stdout, 'data'), failed]);
  if (String(first).trim() !== READY)
    throw new Error(`${argv.join(' ')}: ${(await text(child.stderr)).trim()}`);
  return child;
}

async function ip({ launcher }: Machine, batch: string): Promise<void> {
  const [program, ...args] = [...launcher, 'ip', '-batch', '-'];
  const child = spawn(program, args, { env: { PATH: TOOLS_PATH }, stdio: 'pipe' });
  child.stdin.end(`${batch}\n`);
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`ip: ${said.trim()}`);
}

function spaceOf({ pid }: ChildProcess, kind: 'net' | 'user'): string {
  return `/proc/${pid}/ns/${kind}`;
}

async function end(holders: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    holders.map(async (holder) => {
      if (holder.exitCode !== null || holder.signalCode !== null) return;
      const ended = once(holder, 'close');
      holder.stdin?.end();
      await ended;
    }),
  );
}

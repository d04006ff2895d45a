import { connect, type Socket } from 'node:net';
import type { ProcessIdentity } from '../process/process-identity.js';
import { encodeFrame, FrameReader } from './frame.js';

/** What a supervisor answers to a request; `gone` when it went before it answered. */
export type Answer =
  | { readonly kind: 'started' | 'already_started' | 'stopping' | 'gone' }
  | { readonly kind: 'failed'; readonly message: string };

/** A connection to a living supervisor. */
export interface SupervisorLink {
  readonly name: string;
  /** The connection is broken, or was closed; `onClosed` may be called only later. */
  readonly isLost: boolean;
  readonly process: ProcessIdentity;
  /** What it runs, as far as it has told. */
  readonly attempts: ReadonlySet<string>;
  request(kind: RequestKind, fields: readonly string[]): Promise<Answer>;
  /** Hangs up; `onClosed` is not called then. */
  close(): void;
}

/** Each names an attempt in its first field, but `stop_all`. */
export type RequestKind = 'start' | 'refuse' | 'stop' | 'stop_all';

/** The agent that started a supervisor is its owner; a later one adopts it, and does not keep it from exiting. */
export type Role = 'owner' | 'adopter';

export interface LinkOptions {
  readonly name: string;
  /** Of the socket; may be longer than an address of a unix socket. */
  readonly directoryFd: number;
  readonly role: Role;
  readonly welcomeWithinMs: number;
  readonly onEnded: (attemptId: string, record: string) => void;
  readonly onClosed: (link: SupervisorLink) => void;
}

/** `dead`: nobody listens there. `silent`: someone does, and says nothing. */
export type Connection = SupervisorLink | 'dead' | 'silent';

const PROTOCOL = '1';

/** Connects to the supervisor of that name, and waits for its first words. */
export async function connectSupervisor(options: LinkOptions): Promise<Connection> {
  const socket = await openSocket(`/proc/self/fd/${options.directoryFd}/${options.name}.sock`);
  if (socket === null) return 'dead';
  return await new Promise<Connection>((resolve) => {
    const timer = setTimeout(() => {
      resolve('silent');
      socket.destroy();
    }, options.welcomeWithinMs);
    talk(socket, options, (connection) => {
      clearTimeout(timer);
      resolve(connection);
    });
    socket.write(encodeFrame(['hello', options.role]));
  });
}

function openSocket(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

/** Serves the connection until it closes; calls `settle` with the link at the welcome, or with `dead` at an early end. */
function talk(
  socket: Socket,
  options: LinkOptions,
  settle: (connection: Connection) => void,
): void {
  const reader = new FrameReader();
  const state: LinkState = { socket, options, attempts: new Set(), waiting: new Map(), link: null };
  socket.on('data', (chunk: Buffer) => {
    for (const fields of reader.take(chunk)) {
      if (state.link !== null) {
        takeMessage(state, fields);
        continue;
      }
      state.link = makeLink(state, fields);
      settle(state.link ?? 'silent');
      if (state.link === null) return void socket.destroy();
    }
  });
  // What an error says, the close that follows it says as well.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    settle('dead');
    for (const answer of state.waiting.values()) answer({ kind: 'gone' });
    if (state.link !== null) options.onClosed(state.link);
  });
}

interface LinkState {
  readonly socket: Socket;
  readonly options: LinkOptions;
  readonly attempts: Set<string>;
  readonly waiting: Map<string, (answer: Answer) => void>;
  link: SupervisorLink | null;
}

function makeLink(state: LinkState, welcome: readonly string[]): SupervisorLink | null {
  const [word, protocol, pid, startTime, ...running] = welcome;
  if (word !== 'welcome' || protocol !== PROTOCOL || startTime === undefined) return null;
  for (const attemptId of running) state.attempts.add(attemptId);
  let lastNumber = 0;
  return {
    name: state.options.name,
    get isLost() {
      return state.socket.destroyed;
    },
    process: { pid: Number(pid), startTime },
    attempts: state.attempts,
    request: (kind, fields) =>
      new Promise((resolve) => {
        if (state.socket.destroyed) return resolve({ kind: 'gone' });
        const number = String((lastNumber += 1));
        state.waiting.set(number, (answer) => {
          const [attemptId] = fields;
          if (answer.kind === 'started' && attemptId !== undefined) state.attempts.add(attemptId);
          resolve(answer);
        });
        state.socket.write(encodeFrame([kind, number, ...fields]));
      }),
    close: () => {
      state.link = null;
      state.socket.destroy();
    },
  };
}

function takeMessage(state: LinkState, fields: readonly string[]): void {
  const [kind, first = '', second = '', third = ''] = fields;
  if (kind === 'answer') {
    state.waiting.get(first)?.(answerOf(second, third));
    state.waiting.delete(first);
  } else if (kind === 'began') {
    state.attempts.add(first);
  } else if (kind === 'ended') {
    state.attempts.delete(first);
    state.options.onEnded(first, second);
  }
}

function answerOf(outcome: string, text: string): Answer {
  switch (outcome) {
    case 'started':
    case 'already_started':
    case 'stopping':
      return { kind: outcome };
    default:
      return { kind: 'failed', message: text };
  }
}

import { connect } from 'node:net';
import { waitFor } from '../wait-for.js';

/** The server, seen from outside: where it listens, and whether it still lives. */
export interface StartingServer {
  readonly socketPath: string;
  readonly password: string | undefined;
  readonly timeoutMs: number;
  /** Why the process ended, once it has. */
  readonly ended: () => string | undefined;
}

/**
 * Asks PING until the answer is PONG, that is until the data is loaded and commands are served.
 * Throws when the bound is reached, and at once when the process has ended.
 */
export async function waitUntilReady(server: StartingServer): Promise<void> {
  const outcome = await waitFor(
    async () => {
      const reason = server.ended();
      if (reason !== undefined) return { reason };
      const reply = await ask(server);
      return reply.includes('+PONG') ? { reason: undefined } : undefined;
    },
    { what: `Redis at ${server.socketPath} to answer PING`, timeoutMs: server.timeoutMs },
  );
  if (outcome.reason !== undefined) {
    throw new Error(`Redis ended before it answered: ${outcome.reason}`);
  }
}

/** One PING on a connection of its own; resolves with the raw replies. */
function ask({ socketPath, password }: StartingServer): Promise<string> {
  const login = password === undefined ? '' : command('AUTH', password);
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(socketPath, () => socket.end(login + command('PING') + command('QUIT')));
    socket.setEncoding('utf8');
    socket.setTimeout(1000, () => socket.destroy(new Error('no reply within 1000 ms')));
    socket.on('data', (text: string) => (reply += text));
    socket.on('error', reject);
    socket.on('close', () => resolve(reply));
  });
}

// An array of bulk strings, https://redis.io/docs/latest/develop/reference/protocol-spec/
function command(...words: readonly string[]): string {
  const bulk = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${bulk.join('')}`;
}

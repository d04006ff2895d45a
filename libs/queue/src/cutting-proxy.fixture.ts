import { once } from 'node:events';
import { createServer, createConnection, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { makeTempDir } from '@petit/testkit';

/** Stands between a client and a Redis, and can cut a connection when a command was done and not answered. */
export interface CuttingProxy extends AsyncDisposable {
  readonly socketPath: string;
  /** Cuts the connection that next sends `command`, once Redis has answered it. Resolves when that was done. */
  cutReplyTo(command: string): Promise<void>;
}

export async function openCuttingProxy(redisSocketPath: string): Promise<CuttingProxy> {
  const home = await makeTempDir('petit-cut-', '/tmp');
  const socketPath = join(home.path, 'proxy.sock');
  const sockets = new Set<Socket>();
  let armed: { readonly command: string; readonly done: () => void } | null = null;
  const server: Server = createServer((client) => {
    const redis = createConnection(redisSocketPath);
    let isToBeCut: (() => void) | null = null;
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        redis.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (armed !== null && bytes.includes(armed.command)) {
        isToBeCut = armed.done;
        armed = null;
      }
      redis.write(bytes);
    });
    redis.on('data', (bytes) => {
      if (isToBeCut === null) {
        client.write(bytes);
        return;
      }
      client.destroy();
      isToBeCut();
    });
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    socketPath,
    cutReplyTo: (command) =>
      new Promise((done) => {
        armed = { command, done };
      }),
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await home[Symbol.asyncDispose]();
    },
  };
}

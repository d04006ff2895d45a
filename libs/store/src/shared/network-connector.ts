import { createConnection, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';

/**
 * Makes the sockets of connections over a network. ioredis' own hears one error of each and no more, but a TLS socket
 * that is closed in the midst of its handshake has two: the second would end the process.
 */
export class NetworkConnector extends AbstractConnector {
  readonly #options: RedisOptions;

  constructor(options: unknown) {
    super((options as RedisOptions).disconnectTimeout ?? 2_000);
    this.#options = options as RedisOptions;
  }

  /** Begins to connect. The socket is made a turn later, as ioredis does it; by then it may have been told to stop. */
  override async connect(): Promise<Socket | TLSSocket> {
    this.connecting = true;
    await new Promise((resolve) => process.nextTick(resolve));
    if (!this.connecting) throw new Error('Connection is closed.');
    const { host, port, family, tls } = this.#options;
    const address = { host, port, family } as ConnectionOptions & { port: number };
    const socket =
      tls === undefined ? createConnection(address) : connectTls({ ...address, ...tls });
    socket.on('error', (error) => (this.firstError = error));
    this.stream = socket;
    return socket;
  }
}

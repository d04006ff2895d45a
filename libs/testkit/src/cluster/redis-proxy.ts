import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/**
 * Stands between a process and its Redis and can lose an answer: what was asked for is done, and nobody is told. The
 * hardest case of an outage, and one that killing Redis at a random moment hardly ever meets.
 */
export class RedisProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: string;
  readonly #open = new Set<Socket>();
  #wanted: { readonly text: string; left: number } | null = null;
  #lost = 0;

  private constructor(server: Server, target: string) {
    this.#server = server;
    this.#target = target;
    server.on('connection', (client) => this.#join(client));
  }

  /** Listens at `socketPath` for what is meant for the Redis at `target`, both unix sockets. */
  static async open(socketPath: string, target: string): Promise<RedisProxy> {
    const server = createServer();
    server.listen(socketPath);
    await once(server, 'listening');
    return new RedisProxy(server, target);
  }

  /** How many answers were lost. */
  get lost(): number {
    return this.#lost;
  }

  /** From now on, of each request that holds `text` the answer is lost with its connection, `times` times. */
  loseAnswers(text: string, times: number): void {
    this.#wanted = { text, left: times };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    const redis = connect(this.#target);
    let isLosing = false;
    this.#pair(client, redis);
    client.on('data', (bytes) => {
      if (!isLosing && this.#isWanted(bytes)) isLosing = true;
      redis.write(bytes);
    });
    redis.on('data', (bytes) => {
      if (!isLosing) return void client.write(bytes);
      this.#lost += 1;
      client.destroy();
    });
  }

  #pair(client: Socket, redis: Socket): void {
    for (const [one, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      this.#open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
    }
  }

  #isWanted(bytes: Buffer): boolean {
    const wanted = this.#wanted;
    if (wanted === null || wanted.left === 0 || !bytes.includes(wanted.text)) return false;
    wanted.left -= 1;
    return true;
  }
}

import { Redis } from 'ioredis';

/**
 * A connection whose commands of one turn of the event loop leave in one write, in the order in which they were asked
 * for. A leader that places fifty tasks, or a worker that reports one, finishes it and takes the next, then pays for one
 * system call instead of one for each command, and so does Redis, which also answers in one write. Nothing waits longer
 * than until the turn is over. Other than with auto-pipelining of ioredis, nothing is sent out of order: transactions
 * and scripts go the same way.
 */
export class GatheringRedis extends Redis {
  override sendCommand(...sent: Parameters<Redis['sendCommand']>): unknown {
    if (this.status === 'ready') this.#gather();
    return super.sendCommand(...sent);
  }

  #gather(): void {
    const { stream } = this;
    if (stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
}

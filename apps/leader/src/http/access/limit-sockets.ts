import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Bounds the connections of a server: beyond either number a new one is closed at once, so that one machine that
 * opens thousands takes neither the memory nor the places of the others.
 */
export function limitSockets(
  server: Server,
  limits: { readonly sockets: number; readonly socketsPerAddress: number },
): void {
  server.maxConnections = limits.sockets;
  const perAddress = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? 'unknown';
    const count = perAddress.get(address) ?? 0;
    if (count >= limits.socketsPerAddress) {
      socket.destroy();
      return;
    }
    perAddress.set(address, count + 1);
    socket.once('close', () => {
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left === 0) perAddress.delete(address);
      else perAddress.set(address, left);
    });
  });
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import { PetitError } from '@petit/model';

const MAX_TRIES = 50;

/** The first port from `first` on that nothing listens at on this machine's loopback; throws CONFLICT. */
export async function freePort(first: number): Promise<number> {
  const last = Math.min(first + MAX_TRIES, 65_535);
  for (let port = first; port <= last; port++) if (await isFree(port)) return port;
  throw new PetitError(
    'CONFLICT',
    `no port from ${first} to ${last} is free; name another with --port`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}

import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseJson } from '@petit/protocol';
import { healthReportSchema, type HealthReport } from './health-report.js';

const NAME = 'health.sock';

/**
 * Tells whoever connects to a socket in the data directory how the agent does. A socket and not a file: a file that is
 * written at each beat costs an SD card its life. The caller holds the lock of the directory.
 */
export async function openHealthSocket(
  dataDir: string,
  report: () => HealthReport,
): Promise<AsyncDisposable> {
  const directory = openDirectory(dataDir);
  rmSync(join(dataDir, NAME), { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(JSON.stringify(report()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: directory.path }, resolve);
  });
  return {
    [Symbol.asyncDispose]: async () => {
      // It removes the socket too.
      await new Promise((resolve) => server.close(resolve));
      directory.close();
    },
  };
}

/** Asks the agent of a data directory; null when none is there, or it says nothing for `timeoutMs`. */
export async function askHealth(dataDir: string, timeoutMs: number): Promise<HealthReport | null> {
  const directory = openDirectory(dataDir);
  const socket = connect({ path: directory.path });
  try {
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer')));
    const parsed = healthReportSchema.safeParse(parseJson(await text(socket)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  } finally {
    socket.destroy();
    directory.close();
  }
}

/** By its descriptor, since an address of a unix socket holds 107 bytes and a path may be longer. */
function openDirectory(dataDir: string): { readonly path: string; readonly close: () => void } {
  const fd = openSync(dataDir, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${fd}/${NAME}`, close: () => closeSync(fd) };
}

import { existsSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { makePrivateDirectory, writePrivateFile } from '@petit/daemon';
import type { House } from './house.js';

/** Writes the configuration of a Redis that belongs to one `up`: a private socket, no port, nothing evicted, an AOF. */
export function writeRedisConfig({ redisDir, redisSocket }: House): string {
  makePrivateDirectory(redisDir);
  makePrivateDirectory(dirname(redisSocket));
  const path = join(redisDir, 'redis.conf');
  writePrivateFile(
    path,
    [
      '# Written by petit-ctl up at each start.',
      'port 0',
      `unixsocket ${quoted(redisSocket)}`,
      'unixsocketperm 700',
      `dir ${quoted(redisDir)}`,
      'daemonize no',
      'appendonly yes',
      'appendfsync everysec',
      'maxmemory-policy noeviction',
      'save ""',
      '',
    ].join('\n'),
  );
  return path;
}

/** Whether the server at a socket serves commands: it does not while it loads its data. */
export function answersPing(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect(socketPath, () => socket.end('*1\r\n$4\r\nPING\r\n'));
    socket.setEncoding('utf8');
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (text: string) => (reply += text));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(reply.startsWith('+PONG')));
  });
}

/** Removes what a Redis that was killed leaves of its socket. */
export function removeSocket({ dataDir, redisSocket }: House): void {
  rmSync(redisSocket, { force: true });
  const directory = dirname(redisSocket);
  if (!directory.startsWith(dataDir) && existsSync(directory))
    rmSync(directory, { recursive: true });
}

// Redis reads the escapes of C in double quotes; of those JSON writes, it knows all that a path can hold.
function quoted(path: string): string {
  return JSON.stringify(path);
}

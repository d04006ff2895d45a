import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTempDir } from '../temp-dir.js';
import { freePort } from './free-port.js';
import { findRedisServer } from './find-redis-server.js';
import { type RedisConfig, TEST_CONFIG, writeRedisConfig } from './redis-config.js';
import { RedisServer } from './redis-server.js';

export interface RedisServerOptions {
  /** Where its data is kept; the caller's to remove. Default: a temporary one, removed by `stop`. */
  readonly dataDir?: string;
  /** Listens on TCP too, at 127.0.0.1: on this port, or on a free one. Default: socket only. */
  readonly port?: number | 'free';
  /** Asked of every connection. */
  readonly password?: string;
  /** Directives that are added to, or replace, those of `TEST_CONFIG`. */
  readonly config?: RedisConfig;
  /** Path of the server program. Default: found in PATH, else in the checkout's `.setup`. */
  readonly program?: string;
  /** Words in front of its command line, such as those that enter a network of a test. Default none. */
  readonly launcher?: readonly string[];
}

// sun_path of unix(7) holds 108 bytes with the final NUL; mkdtemp and the file's name need 25.
const LONGEST_SOCKET_PATH_BYTES = 107;
const SETUP_DIR = fileURLToPath(new URL('../../../../.setup', import.meta.url));

/**
 * Starts a real Redis (or Valkey) of its own for a test, on a unix socket in a fresh directory, and
 * resolves when it answers. It ends with `stop`, with `await using`, or with this process.
 */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const program = options.program ?? findRedisServer(searchHere());
  const home = await makeTempDir('petit-redis-', socketBase());
  const dataDir = options.dataDir ?? join(home.path, 'data');
  await mkdir(dataDir, { recursive: true });
  const port = options.port === 'free' ? await freePort() : options.port;
  const configPath = join(home.path, 'redis.conf');
  const socketPath = join(home.path, 'redis.sock');
  await writeFile(configPath, configText({ ...options, dataDir, port, socketPath }));
  await chmod(configPath, 0o600);
  const server = new RedisServer({
    argv: [...(options.launcher ?? []), program, configPath],
    home,
    dataDir,
    socketPath,
    port,
    password: options.password,
  });
  try {
    await server.start();
  } catch (error) {
    const log = await readFile(server.logPath, 'utf8').catch(() => '');
    await server.stop();
    throw new Error(`${program} did not start; its log ends:\n${log.slice(-2000)}`, {
      cause: error,
    });
  }
  return server;
}

interface Listening {
  readonly dataDir: string;
  readonly socketPath: string;
  readonly port: number | undefined;
  readonly password?: string;
  readonly config?: RedisConfig;
}

function configText({ dataDir, socketPath, port, password, config }: Listening): string {
  return writeRedisConfig({
    ...TEST_CONFIG,
    dir: quoted(dataDir),
    unixsocket: quoted(socketPath),
    ...(port === undefined ? {} : { port: String(port) }),
    ...(password === undefined ? {} : { requirepass: quoted(password) }),
    ...config,
  });
}

// Redis reads the escapes of C in double quotes; of those JSON writes, it knows all we can meet.
function quoted(value: string): string {
  return JSON.stringify(value);
}

function socketBase(): string {
  const base = tmpdir();
  return base.length + 1 + 'petit-redis-XXXXXX/redis.sock'.length <= LONGEST_SOCKET_PATH_BYTES
    ? base
    : '/tmp';
}

function searchHere(): { pathEntries: readonly string[]; setupDir: string } {
  return { pathEntries: (process.env['PATH'] ?? '').split(':'), setupDir: SETUP_DIR };
}

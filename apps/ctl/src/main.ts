import { homedir, hostname, userInfo } from 'node:os';
import type { WriteStream } from 'node:tty';
import type { Output } from './cli/context.js';
import { runCtl } from './cli/run-ctl.js';

const VERSION = '0.1.0';

process.stdout.on('error', endQuietly);
process.stderr.on('error', endQuietly);

process.exitCode = await runCtl({
  args: process.argv.slice(2),
  environment: process.env,
  cwd: process.cwd(),
  home: homedir(),
  uid: process.getuid?.() ?? null,
  clientName: `petit-ctl ${userName()}@${hostname()}`,
  now: () => Date.now(),
  tzdata: process.versions['tz'] ?? 'unknown',
  newKey: () => crypto.randomUUID(),
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  programUrl: import.meta.url,
  version: VERSION,
});

// A user that no file names, as in a container, has a number only.
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '?');
  }
}

// Writes to terminals, files and pipes are synchronous on Linux, so nothing is lost at exit.
function outputOf(stream: WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.isTTY ? stream.columns : null;
    },
    get rows() {
      return stream.isTTY ? stream.rows : null;
    },
  };
}

// The reader of a pipe that has seen enough (`petit-ctl runs | head`) is no error; nor is a terminal that was closed.
function endQuietly(error: Error): void {
  if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'EIO')) throw error;
  // What has more to do than to print (`up`) listens to this and stops in order.
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(0);
}

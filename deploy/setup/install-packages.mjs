import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expected, megabytes, say, seconds } from './say.mjs';

/** Runs `npm ci` when there are no packages yet, or others than the lock file names. */
export async function installPackages({ root, setupDir }) {
  const stampPath = join(setupDir, 'installed-lock');
  const lockPath = join(root, 'package-lock.json');
  const lock = createHash('sha256').update(readFileSync(lockPath)).digest('hex');
  if (isInstalled({ root, lockPath, stampPath, lock })) {
    say('packages', 'installed as the lock file says');
    return;
  }
  say('packages', 'installing from the lock file ...');
  const startedAtMs = performance.now();
  await runNpm(root);
  writeFileSync(stampPath, `${lock}\n`);
  const size = sizeBelow(join(root, 'node_modules'));
  say('packages', `installed in ${seconds(startedAtMs)}, ${megabytes(size)} on disk`);
}

// npm writes its own record after each install; a later one than the lock's is a person's
// `npm install`, which is as good as ours.
export function isInstalled({ root, lockPath, stampPath, lock }) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8').trim() === lock) return true;
  const written = { record: statSync(record).mtimeMs, lock: statSync(lockPath).mtimeMs };
  // One install writes both, in no set order.
  const sameInstallMs = 2_000;
  return written.record >= written.lock - sameInstallMs;
}

async function runNpm(root) {
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Inside `npm start` this is the npm that runs us, wherever it is.
  const npm = process.env.npm_execpath;
  const [program, ...args] =
    npm === undefined ? ['npm', ...flags] : [process.execPath, npm, ...flags];
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit').catch((error) => [error.message]);
  if (code !== 0) throw expected(`npm ci ended with ${code}; what it says stands above`);
}

function sizeBelow(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) => sum + lstatSync(join(entry.parentPath ?? entry.path, entry.name)).size,
      0,
    );
}

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

// Packages change with the lock file; the others are what bundling itself writes.
const NOT_INPUTS = new Set(['node_modules', 'bundle', 'site', 'src']);

/** The newest time of change of the files and folders, and of all they hold that can be bundled. */
export function newestChange(paths) {
  return Math.max(...paths.filter((path) => existsSync(path)).map(newestOf));
}

function newestOf(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const inner = readdirSync(path, { withFileTypes: true })
    .filter((entry) => !NOT_INPUTS.has(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => newestOf(join(path, entry.name)));
  return Math.max(0, ...inner);
}

export function filesBelow(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** By way of a draft and a rename, so that no program that starts now reads half a file. */
export function writeIfChanged({ path, contents, mode }, draft) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(draft, contents);
  chmodSync(draft, mode);
  renameSync(draft, path);
}

export function removeOthers(directory, wanted) {
  for (const path of filesBelow(directory)) if (!wanted.has(path)) rmSync(path);
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expected, say, seconds } from './say.mjs';

/** Compiles and bundles; both do little when nothing has changed. */
export function build(root) {
  const startedAtMs = performance.now();
  runNode(root, ['node_modules/typescript/bin/tsc', '-b']);
  runNode(root, ['deploy/bundle.mjs']);
  say('build', `up to date in ${seconds(startedAtMs)}`);
}

function runNode(root, [script, ...args]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw expected(`${[script, ...args].join(' ')} failed:\n${stdout}${stderr}`);
}

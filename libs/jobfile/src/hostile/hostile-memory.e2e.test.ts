import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HOSTILE_FILES, LOADING } from './hostile-files.fixture.js';

const PROGRAM = fileURLToPath(new URL('load-hostile.fixture.js', import.meta.url));
/** For a file that is refused; 40 to 103 were seen alone, and up to 115 on a busy machine. */
const MAX_REFUSED_MB = 125;
/** For one that loads, with every value of it in the job. */
const MAX_LOADED_MB = 175;
/** What is garbage already counts until it is collected, and on a busy machine that comes later: so the least of some. */
const TRIES = 3;

suite('P8 a file just within the limits makes the loader grow by a stated number of MB', () => {
  for (const name of Object.keys(HOSTILE_FILES)) {
    test(name, () => {
      const most = LOADING.has(name) ? MAX_LOADED_MB : MAX_REFUSED_MB;
      let least = Number.POSITIVE_INFINITY;
      for (let tries = 0; tries < TRIES && least >= most; tries += 1) {
        const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, name], {
          encoding: 'utf8',
        });
        assert.equal(stderr, '');
        const told = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
        assert.equal(told['jobs'], LOADING.has(name) ? 1 : 0);
        least = Math.min(least, Number(told['grownMb']));
      }
      assert.ok(least < most, `grown by ${least.toFixed(0)} MB`);
    });
  }
});

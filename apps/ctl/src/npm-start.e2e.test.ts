import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { copyCheckout, freePort, makeTempDir } from '@petit/testkit';
import { assertNothingLeft, startInGroup } from './testing/start-up.fixture.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

test('npm start shows the first run to its end; one Ctrl-C, which goes to npm too, ends it with 0 and leaves nothing', async () => {
  await using home = await makeTempDir('petit-npm-start-');
  copyCheckout(ROOT, home.path);
  const port = String(await freePort());
  await using start = startInGroup(['npm', 'start', '--', '--port', port], home.path);
  await start.printed(/^> exec node deploy\/start\.mjs/m);
  await start.printed(/^build +up to date/m);
  await start.printed(/✓ pipeline completed/);
  await start.printed(/ stop {2,}Ctrl-C/);
  assert.doesNotMatch(start.text(), /warn/i);
  start.signalGroup('SIGINT');
  assert.equal(await start.ended, 0, start.text());
  assert.match(start.text(), /down +nothing runs any more/);
  assert.doesNotMatch(start.text(), /npm ERR|npm error|Error:/);
  await assertNothingLeft(home.path);
  assert.ok(readdirSync(join(home.path, '.petit')).length > 0, 'but the history');
});

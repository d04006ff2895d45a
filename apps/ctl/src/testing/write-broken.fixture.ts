// A program: writes anew what `petit-ctl validate` is expected to say of the broken job files.
import { writeFileSync } from 'node:fs';
import { BROKEN_DIRECTORIES, expectedPath, validateBroken } from './validate-broken.fixture.js';

for (const directory of BROKEN_DIRECTORIES) {
  const { text } = await validateBroken(directory);
  writeFileSync(expectedPath(directory), text);
}

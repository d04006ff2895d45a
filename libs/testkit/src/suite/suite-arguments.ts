import { parseArgs } from 'node:util';
import { RINGS, type Ring } from './find-test-files.js';

export const SUITE_USAGE = `npm test -- [--ring pure|redis|e2e]... [PATH]...
  Without arguments: every check and every test. PATH is part of a test file's path.
  npm test -- --ring pure              what needs no Redis
  npm test -- libs/store ids.test      the files whose path holds one of these`;

export interface SuiteArguments {
  readonly rings: readonly Ring[];
  readonly paths: readonly string[];
}

/** Reads the arguments of `npm test`. Throws, with the usage, when they are not understood. */
export function readSuiteArguments(argv: readonly string[]): SuiteArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { ring: { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const rings = (values.ring ?? RINGS).map((text) => {
    const ring = RINGS.find((known) => known === text);
    if (ring === undefined) throw new Error(`--ring "${text}": want ${RINGS.join(', ')}`);
    return ring;
  });
  return { rings, paths: positionals };
}

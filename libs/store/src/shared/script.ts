import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';

/** A Lua file with what it includes, ready to be called. */
export interface Script {
  readonly name: string;
  readonly text: string;
  readonly sha: string;
}

/** Where the Lua files are: beside a bundle, or in the package. */
const LUA_DIRS = ['./lua/', '../../lua/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/**
 * Reads `lua/<name>.lua`; each line `-- @include x` is replaced by `lua/shared/x.lua`. Throws when a file is missing.
 */
export function loadScript(name: string): Script {
  const text = readLua(name).replace(/^-- @include ([a-z-]+)$/gm, (_line, part: string) =>
    readLua(`shared/${part}`),
  );
  return { name, text, sha: createHash('sha1').update(text).digest('hex') };
}

function readLua(name: string): string {
  const path = LUA_DIRS.map((dir) => `${dir}${name}.lua`).find((candidate) =>
    existsSync(candidate),
  );
  if (path === undefined) throw new Error(`no Lua file ${name}.lua in ${LUA_DIRS.join(' or ')}`);
  return readFileSync(path, 'utf8');
}

/** Calls a script: by its digest, and with its text when Redis does not have it yet. */
export async function callScript(
  redis: Redis,
  script: Script,
  call: { readonly keys: readonly string[]; readonly args: readonly (string | number | Buffer)[] },
): Promise<unknown> {
  const parameters = [call.keys.length, ...call.keys, ...call.args];
  try {
    return await redis.evalsha(script.sha, ...asTuple(parameters));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(script.text, ...asTuple(parameters));
  }
}

function asTuple(
  parameters: (string | number | Buffer)[],
): [number, ...(string | number | Buffer)[]] {
  const [first, ...rest] = parameters;
  return [Number(first), ...rest];
}

/** The answer of a script that has a closed list of them; anything else is a mistake of ours. */
export function oneOf<const Answer extends string>(
  script: Script,
  answer: unknown,
  answers: readonly Answer[],
): Answer {
  const found = answers.find((one) => one === answer);
  if (found === undefined) throw new Error(`${script.name}.lua answered ${JSON.stringify(answer)}`);
  return found;
}

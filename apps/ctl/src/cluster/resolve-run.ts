import type { PetitClient } from '@petit/client';
import { PetitError } from '@petit/model';

const WHOLE_ID = /^[0-9a-f]{32}$/;
const PREFIX = /^[0-9a-f]{4,31}$/;
const PAGE = 100;
const MAX_PAGES = 10;

/**
 * The id of the run that a person means: a whole id in any spelling, its first four characters or more, `last`, or
 * `JOB:last`. Throws NOT_FOUND when there is none, BAD_REQUEST when it could be several or is no such text.
 */
export async function resolveRun(client: PetitClient, text: string): Promise<string> {
  if (text === 'last') return newest(client, null);
  if (text.endsWith(':last')) return newest(client, text.slice(0, -':last'.length));
  const bare = bareId(text);
  if (WHOLE_ID.test(bare))
    return bare.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (PREFIX.test(bare)) return byPrefix(client, bare);
  throw new PetitError(
    'BAD_REQUEST',
    `run ${JSON.stringify(text)}: wanted a run id or at least its first 4 characters, "last", or "JOB:last"`,
  );
}

async function newest(client: PetitClient, jobId: string | null): Promise<string> {
  const { runs } = await client.runs({ limit: 1, ...(jobId === null ? {} : { jobId }) });
  const [run] = runs;
  if (run !== undefined) return run.id;
  const which = jobId === null ? '' : ` of job "${jobId}"`;
  throw new PetitError('NOT_FOUND', `there is no run${which} yet`);
}

async function byPrefix(client: PetitClient, prefix: string): Promise<string> {
  const found: string[] = [];
  let seen = 0;
  let before: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { runs } = await client.runs({
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    seen += runs.length;
    found.push(...runs.map(({ id }) => id).filter((id) => bareId(id).startsWith(prefix)));
    before = runs.at(-1)?.id;
    if (runs.length < PAGE) break;
  }
  const [run, ...others] = found;
  if (run === undefined) {
    throw new PetitError('NOT_FOUND', `no run among the last ${seen} begins with "${prefix}"`);
  }
  if (others.length > 0) {
    throw new PetitError('BAD_REQUEST', `"${prefix}" begins several runs: ${found.join(', ')}`);
  }
  return run;
}

function bareId(text: string): string {
  return text
    .toLowerCase()
    .replace(/^urn:uuid:/, '')
    .replace(/[{}-]/g, '');
}

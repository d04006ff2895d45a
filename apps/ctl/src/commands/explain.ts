import type { PetitClient } from '@petit/client';
import { isName, PetitError } from '@petit/model';
import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';
import { resolveRun } from '../cluster/resolve-run.js';
import type { Answer } from '../show/answer.js';

const EXAMPLES = [
  'petit-ctl explain last',
  'petit-ctl explain backup',
  'petit-ctl explain backup@2026-03-29T02:30',
].join('\n');

export function defineExplain(parent: Command, context: CtlContext): void {
  const command = parent
    .command('explain')
    .argument(
      '<what>',
      'a job; a run: its id, its beginning, "last" or "JOB:last"; a tick: JOB@ and an instant, or the wall time in its zone',
    )
    .description(
      'Why a job is held or when it is due, why a run waits or ended as it did, what was decided about a tick: the stored reasons.',
    );
  readingCommand(command, EXAMPLES).action((what: string, flags: ReadingFlags) =>
    printExplain(what, flags, context),
  );
}

async function printExplain(what: string, flags: ReadingFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: `explain ${what}`, flags, context }, async ({ client, keep }) => {
    const answer = await explain(client, what);
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}

async function explain(client: PetitClient, what: string): Promise<Answer> {
  const at = what.indexOf('@');
  if (at > 0) {
    const view = await client.explainTick(what.slice(0, at), what.slice(at + 1));
    return { kind: 'explain_tick', view };
  }
  const job = meansRun(what) ? null : await explainJob(client, what);
  if (job !== null) return job;
  return { kind: 'explain', view: await client.explain(await resolveRun(client, what)) };
}

/** What can be nothing but a run; `last` is the last one, also where a job is called so. */
function meansRun(what: string): boolean {
  return what === 'last' || !isName(what) || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(what);
}

/** A job of that name, or null: then the text may be the beginning of a run id. */
async function explainJob(client: PetitClient, name: string): Promise<Answer | null> {
  try {
    return { kind: 'explain_job', view: await client.explainJob(name) };
  } catch (error) {
    const isNone = error instanceof PetitError && error.code === 'NOT_FOUND';
    if (isNone && /^[0-9a-f-]{4,36}$/i.test(name)) return null;
    throw error;
  }
}

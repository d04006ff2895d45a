import { PetitError } from '@petit/model';
import type { JobView } from '@petit/protocol';
import type { Command } from 'commander';
import { countArgument } from '../cli/arguments.js';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { instantArgument, zoneArgument } from '../cli/time-arguments.js';
import { askCluster } from '../cluster/open-cluster.js';
import { planDay } from '../timing/day-plan.js';
import { localZone } from '../timing/local-zone.js';
import { makePreview } from '../timing/preview.js';
import { sourceOfText, sourcesOfJob } from '../timing/schedule-source.js';

interface NextFlags extends ReadingFlags {
  readonly number: number;
  readonly cron?: string;
  readonly tz?: string;
  readonly from?: number;
  readonly day?: boolean;
}

const DEFAULT_COUNT = 10;
const MAX_COUNT = 100;
const EXAMPLES = [
  'petit-ctl next -n 3',
  'petit-ctl next backup --from 2027-03-27',
  "petit-ctl next --cron '30 2 * * *' --tz Europe/Berlin",
  'petit-ctl next --day',
].join('\n');

export function defineNext(parent: Command, context: CtlContext): void {
  const command = parent
    .command('next')
    .argument('[job]', 'only this job, with what changes of the clocks do to it')
    .description(
      'What is due next: of all jobs, of one, of a cron text (no cluster is asked then), or the coming day drawn.',
    )
    .option('-n, --number <n>', 'how many', countArgument(1, MAX_COUNT), DEFAULT_COUNT)
    .option('--cron <text>', 'of this schedule, without a cluster')
    .option(
      '--tz <zone>',
      'with --cron: its time zone (default: UTC); with --day: whose hours (default: yours)',
      zoneArgument,
    )
    .option('--from <instant>', 'from then on, such as 2027-03-28T00:00Z', instantArgument)
    .option('--day', 'the coming 24 hours as a picture, one row a job');
  readingCommand(command, EXAMPLES).action((job: string | undefined, flags: NextFlags) =>
    printNext(job, flags, context),
  );
}

async function printNext(
  job: string | undefined,
  flags: NextFlags,
  context: CtlContext,
): Promise<void> {
  refuseContradictions(job, flags);
  if (flags.cron !== undefined) return printText(flags.cron, flags, context);
  if (flags.day === true) return printDay(flags, context);
  if (job !== undefined) return printJob(job, flags, context);
  return flags.from === undefined ? printTicks(flags, context) : printAll(flags, context);
}

function refuseContradictions(job: string | undefined, flags: NextFlags): void {
  const { cron, day, tz } = flags;
  const given = [
    ...(job === undefined ? [] : ['JOB']),
    ...(cron === undefined ? [] : ['--cron']),
    ...(day === true ? ['--day'] : []),
  ];
  if (given.length > 1) throw new PetitError('BAD_REQUEST', `wanted one of ${given.join(' and ')}`);
  if (tz !== undefined && cron === undefined && day !== true) {
    throw new PetitError(
      'BAD_REQUEST',
      '--tz goes with --cron or --day; a job has the zones of its schedules',
    );
  }
}

async function printText(text: string, flags: NextFlags, context: CtlContext): Promise<void> {
  const sources = [sourceOfText(text, flags.tz ?? 'UTC')];
  const view = makePreview({ sources, from: flags.from ?? context.now(), count: flags.number });
  await printAnswer({ kind: 'preview', view }, flags, context);
}

async function printTicks(flags: NextFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: 'next', flags, context }, async ({ client, keep }) => {
    const answer = { kind: 'next', view: await client.nextTicks(flags.number) } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}

async function printJob(job: string, flags: NextFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: `next ${job}`, flags, context }, async ({ client, keep }) => {
    const found = await client.job(job);
    const from = flags.from ?? context.now();
    const sources = sourcesOfJob(found);
    const answer = {
      kind: 'preview',
      view: makePreview({ sources, from, count: flags.number }),
    } as const;
    keep(answer);
    if (sources.length === 0 && flags.json !== true) context.stderr.write(`${whyNone(found)}\n`);
    await printAnswer(answer, flags, context);
  });
}

function whyNone({ id, enabled }: JobView): string {
  return enabled
    ? `${id} runs by hand, or after the jobs that it depends on`
    : `${id} is disabled: its schedules have no ticks`;
}

async function printAll(flags: NextFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: 'next --from', flags, context }, async ({ client, keep }) => {
    const { jobs } = await client.jobs();
    const from = flags.from ?? context.now();
    const sources = jobs.flatMap(sourcesOfJob);
    const answer = {
      kind: 'preview',
      view: makePreview({ sources, from, count: flags.number }),
    } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}

async function printDay(flags: NextFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: 'next --day', flags, context }, async ({ client, keep }) => {
    const { jobs } = await client.jobs();
    const from = flags.from ?? context.now();
    const sources = jobs.flatMap(sourcesOfJob);
    const view = planDay({ sources, from, zone: flags.tz ?? localZone() });
    const answer = { kind: 'day', view } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}

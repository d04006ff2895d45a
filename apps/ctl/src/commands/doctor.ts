import { createClient, type PetitClient } from '@petit/client';
import { PetitError } from '@petit/model';
import type { HealthView } from '@petit/protocol';
import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printJson, printLines } from '../cli/print-answer.js';
import { findCluster, type Cluster } from '../cluster/find-cluster.js';
import { checkClock } from '../doctor/check-clock.js';
import {
  checkBoards,
  checkLeader,
  checkProblems,
  checkRedis,
  checkVersions,
} from '../doctor/check-cluster.js';
import { fail, ok, type Check } from '../doctor/check.js';
import { screenOf } from '../show/screen.js';
import { showChecks } from '../show/show-checks.js';

export function defineDoctor(parent: Command, context: CtlContext): void {
  const command = parent
    .command('doctor')
    .description(
      'Look at everything that has to be well: leader, Redis, clocks, zone data, boards. Exit code 1 when something fails.',
    );
  readingCommand(command, 'petit-ctl doctor').action((flags: ReadingFlags) =>
    runDoctor(flags, context),
  );
}

async function runDoctor(flags: ReadingFlags, context: CtlContext): Promise<void> {
  const checks = await examine(findCluster(flags, context), context);
  const failed = checks.filter(({ level }) => level === 'fail').length;
  if (flags.json === true) printJson({ checks, failed }, context);
  else printLines(showChecks(checks, screenOf(context.stdout, context)), context.stdout);
  if (failed > 0)
    throw new PetitError(
      'DOCTOR_FAILED',
      failed === 1 ? '1 check failed' : `${failed} checks failed`,
    );
}

/** Looks at one thing after the other, as far as it can be looked at. */
async function examine(cluster: Cluster, context: CtlContext): Promise<readonly Check[]> {
  const { server, token, serverFrom } = cluster;
  const client = createClient({ server, token, name: context.clientName });
  const address = ok('address', `${client.server}, from ${serverFrom}`);
  const health = await orCheck(client.health(), ({ message }) =>
    fail('leader', message, `start petit-leader there, or give another address with --server`),
  );
  if ('level' in health) return [address, health];
  const leader = checkLeader(health, context.now());
  return [address, leader, ...(await examineInside({ client, cluster, health, context }))];
}

/** What only who has the token is told. */
async function examineInside(parts: {
  readonly client: PetitClient;
  readonly cluster: Cluster;
  readonly health: HealthView;
  readonly context: CtlContext;
}): Promise<readonly Check[]> {
  const { client, cluster, health, context } = parts;
  const refusal = ({ code, message }: PetitError): Check =>
    code === 'UNAUTHENTICATED'
      ? fail('token', message, adviceForToken(cluster))
      : fail('leader', message, health.problems.join('; ') || 'its log says more');
  const doctor = await orCheck(client.doctor(), refusal);
  if ('level' in doctor) return health.role === 'active' ? [doctor] : [];
  const nodes = await orCheck(client.nodes(), refusal);
  const boards = 'level' in nodes ? [nodes] : checkBoards(nodes, context.now());
  const versions = 'level' in nodes ? [] : [checkVersions(doctor, nodes, context.version)];
  return [
    ok('token', 'the leader takes it'),
    ...checkProblems(doctor),
    ...checkRedis(doctor),
    ...checkClock(doctor, { now: context.now(), tzdata: context.tzdata }),
    ...boards,
    ...versions,
  ];
}

function adviceForToken({ token }: Cluster): string {
  const where = 'a leader keeps it as "token" in its data directory';
  return token === null
    ? `name its file with --token-file or PETIT_TOKEN_FILE; ${where}`
    : `it is not that of this leader; ${where}`;
}

/** What was asked for, or what is wrong that there is no answer. */
async function orCheck<View extends object>(
  asked: Promise<View>,
  checkOf: (error: PetitError) => Check,
): Promise<View | Check> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof PetitError) return checkOf(error);
    throw error;
  }
}

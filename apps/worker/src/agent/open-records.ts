import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { PetitError } from '@petit/model';
import { envelopeSchema, importPublicKey, open } from '@petit/protocol';
import type { Closers, Log } from '@petit/daemon';
import { openRunner, type Runner, type RunnerEvent } from '@petit/runner';
import { bootIdOf, readDirectoryId } from '../identity/boot-id.js';
import { Journal } from '../journal/journal.js';
import type { AgentOptions } from './agent-options.js';

/** What an agent finds on its disk, and whatever earlier ones left running. */
export interface Records {
  readonly clusterKey: KeyObject;
  readonly journal: Journal;
  /** Of the kernel, the journal and the directory it is in. */
  readonly bootId: string;
  readonly runner: Runner;
}

/** Opens journal and runner. */
export async function openRecords(options: AgentOptions, closers: Closers): Promise<Records> {
  const { dataDir, membership, kernelBootId, freshJournalId, log } = options;
  const { supervisorPath, supervisorFailpoint } = options;
  const clusterKey = importPublicKey(membership.clusterKey);
  if (clusterKey === null) throw new PetitError('CORRUPT_RECORD', 'the cluster key is none');
  const journal = await Journal.open({
    path: join(dataDir, 'journal'),
    freshId: freshJournalId,
    openEnvelope: (signed) => {
      const opened = open(signed, {
        publicKey: clusterKey,
        kind: 'envelope',
        schema: envelopeSchema,
      });
      return opened.ok ? opened.value : null;
    },
  });
  closers.use('journal', journal);
  const { badLines, foreign } = journal.damage;
  if (badLines.length + foreign > 0) log.error({ badLines, foreign }, 'journal_damaged');
  const bootId = bootIdOf({
    kernelBootId,
    journalId: journal.id,
    directoryId: readDirectoryId(dataDir),
  });
  const runner = await openRunner({
    dataDir,
    bootId,
    log: (event) => logRunnerEvent(log, event),
    failpoint: (name) => void options.failpoint(name),
    ...(supervisorPath === null ? {} : { supervisorPath }),
    ...(supervisorFailpoint === null
      ? {}
      : { supervisorEnvironment: { PETIT_FAILPOINT_SUPERVISOR: supervisorFailpoint } }),
  });
  closers.use('runner', runner);
  return { clusterKey, journal, bootId, runner };
}

function logRunnerEvent(log: Log, { event, ...fields }: RunnerEvent): void {
  switch (event) {
    case 'supervisor_started':
    case 'supervisor_adopted':
      log.info({ supervisor: fields }, event);
      return;
    case 'supervisor_gone':
    case 'supervisor_silent':
    case 'supervisor_complaint':
      log.warn({ supervisor: fields }, event);
      return;
    case 'listener_failed':
      log.error({ supervisor: fields }, event);
      return;
    default:
      event satisfies never;
  }
}

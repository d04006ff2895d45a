import { once } from 'node:events';
import { PetitError } from '@petit/model';
import { lockDirectory, notifySystemd } from '@petit/daemon';
import { Agent } from '../agent/agent.js';
import { namingFullDisk } from '../health/disk-full.js';
import { openHealthSocket } from '../health/health-socket.js';
import { readKernelBootId } from '../identity/boot-id.js';
import { loadWorkerKey, readMembership, type Membership } from '../identity/membership.js';
import { awaitMembership } from '../join/await-membership.js';
import { detectLabels } from '../labels/detect-labels.js';
import { VERSION } from '../version.js';
import type { Machine } from './machine.js';

const COMMAND_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** When a running agent ends: at `stop`, or once it is drained. */
export interface RunSignals {
  readonly stop: AbortSignal;
  readonly drain: AbortSignal;
}

/** `petit-worker run`: resolves when the agent was stopped, or drained. Throws DISK_FULL where it cannot even begin. */
export async function runAgent(machine: Machine, signals: RunSignals): Promise<void> {
  try {
    await runLocked(machine, signals);
  } catch (error) {
    throw namingFullDisk(error, machine.settings.dataDir);
  }
}

async function runLocked(machine: Machine, signals: RunSignals): Promise<void> {
  const { settings, notifySocket, log } = machine;
  using lock = lockDirectory(settings.dataDir);
  let agent: Agent | null = null;
  await using _health = await openHealthSocket(
    lock.path,
    () => agent?.health() ?? { kind: 'joining' },
  );
  const membership = await findMembership(machine, lock.path, signals.stop);
  if (membership === null) return;
  agent = await openAgent(machine, membership);
  log.info({ node: membership.node, slots: settings.slots, version: VERSION }, 'worker_started');
  await notifySystemd('READY=1', { notifySocket });
  await untilEnd(agent, signals);
  await notifySystemd('STOPPING=1', { notifySocket });
  await agent.close(settings.onStop);
  log.info('worker_stopped');
}

async function findMembership(
  { settings, log }: Machine,
  dataDir: string,
  signal: AbortSignal,
): Promise<Membership | null> {
  const membership = readMembership(dataDir);
  if (membership !== null) return membership;
  const { joinFile, node } = settings;
  if (joinFile === null) {
    throw new PetitError(
      'BAD_SETTINGS',
      `${dataDir} belongs to no cluster yet; join one with "petit-worker join TOKEN", or name a file with an invitation in PETIT_JOIN_FILE`,
    );
  }
  return awaitMembership({ dataDir, joinFile, node, key: loadWorkerKey(dataDir), signal, log });
}

function openAgent(machine: Machine, membership: Membership): Promise<Agent> {
  const { settings, homeDir, supervisorPath, now, monotonicMs, randomId, failpoint, log } = machine;
  return Agent.open({
    dataDir: settings.dataDir,
    membership,
    key: loadWorkerKey(settings.dataDir),
    labels: { ...detectLabels(), ...settings.labels },
    slots: settings.slots,
    version: VERSION,
    agentId: randomId(),
    freshJournalId: randomId(),
    kernelBootId: readKernelBootId(),
    base: { PATH: COMMAND_PATH, HOME: homeDir, LANG: 'C.UTF-8' },
    supervisorPath,
    supervisorFailpoint: settings.supervisorFailpoint,
    now,
    monotonicMs,
    failpoint,
    log,
  });
}

/** Resolves when told to stop, or when drained; being told to stop ends a drain. */
async function untilEnd(agent: Agent, { stop, drain }: RunSignals): Promise<void> {
  const stopped = aborted(stop);
  const drained = aborted(drain).then(() => agent.drain());
  await Promise.race([stopped, drained]);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

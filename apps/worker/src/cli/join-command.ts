import { text } from 'node:stream/consumers';
import type { NodeName } from '@petit/model';
import { decodeInvitation, fingerprint } from '@petit/protocol';
import { lockDirectory } from '@petit/daemon';
import { loadWorkerKey, writeMembership } from '../identity/membership.js';
import { joinCluster } from '../join/join-cluster.js';
import type { Machine } from './machine.js';

const JOIN_TIMEOUT_MS = 60_000;

/** `petit-worker join TOKEN [--name NAME]`: prints what it became a member of. */
export async function runJoin(
  machine: Machine,
  command: { readonly token: string; readonly name: NodeName | null },
  signal: AbortSignal,
): Promise<void> {
  const { settings } = machine;
  const token = command.token === '-' ? await text(process.stdin) : command.token;
  const invitation = decodeInvitation(token);
  const node = command.name ?? settings.node;
  using lock = lockDirectory(settings.dataDir);
  const membership = await joinCluster({
    invitation,
    node,
    key: loadWorkerKey(lock.path),
    timeoutMs: JOIN_TIMEOUT_MS,
    onWaiting: () => say('waiting for a leader to answer'),
    signal,
  });
  writeMembership(lock.path, membership);
  say(`${node} is a member of cluster ${fingerprint(invitation.clusterKey)}`);
  say('start it with "petit-worker run", or "systemctl enable --now petit-worker"');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

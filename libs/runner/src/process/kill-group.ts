import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { hasEnded, readProcessStat, type ProcessIdentity } from './process-identity.js';

const MUST_BE_GONE_MS = 2_000;
const LOOK_AGAIN_MS = 10;

/**
 * Kills what is left of the process group that `leader` made, and waits until it is gone, 2 s at most; answers whether
 * it is. Kills nothing when the leader's process id belongs to another process by now: then the group had emptied.
 */
export async function killGroup(leader: ProcessIdentity): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < MUST_BE_GONE_MS; waitedMs += LOOK_AGAIN_MS) {
    if (!(await hasMembers(leader))) return true;
    try {
      process.kill(-leader.pid, 'SIGKILL');
    } catch {
      // ESRCH: gone since it was looked at.
    }
    await pause(LOOK_AGAIN_MS);
  }
  return !(await hasMembers(leader));
}

/** The command leads its own session, so a member of the group is known by both numbers, and is not older than it. */
async function hasMembers(leader: ProcessIdentity): Promise<boolean> {
  const holder = await readProcessStat(leader.pid);
  if (holder !== null && holder.startTime !== leader.startTime) return false;
  if (holder !== null && !hasEnded(holder)) return true;
  for (const name of await readdir('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    const stat = await readProcessStat(Number(name));
    const isMember = stat?.groupId === leader.pid && stat.sessionId === leader.pid;
    if (isMember && !hasEnded(stat) && Number(stat.startTime) >= Number(leader.startTime))
      return true;
  }
  return false;
}

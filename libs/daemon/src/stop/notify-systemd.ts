import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a service tells systemd (sd_notify(3)). */
export type SystemdState = 'READY=1' | 'STOPPING=1';

const NOTIFY_TIMEOUT_MS = 5_000;

/**
 * Tells systemd how far a service of `Type=notify` is. Node has no datagram sockets for unix addresses, so systemd's
 * own `systemd-notify` says it, and only where `NOTIFY_SOCKET` is set: elsewhere this does nothing. The unit needs
 * `NotifyAccess=all`, because the word comes from a child. There is no watchdog on purpose: one process each half
 * minute would cost more than the program itself does when idle, and a leader that hangs loses its lease anyway.
 * Resolves with whether systemd was told; never throws, for a service is no worse for not having said so.
 */
export async function notifySystemd(
  state: SystemdState,
  options: { readonly notifySocket: string | undefined },
): Promise<boolean> {
  const { notifySocket } = options;
  if (notifySocket === undefined || notifySocket === '') return false;
  const child = spawn('systemd-notify', [state], {
    stdio: 'ignore',
    timeout: NOTIFY_TIMEOUT_MS,
    env: { PATH: '/usr/bin:/bin', NOTIFY_SOCKET: notifySocket },
  });
  try {
    const [code] = await once(child, 'exit');
    return code === 0;
  } catch {
    return false;
  }
}

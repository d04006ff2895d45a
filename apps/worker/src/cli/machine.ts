import type { Failpoint, Log } from '@petit/daemon';
import type { WorkerSettings } from '../settings/worker-settings.js';

/** What the entry file hands to the commands: everything that only it may ask for. */
export interface Machine {
  readonly settings: WorkerSettings;
  readonly homeDir: string;
  /** Where systemd wants to hear that the service is ready. */
  readonly notifySocket: string | undefined;
  /** The program of the supervisor, where it is not beside its package. */
  readonly supervisorPath: string | null;
  /** The board's wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly randomId: () => string;
  readonly failpoint: Failpoint;
  readonly log: Log;
}

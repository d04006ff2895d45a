import type { Labels } from '@petit/model';
import type { SigningKey } from '@petit/protocol';
import type { Failpoint, Log } from '@petit/daemon';
import type { BaseEnvironment } from '../attempt/build-command.js';
import type { Membership } from '../identity/membership.js';

/** What an agent is made of. */
export interface AgentOptions {
  /** Locked by the caller. */
  readonly dataDir: string;
  readonly membership: Membership;
  readonly key: SigningKey;
  readonly labels: Labels;
  readonly slots: number;
  readonly version: string;
  /** Random, of this process. */
  readonly agentId: string;
  /** Random; taken when there is no journal yet. */
  readonly freshJournalId: string;
  readonly kernelBootId: string;
  /** What every command's environment has. */
  readonly base: BaseEnvironment;
  /** The program of the supervisor, where it is not beside its package. */
  readonly supervisorPath: string | null;
  /** What the supervisor takes from `PETIT_FAILPOINT_SUPERVISOR`. */
  readonly supervisorFailpoint: string | null;
  /** The board's wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** A clock that never jumps, milliseconds. */
  readonly monotonicMs: () => number;
  readonly failpoint: Failpoint;
  readonly log: Log;
}

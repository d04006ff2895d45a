import type { KeyObject } from 'node:crypto';
import type { RedisAddress, SigningKey } from '@petit/protocol';

/** What makes a leader one of its cluster: on its disk, never in Redis. */
export interface ClusterIdentity {
  /** The identity of the data directory; one process at a time has it. */
  readonly leaderId: string;
  readonly clusterKey: SigningKey;
  readonly publicKey: KeyObject;
  /** The secret of the invitation with this id. */
  readonly invitationSecret: (invitationId: string) => string;
  /** What an invitation tells a worker of where Redis is. */
  readonly redis: RedisAddress;
}

import type { NodeName } from '@petit/model';
import {
  importPublicKey,
  isInvited,
  seal,
  type JoinRequest,
  type Signed,
  type SigningKey,
} from '@petit/protocol';
import type { ClusterStore, Fence, PendingJoin } from '@petit/store/leader';

export interface AdmissionsOptions {
  readonly store: ClusterStore;
  readonly fence: Fence;
  readonly clusterKey: SigningKey;
  /** The secret of an invitation by its id, or null when this cluster never made it. */
  readonly secretOf: (invitationId: string) => string | null;
  readonly now: () => number;
  readonly admitted: (node: NodeName, member: Signed) => void;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** Answers join requests: whoever holds an invitation's secret and takes a free name becomes a member. */
export class Admissions {
  readonly #options: AdmissionsOptions;

  constructor(options: AdmissionsOptions) {
    this.#options = options;
  }

  /** Answers every request that waits. */
  async answerAll(): Promise<void> {
    for (const join of await this.#options.store.readJoins()) await this.#answer(join);
  }

  async #answer(join: PendingJoin): Promise<void> {
    const { store, fence, log, admitted } = this.#options;
    const member = join.request === null ? null : this.#memberOf(join.request);
    const answer = await store.answerJoin(fence, join, member);
    if (answer === 'admitted' && member !== null) {
      admitted(join.node, member);
      log.info({ node: join.node }, 'node_joined');
    } else log.warn({ node: join.node, answer }, 'join_not_admitted');
  }

  /** The signed member record that answers a request, or null when it is refused. */
  #memberOf(request: JoinRequest): Signed | null {
    const { clusterKey, secretOf, now } = this.#options;
    const secret = secretOf(request.invitationId);
    if (
      secret === null ||
      !isInvited(request, secret) ||
      importPublicKey(request.publicKey) === null
    )
      return null;
    return seal(clusterKey, 'member', {
      v: 1,
      node: request.node,
      publicKey: request.publicKey,
      joinedAt: now(),
    });
  }
}

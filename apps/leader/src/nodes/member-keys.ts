import type { KeyObject } from 'node:crypto';
import { memberSchema, type Member, type NodeName } from '@petit/model';
import { importPublicKey, open, type Signed } from '@petit/protocol';

/** The public keys of the members, from records that a leader of this cluster signed. */
export class MemberKeys {
  readonly #clusterKey: KeyObject;
  readonly #keys = new Map<string, KeyObject>();

  constructor(clusterKey: KeyObject) {
    this.#clusterKey = clusterKey;
  }

  /** Takes a signed member record; null when it is not one of this cluster for that node. */
  add(node: NodeName, signed: Signed): Member | null {
    const opened = open(signed, {
      publicKey: this.#clusterKey,
      kind: 'member',
      schema: memberSchema,
    });
    if (!opened.ok || opened.value.node !== node) return null;
    const key = importPublicKey(opened.value.publicKey);
    if (key === null) return null;
    this.#keys.set(node, key);
    return opened.value;
  }

  /** The key of a member, or null when there is no such member. */
  get(node: string): KeyObject | null {
    return this.#keys.get(node) ?? null;
  }
}

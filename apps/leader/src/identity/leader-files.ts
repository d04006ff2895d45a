import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PetitError } from '@petit/model';
import { writePrivateFile } from '@petit/daemon';
import {
  exportSigningKey,
  generateSigningKey,
  importPublicKey,
  importSigningKey,
  type RedisAddress,
  type SigningKey,
} from '@petit/protocol';
import type { ClusterIdentity } from '../term/cluster-identity.js';

/** What a leader keeps in its data directory, all of it private to its user. */
export class LeaderFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The identity of this leader and its cluster; made at the first start. */
  async identity(options: {
    readonly redis: RedisAddress;
    readonly newId: () => string;
  }): Promise<ClusterIdentity> {
    const leaderId = (await this.#readOrMake('leader-id', options.newId)).trim();
    const pem = await this.#readOrMake('cluster-key.pem', () =>
      exportSigningKey(generateSigningKey()),
    );
    const clusterKey = this.#parseKey(pem);
    const publicKey = importPublicKey(clusterKey.publicText);
    if (publicKey === null)
      throw new PetitError('INTERNAL_ERROR', 'the cluster key has no usable public half');
    return {
      leaderId,
      clusterKey,
      publicKey,
      invitationSecret: (invitationId) =>
        createHmac('sha256', pem).update(`petit-invitation:1\n${invitationId}`).digest('base64url'),
      redis: options.redis,
    };
  }

  /** The highest epoch that this leader ever led or saw. */
  async readEpoch(): Promise<number> {
    return Number((await this.#read('epoch')) ?? 0);
  }

  async writeEpoch(epoch: number): Promise<void> {
    writePrivateFile(this.#path('epoch'), `${epoch}\n`, { sync: true });
  }

  /** The fingerprint of the job directory that this leader last loaded. */
  async readLastLoaded(): Promise<string | null> {
    return (await this.#read('last-loaded'))?.trim() ?? null;
  }

  async writeLastLoaded(fingerprint: string): Promise<void> {
    writePrivateFile(this.#path('last-loaded'), `${fingerprint}\n`);
  }

  async #readOrMake(name: string, make: () => string): Promise<string> {
    const known = await this.#read(name);
    if (known !== null) return known;
    const made = make();
    writePrivateFile(this.#path(name), made, { sync: true });
    return made;
  }

  async #read(name: string): Promise<string | null> {
    try {
      return await readFile(this.#path(name), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  #parseKey(pem: string): SigningKey {
    try {
      return importSigningKey(pem);
    } catch (error) {
      throw new PetitError(
        'BAD_SETTINGS',
        `${this.#path('cluster-key.pem')} is not an Ed25519 private key in PEM`,
        {
          cause: error,
        },
      );
    }
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

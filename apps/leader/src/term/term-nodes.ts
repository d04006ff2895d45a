import type { NodeName } from '@petit/model';
import { announcementSchema, open, type ControlRecord } from '@petit/protocol';
import { Admissions } from '../nodes/admissions.js';
import { Controls } from '../nodes/controls.js';
import { LogTails } from '../logs/log-tails.js';
import { MemberKeys } from '../nodes/member-keys.js';
import { NodeBook, type KnownNode } from '../nodes/node-book.js';
import { PresenceWatch } from '../nodes/presence-watch.js';
import type { RedisGate } from '../redis/redis-gate.js';
import type { TermContext } from './term-context.js';

export interface TermNodesOptions {
  readonly context: TermContext;
  readonly gate: RedisGate;
  /** A node's state, labels or closure changed, or it is new. */
  readonly changed: (known: KnownNode, before: KnownNode['state']) => void;
}

/** The boards of a term: who is a member, who is alive, what each is told. */
export class TermNodes {
  readonly book: NodeBook;
  readonly members: MemberKeys;
  readonly controls: Controls;
  readonly logTails: LogTails;
  readonly admissions: Admissions;
  readonly #context: TermContext;
  readonly #gate: RedisGate;

  constructor({ context, gate, changed }: TermNodesOptions) {
    const { options, stores, now } = context;
    const { identity } = options;
    this.#context = context;
    this.#gate = gate;
    this.members = new MemberKeys(identity.publicKey);
    this.book = new NodeBook({ monotonicNow: options.monotonicNow, now, onChange: changed });
    this.controls = new Controls({
      publish: (node, record) => this.#publish(node, record),
      onError: context.onError,
    });
    this.logTails = new LogTails({
      controls: this.controls,
      monotonicNow: options.monotonicNow,
    });
    this.admissions = new Admissions({
      store: stores.cluster,
      fence: options.leadership.fence,
      clusterKey: identity.clusterKey,
      secretOf: identity.invitationSecret,
      now,
      admitted: (node, member) => {
        this.members.add(node, member);
        const known = this.book.add(node);
        changed(known, known.state);
      },
      log: options.log,
    });
  }

  /** Takes members, control records and announcements over as they are stored. */
  async takeOver(): Promise<void> {
    const { cluster } = this.#context.stores;
    for (const [node, signed] of await cluster.readMembers()) {
      if (this.members.add(node, signed) !== null) {
        this.book.add(node);
        this.controls.add(node);
      } else this.#context.options.log.error({ node }, 'member_not_signed_by_this_cluster');
    }
    for (const [node, record] of await cluster.readControls()) {
      if (this.book.get(node) === null) continue;
      this.controls.takeOver(node, record);
      this.book.setCordon(node, this.controls.isCordoned(node));
    }
    for (const { node } of this.book.all()) await this.#readAnnouncement(node);
  }

  /** Listens to signs of life until it is disposed. */
  listen(looked: () => void): Promise<PresenceWatch> {
    const { options, boards, onError } = this.#context;
    return PresenceWatch.start({
      subscriber: options.redis.subscriber,
      members: this.members,
      nodes: this.book,
      monotonicNow: options.monotonicNow,
      heard: (beat) => boards.heard(beat, options.host.read()),
      arrived: () => void this.admissions.answerAll().catch(onError),
      outdated: (node) => void this.#readAnnouncement(node).catch(onError),
      standbySeen: options.standbySeen,
      logChunk: (chunk) => {
        this.logTails.add(chunk);
        options.logChunk(chunk);
      },
      looked,
    });
  }

  cordon(node: NodeName, closed: boolean): void {
    this.controls.cordon(node, closed);
    this.book.setCordon(node, closed);
  }

  async #readAnnouncement(node: NodeName): Promise<void> {
    const publicKey = this.members.get(node);
    if (publicKey === null) return;
    const signed = await this.#context.stores.cluster.readAnnouncement(node);
    const opened = open(signed, { publicKey, kind: 'announcement', schema: announcementSchema });
    if (opened.ok && opened.value.node === node) this.book.announced(opened.value, false);
  }

  async #publish(node: NodeName, record: ControlRecord): Promise<void> {
    const { options, stores, deposed } = this.#context;
    await this.#gate.connected();
    const stall = options.failpoint('leader.before_control');
    if (stall !== undefined) await stall;
    const answer = await stores.cluster.setControl(options.leadership.fence, node, record);
    void options.failpoint('leader.after_control');
    if (answer === 'deposed') deposed();
  }
}

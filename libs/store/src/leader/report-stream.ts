import type { Redis } from 'ioredis';
import {
  leaveEntrySchema,
  parseJson,
  signedSchema,
  type LeaveEntry,
  type Signed,
} from '@petit/protocol';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, oneOf, type Script } from '../shared/script.js';
import type { Fence } from './fence.js';

/** One entry of the report stream. */
export type ReportEntry =
  | { readonly kind: 'leave'; readonly id: string; readonly leave: LeaveEntry }
  | { readonly kind: 'word'; readonly id: string; readonly node: string; readonly signed: Signed }
  | {
      readonly kind: 'announcement';
      readonly id: string;
      /** When Redis got it, by its own clock. */
      readonly at: number;
      readonly node: string;
      readonly signed: Signed;
    }
  | { readonly kind: 'junk'; readonly id: string };

/**
 * What workers say, in the order they said it. An entry stays until the move that applies it is stored; a new leader
 * reads from the beginning.
 */
export class ReportStream {
  readonly #commands: Redis;
  readonly #blocking: Redis;
  readonly #discard: Script = loadScript('leader/discard-reports');

  /** `blocking` is used for nothing else: a read waits on it. */
  constructor(commands: Redis, blocking: Redis) {
    this.#commands = commands;
    this.#blocking = blocking;
  }

  /** Waits up to `blockMs` for entries behind `afterId`; an empty list when there are none. */
  async read(options: {
    readonly afterId: string;
    readonly limit: number;
    readonly blockMs: number;
  }): Promise<ReportEntry[]> {
    const { afterId, limit, blockMs } = options;
    const answer = await this.#blocking.xread(
      'COUNT',
      limit,
      'BLOCK',
      blockMs,
      'STREAMS',
      KEYS.reports,
      afterId,
    );
    const entries = answer?.[0]?.[1] ?? [];
    return entries.map(([id, fields]) => parseEntry(id, fields));
  }

  /** Ends a read that waits, which then throws. The connection comes back by itself. */
  interrupt(): void {
    this.#blocking.stream.destroy();
  }

  /** Takes entries off that change nothing, and counts them as `counter`. */
  async discard(
    fence: Fence,
    counter: string,
    ids: readonly string[],
  ): Promise<'discarded' | 'deposed'> {
    const answer = await callScript(this.#commands, this.#discard, {
      keys: [KEYS.lease, KEYS.counters, KEYS.reports],
      args: [fence.epoch, fence.token, counter, ...ids],
    });
    return oneOf(this.#discard, answer, ['discarded', 'deposed']);
  }
}

function parseEntry(id: string, fields: readonly string[]): ReportEntry {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2)
    values.set(fields[at] ?? '', fields[at + 1] ?? '');
  const leave = values.get('leave');
  if (leave !== undefined) {
    const parsed = leaveEntrySchema.safeParse(parseJson(leave));
    return parsed.success ? { kind: 'leave', id, leave: parsed.data } : { kind: 'junk', id };
  }
  const [node, announcement] = [values.get('node'), values.get('announcement')];
  if (node !== undefined && announcement !== undefined) {
    const signed = signedSchema.safeParse(parseJson(announcement));
    const at = Number(id.split('-')[0]);
    if (signed.success) return { kind: 'announcement', id, at, node, signed: signed.data };
  }
  const [body, signature] = [values.get('body'), values.get('signature')];
  if (node === undefined || body === undefined || signature === undefined)
    return { kind: 'junk', id };
  return { kind: 'word', id, node, signed: { body, signature } };
}

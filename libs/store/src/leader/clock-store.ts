import type { Redis } from 'ioredis';
import { clockNoteSchema, parseJson, type ClockNote } from '@petit/protocol';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, oneOf, type Script } from '../shared/script.js';
import type { Fence } from './fence.js';

/** What leaders leave behind about time. */
export interface ClockFacts {
  /** When and how a leader last trusted its clock; null when none has said so. */
  readonly note: ClockNote | null;
  /** The version of the time zone data that schedules were last reckoned with, or null. */
  readonly tzdata: string | null;
}

/** The last trusted clock, for the leader that comes next. */
export class ClockStore {
  readonly #redis: Redis;
  readonly #note: Script = loadScript('leader/note-clock');

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async read(): Promise<ClockFacts> {
    const [reading, tzdata] = await this.#redis.hmget(KEYS.clock, 'reading', 'tzdata');
    const note = clockNoteSchema.safeParse(parseJson(reading ?? ''));
    return { note: note.success ? note.data : null, tzdata: tzdata ?? null };
  }

  async write(
    fence: Fence,
    facts: { readonly note: ClockNote; readonly tzdata: string },
  ): Promise<'noted' | 'deposed'> {
    const answer = await callScript(this.#redis, this.#note, {
      keys: [KEYS.lease, KEYS.counters, KEYS.clock],
      args: [fence.epoch, fence.token, JSON.stringify(facts.note), facts.tzdata],
    });
    return oneOf(this.#note, answer, ['noted', 'deposed']);
  }
}

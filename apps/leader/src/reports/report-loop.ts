import {
  attemptIdOf,
  messageOf,
  parseAttemptId,
  reason,
  type AttemptId,
  type RunEvent,
  type RunId,
} from '@petit/model';
import {
  announcementSchema,
  open,
  workerWordSchema,
  type Announcement,
  type Refusal,
  type Report,
} from '@petit/protocol';
import type { Fence, ReportEntry, ReportStream } from '@petit/store/leader';
import type { MemberKeys } from '../nodes/member-keys.js';
import type { RedisGate } from '../redis/redis-gate.js';
import type { RunBook } from '../runs/run-book.js';

export interface ReportLoopOptions {
  readonly stream: ReportStream;
  readonly fence: Fence;
  readonly gate: RedisGate;
  readonly members: MemberKeys;
  readonly book: RunBook;
  /** `at`: when Redis got it, by its own clock. */
  readonly announced: (announcement: Announcement, at: number) => void;
  readonly failpoint: (name: string) => void | Promise<void>;
  readonly refused: (refusal: Refusal) => void;
  /** An attempt has ended that no live run knows. */
  readonly endedLate: (attemptId: AttemptId) => void;
  /** Called in the turn in which a batch was planned, so that what it made ready is placed by the same move. */
  readonly afterBatch: () => void;
  readonly log: { warn(fields: object, message: string): void };
}

/** How many entries may be on their way to being applied at once. */
const IN_FLIGHT_LIMIT = 1_000;
/** How often an entry may fail while Redis is there before it is given up. */
const FAILURE_LIMIT = 5;

/**
 * Applies what workers say, in the order they said it. An entry is deleted by the move that applies it, or discarded
 * with a count of why; whatever stays, because Redis went away, is read again from the beginning.
 */
export class ReportLoop {
  readonly #options: ReportLoopOptions;
  /** By entry id: one that is read again while it is on its way is not taken twice. */
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, number>();
  #afterId = '0';

  constructor(options: ReportLoopOptions) {
    this.#options = options;
  }

  /** Runs until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.gate.connected();
      try {
        await this.#readOnce();
      } catch (error) {
        if (signal.aborted) return;
        this.#options.log.warn({ error: messageOf(error) }, 'report_stream_read_failed');
        this.readFromStart();
        await this.#settle();
        await this.#options.gate.connected();
      }
    }
    await this.#settle();
  }

  /** Reads everything that is still on the stream once more. */
  readFromStart(): void {
    this.#afterId = '0';
  }

  async #readOnce(): Promise<void> {
    const { stream, afterBatch } = this.#options;
    const afterId = this.#afterId;
    const entries = await stream.read({ afterId, limit: 200, blockMs: 2_000 });
    // Told to begin anew meanwhile: these come again, in their order.
    if (this.#afterId !== afterId) return;
    const last = entries.at(-1);
    if (last === undefined) return;
    this.#afterId = last.id;
    const stall = this.#options.failpoint('leader.before_apply');
    if (stall !== undefined) await stall;
    for (const entry of entries) this.#track(entry);
    afterBatch();
    if (this.#inFlight.size > IN_FLIGHT_LIMIT) await this.#settle();
  }

  #track(entry: ReportEntry): void {
    if (this.#inFlight.has(entry.id)) return;
    const tracked = this.#take(entry)
      .catch((error: unknown) => this.#failed(entry, error))
      .finally(() => this.#inFlight.delete(entry.id));
    this.#inFlight.set(entry.id, tracked);
  }

  /** Reads it again, unless it is the entry itself that cannot be applied: that one is taken off and counted. */
  async #failed(entry: ReportEntry, error: unknown): Promise<void> {
    const failures = (this.#failures.get(entry.id) ?? 0) + (this.#options.gate.isConnected ? 1 : 0);
    this.#options.log.warn(
      { error: messageOf(error), entryId: entry.id, failures },
      'report_not_applied',
    );
    if (failures < FAILURE_LIMIT) {
      this.#failures.set(entry.id, failures);
      this.readFromStart();
      return;
    }
    this.#failures.delete(entry.id);
    await this.#discard('unapplied_reports', entry.id).catch(() => undefined);
  }

  async #settle(): Promise<void> {
    await Promise.allSettled(this.#inFlight.values());
  }

  async #take(entry: ReportEntry): Promise<void> {
    switch (entry.kind) {
      case 'junk':
        return this.#discard('junk_reports', entry.id);
      case 'leave': {
        const { runId, ...leave } = entry.leave;
        return this.#apply(entry.id, runId, { kind: 'leave', ...leave });
      }
      case 'announcement':
        return this.#takeAnnouncement(entry);
      case 'word':
        return this.#takeWord(entry);
      default:
        return entry satisfies never;
    }
  }

  async #takeAnnouncement(entry: Extract<ReportEntry, { kind: 'announcement' }>): Promise<void> {
    const publicKey = this.#options.members.get(entry.node);
    if (publicKey === null) return this.#discard('reports_of_strangers', entry.id);
    const opened = open(entry.signed, {
      publicKey,
      kind: 'announcement',
      schema: announcementSchema,
    });
    if (!opened.ok || opened.value.node !== entry.node)
      return this.#discard('forged_reports', entry.id);
    this.#options.announced(opened.value, entry.at);
    return this.#discard('announcements', entry.id);
  }

  async #takeWord(entry: Extract<ReportEntry, { kind: 'word' }>): Promise<void> {
    const publicKey = this.#options.members.get(entry.node);
    if (publicKey === null) return this.#discard('reports_of_strangers', entry.id);
    const opened = open(entry.signed, { publicKey, kind: 'report', schema: workerWordSchema });
    if (!opened.ok || opened.value.node !== entry.node)
      return this.#discard('forged_reports', entry.id);
    const word = opened.value;
    if (word.kind === 'refused') {
      this.#options.refused(word);
      return this.#discard('refused_deliveries', entry.id);
    }
    const event = eventOf(word);
    return event === null
      ? this.#discard('junk_reports', entry.id)
      : this.#apply(entry.id, event.runId, event.event);
  }

  async #apply(id: string, runId: RunId, event: RunEvent): Promise<void> {
    const answer = await this.#options.book.change(runId, () => [event], [id]);
    switch (answer.kind) {
      case 'stored':
        return;
      case 'unchanged':
      case 'no_run':
        if (event.kind === 'end' && answer.kind === 'no_run')
          this.#options.endedLate(attemptIdOf(runId, event.key, event.attempt));
        // A leave that is known already is no news; a report that comes twice or late is counted.
        return this.#discard(event.kind === 'leave' ? 'repeated_leaves' : 'late_reports', id);
      default:
        return answer satisfies never;
    }
  }

  async #discard(counter: string, id: string): Promise<void> {
    await this.#options.stream.discard(this.#options.fence, counter, [id]);
  }
}

function eventOf(report: Report): { readonly runId: RunId; readonly event: RunEvent } | null {
  const about = parseAttemptId(report.attemptId);
  if (about === null) return null;
  const { run: runId, key, attempt } = about;
  const { placement, node } = report;
  switch (report.kind) {
    case 'ended':
      return { runId, event: { kind: 'end', key, attempt, placement, node, end: report.end } };
    case 'declined': {
      const why = reason('declined', `node ${node} did not accept it: ${report.why}`);
      return { runId, event: { kind: 'withdraw', key, placement, reason: why } };
    }
    default:
      return report satisfies never;
  }
}

import {
  describeEnding,
  messageOf,
  type AttemptEnd,
  type AttemptId,
  type NodeName,
  type StartFailure,
} from '@petit/model';
import type { DeclineReason, Envelope, Signed } from '@petit/protocol';
import type { Failpoint, Log } from '@petit/daemon';
import type { FinalStanding, Runner, Standing } from '@petit/runner';
import type { WorkerStore } from '@petit/store/worker';
import { isDiskFull } from '../health/disk-full.js';
import type { Journal, OpenEntry } from '../journal/journal.js';
import type { Outbox } from '../report/outbox.js';
import { declinedWord, endedWord } from '../report/words.js';
import { buildCommand, type BaseEnvironment } from './build-command.js';
import type { Slots } from './slots.js';
import { startFailedEnd, unknownEnd } from './unknown-end.js';
import { untilItWorks } from './until-it-works.js';

export interface AttemptsOptions {
  readonly journal: Journal;
  readonly runner: Runner;
  readonly outbox: Outbox;
  readonly slots: Slots;
  readonly store: Pick<WorkerStore, 'askLeave'>;
  readonly node: NodeName;
  /** Of the kernel and of the journal. */
  readonly bootId: string;
  readonly base: BaseEnvironment;
  /** Called when an attempt has started: what a leader wants of it may have been read before it was there. */
  readonly onStarted: (attemptId: AttemptId) => Promise<void>;
  /** Called when the journal could not be written. */
  readonly onJournalError: (error: unknown) => void;
  /** The board's wall clock. */
  readonly now: () => number;
  /** Aborted when the agent stops: what has not started then stays in the journal for the next one. */
  readonly stopping: AbortSignal;
  readonly failpoint: Failpoint;
  readonly log: Log;
}

const REBOOTED = 'the board restarted';

/**
 * Takes accepted deliveries from the journal to their end: accepted → leave asked → granted → started → ended, or
 * declined. Every step may be the last one of this process: the next agent resumes from the journal and the runner's
 * files (`resume`), and can ask, start or report again because each of the three is done once however often it is
 * asked for.
 */
export class Attempts {
  readonly #options: AttemptsOptions;
  /** Slots by delivery, until its task has ended. */
  readonly #slotsOf = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /**
   * Accepts a delivery, for which the caller has taken the slots, and does with it what leave says. Resolves when it
   * was started or declined; never rejects.
   */
  begin(id: string, accepted: { envelope: Envelope; signed: Signed }): Promise<void> {
    return this.#track(accepted.envelope, this.#begin(id, accepted));
  }

  /** At start, before Redis is there: finds out what became of an entry of an earlier agent. */
  async resume(entry: OpenEntry): Promise<'has_ended' | 'runs' | 'may_start'> {
    const { runner, outbox, node, bootId } = this.#options;
    const { attemptId } = entry.envelope;
    if (entry.state.kind === 'declined') {
      outbox.remember(declinedWord(node, entry, entry.state.why));
      return 'has_ended';
    }
    const standing = await runner.inspect(attemptId);
    if (standing.kind === 'never_started') {
      if (entry.bootId === bootId || entry.state.kind === 'accepted') return 'may_start';
      return this.#resumeAs(entry, await this.#neverStart(entry, REBOOTED));
    }
    return this.#resumeAs(entry, standing);
  }

  /** Goes on with an entry that `resume` said may start, once its slots are free. Never rejects. */
  proceed(entry: OpenEntry): Promise<void> {
    return this.#track(entry.envelope, this.#proceed(entry));
  }

  /** Takes over what the runner says of an attempt. */
  onEnd(attemptId: string, standing: FinalStanding): void {
    const { journal, log } = this.#options;
    const entry = journal.grantedOf(attemptId);
    if (entry === null) log.warn({ attemptId, standing }, 'unknown_attempt_ended');
    else void this.#track(entry.envelope, this.#conclude(entry, standing));
  }

  /** Ends attempts that run: SIGTERM, and SIGKILL after the grace that their envelope states. */
  async stop(attemptIds: readonly AttemptId[]): Promise<void> {
    const { journal, runner, log } = this.#options;
    for (const attemptId of attemptIds) {
      const entry = journal.grantedOf(attemptId);
      if (entry === null || this.hasEnded(entry)) continue;
      log.info(fieldsOf(entry.envelope), 'stopping');
      await runner.stop(attemptId, { killGraceMs: entry.envelope.killGraceMs });
    }
  }

  /** Whether an entry's end was reported or is about to be. */
  hasEnded(entry: OpenEntry): boolean {
    return this.#options.outbox.find(entry.id) !== null;
  }

  /** How many attempts have leave, or wait for it, and have not ended. */
  get unfinishedCount(): number {
    return [...this.#options.journal.open()].filter((entry) => !this.hasEnded(entry)).length;
  }

  /** Resolves when nothing is on its way: neither a start nor a report. */
  async settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  async #track(envelope: Envelope, work: Promise<void>): Promise<void> {
    this.#underWay.add(work);
    try {
      await work;
    } catch (error) {
      this.#options.log.error({ ...fieldsOf(envelope), err: error }, 'attempt_failed');
    } finally {
      this.#underWay.delete(work);
    }
  }

  async #begin(id: string, accepted: { envelope: Envelope; signed: Signed }): Promise<void> {
    const { journal, bootId, failpoint, onJournalError } = this.#options;
    this.#slotsOf.set(id, accepted.envelope.slots);
    let entry: OpenEntry;
    try {
      entry = await journal.accept({ ...accepted, bootId });
    } catch (error) {
      onJournalError(error);
      const why = isDiskFull(error) ? 'disk_full' : 'draining';
      await this.#giveBack(id, accepted.envelope, why);
      return;
    }
    await failpoint('worker.after_accept');
    await this.#askLeave(entry);
  }

  async #proceed(entry: OpenEntry): Promise<void> {
    const { slots, stopping } = this.#options;
    if (!(await slots.acquire(entry.envelope.slots, stopping))) return;
    this.#slotsOf.set(entry.id, entry.envelope.slots);
    await this.#askLeave(entry);
  }

  async #askLeave(entry: OpenEntry): Promise<void> {
    const { store, node, bootId, failpoint, stopping, log } = this.#options;
    const { runId, taskKey, placement, expiresAt } = entry.envelope;
    await failpoint('worker.before_leave');
    const answer = await untilItWorks(
      () => store.askLeave({ runId, key: taskKey, placement, node, bootId, expiresAt }),
      { what: 'ask for leave', signal: stopping, log },
    );
    if (answer === null) return;
    await failpoint('worker.after_leave');
    switch (answer) {
      case 'granted':
        return this.#startGranted(entry);
      case 'expired':
        return this.#decline(entry, 'expired');
      case 'refused':
        // Refused to this boot, because it may have been given to the one in which it was accepted.
        if (entry.bootId !== bootId)
          return this.#conclude(entry, await this.#neverStart(entry, REBOOTED));
        return this.#decline(entry, 'not_granted');
      default:
        return answer satisfies never;
    }
  }

  async #startGranted(accepted: OpenEntry): Promise<void> {
    const { journal, runner, failpoint, onStarted } = this.#options;
    const { attemptId } = accepted.envelope;
    this.#supersede(accepted);
    const entry = journal.grant(accepted);
    const settled = journal.findSettled(attemptId);
    // A Redis that lost its newest data may place anew what has ended here.
    if (settled !== null) return this.#conclude(entry, { kind: 'ended', end: settled.end });
    await failpoint('worker.before_start');
    const started = await this.#start(entry);
    await failpoint('worker.after_start');
    if (started === 'already_started') await this.#conclude(entry, await runner.inspect(attemptId));
    if (started !== 'not_started') await onStarted(attemptId);
  }

  async #start(entry: OpenEntry): Promise<'started' | 'already_started' | 'not_started'> {
    const { runner, node, base, log } = this.#options;
    const { envelope } = entry;
    const outputPath = runner.paths(envelope.attemptId).output;
    try {
      const started = await runner.start(buildCommand(envelope, { node, base, outputPath }));
      log.debug(fieldsOf(envelope), started);
      return started;
    } catch (error) {
      log.error({ ...fieldsOf(envelope), err: error }, 'start_failed');
      await this.#conclude(entry, await this.#neverStart(entry, error));
      return 'not_started';
    }
  }

  /** The same attempt under an older placement, of which the record knows nothing any more. */
  #supersede(entry: OpenEntry): void {
    const older = this.#options.journal.grantedOf(entry.envelope.attemptId);
    if (older === null || older.id === entry.id) return;
    this.#options.outbox.drop(older.id);
    this.#options.journal.forget(older);
    this.#release(older.id);
  }

  /** Sees to it that an attempt never starts, and says how it stands then. */
  async #neverStart(entry: OpenEntry, cause: unknown): Promise<Standing> {
    const { runner, bootId, now } = this.#options;
    const why = typeof cause === 'string' ? cause : messageOf(cause);
    const isClaimed = await this.#claimNeverStarted(entry);
    if (isClaimed === null) return { kind: 'never_started' };
    if (!isClaimed) return runner.inspect(entry.envelope.attemptId);
    // After a loss of power a missing token proves nothing: it may not have reached the disk.
    return entry.bootId === bootId
      ? { kind: 'ended', end: startFailedEnd(startFailureOf(cause), why, now()) }
      : { kind: 'unknown', startedAt: null, reason: why };
  }

  /** Null when the agent stopped before that could be decided: the next one will. */
  async #claimNeverStarted(entry: OpenEntry): Promise<boolean | null> {
    const { runner, bootId, stopping, log } = this.#options;
    const claim = (): Promise<boolean> => runner.claimNeverStarted(entry.envelope.attemptId);
    if (entry.bootId === bootId)
      return untilItWorks(claim, { what: 'claim an attempt', signal: stopping, log });
    try {
      return await claim();
    } catch (error) {
      // No supervisor of an earlier boot can be late, so this is not to wait for the disk.
      log.warn({ ...fieldsOf(entry.envelope), err: error }, 'claim_failed');
      return true;
    }
  }

  #resumeAs(entry: OpenEntry, standing: Standing): 'has_ended' | 'runs' {
    const { journal, slots, outbox, node } = this.#options;
    const granted = entry.state.kind === 'granted' ? entry : journal.grant(entry);
    const end = this.#endOf(entry, standing);
    if (end !== null) {
      outbox.remember(endedWord(node, granted, end));
      return 'has_ended';
    }
    slots.reserve(entry.envelope.slots);
    this.#slotsOf.set(entry.id, entry.envelope.slots);
    return 'runs';
  }

  async #conclude(entry: OpenEntry, standing: Standing): Promise<void> {
    const { outbox, node, log } = this.#options;
    const end = this.#endOf(entry, standing);
    if (end === null || this.hasEnded(entry)) return;
    this.#release(entry.id);
    const ending = describeEnding(end.ending);
    log.debug({ ...fieldsOf(entry.envelope), ending, durationMs: end.durationMs }, 'ended');
    await outbox.say(endedWord(node, entry, end));
  }

  async #decline(entry: OpenEntry, why: DeclineReason): Promise<void> {
    this.#options.journal.decline(entry, why);
    await this.#giveBack(entry.id, entry.envelope, why);
  }

  async #giveBack(id: string, envelope: Envelope, why: DeclineReason): Promise<void> {
    const { outbox, node, log } = this.#options;
    this.#release(id);
    log.info({ ...fieldsOf(envelope), why }, 'declined');
    await outbox.say(declinedWord(node, { id, envelope }, why));
  }
  /** The end that a standing amounts to; null while it may still end otherwise. */
  #endOf(entry: OpenEntry, standing: Standing): AttemptEnd | null {
    const now = this.#options.now();
    switch (standing.kind) {
      case 'ended':
        return standing.end;
      case 'unknown':
        return unknownEnd(standing.reason, standing.startedAt, now);
      case 'given_up':
        return entry.bootId === this.#options.bootId
          ? startFailedEnd('other', 'its start was given up', now)
          : unknownEnd(REBOOTED, null, now);
      case 'running':
      case 'never_started':
        return null;
      default:
        return standing satisfies never;
    }
  }

  #release(id: string): void {
    const slots = this.#slotsOf.get(id);
    if (slots === undefined) return;
    this.#slotsOf.delete(id);
    this.#options.slots.release(slots);
  }
}

function startFailureOf(cause: unknown): StartFailure {
  return isDiskFull(cause) ? 'disk_full' : 'other';
}

/** What every log line about an attempt has. */
export function fieldsOf(envelope: Envelope): Readonly<Record<string, unknown>> {
  const { jobId, runId, taskKey, attempt, placement } = envelope;
  return { jobId, runId, taskId: taskKey, attempt, placement };
}

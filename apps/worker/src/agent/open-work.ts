import type { AttemptId } from '@petit/model';
import type { Closers } from '@petit/daemon';
import { Attempts, type AttemptsOptions } from '../attempt/attempts.js';
import { SettledAttempts } from '../attempt/settled-attempts.js';
import { Slots } from '../attempt/slots.js';
import { Control } from '../control/control.js';
import { TakeDeliveries } from '../delivery/take-deliveries.js';
import { FollowLogs } from '../follow/follow-logs.js';
import { Door } from '../health/door.js';
import { HealthWatch } from '../health/health-watch.js';
import { readMachineRoom } from '../health/read-machine-room.js';
import { Outbox, type Word } from '../report/outbox.js';
import { readTails } from '../report/read-tails.js';
import type { AgentOptions } from './agent-options.js';
import type { Link } from './open-link.js';
import type { Records } from './open-records.js';

/** What an agent works with. */
export interface Work {
  readonly control: Control;
  readonly door: Door;
  readonly health: HealthWatch;
  readonly outbox: Outbox;
  readonly settled: SettledAttempts;
  readonly attempts: Attempts;
  readonly deliveries: TakeDeliveries;
  readonly follow: FollowLogs;
}

export interface WorkParts {
  readonly options: AgentOptions;
  readonly link: Link;
  readonly records: Records;
  readonly stopping: AbortSignal;
}

/** Puts together what takes, runs and reports. Nothing is taken before `deliveries.run`. */
export function openWork(parts: WorkParts, closers: Closers): Work {
  const { options, link, records } = parts;
  const { journal, runner } = records;
  const control = new Control(link.store, options.membership.node);
  const door = new Door('the agent is starting');
  const health = openHealth(parts, door);
  const settled = openSettled(parts);
  const outbox = openOutbox(parts, settled, (word) => deliveries.onSaid(word));
  closers.add('outbox', () => outbox.close());
  const slots = new Slots(options.slots);
  const attempts: Attempts = openAttempts(parts, {
    health,
    outbox,
    slots,
    onStarted: async (attemptId) => {
      follow.set(control.record.follow);
      if (control.isStopWanted(attemptId)) await attempts.stop([attemptId]);
    },
  });
  const deliveries: TakeDeliveries = openDeliveries(parts, { outbox, attempts, slots, door });
  const follow: FollowLogs = new FollowLogs({
    runner,
    store: link.store,
    isOnline: link.isOnline,
    isGoing: (attemptId) => {
      const entry = journal.grantedOf(attemptId);
      return entry !== null && !attempts.hasEnded(entry);
    },
    log: options.log,
  });
  closers.add('follow', () => follow.close());
  return { control, door, health, outbox, settled, attempts, deliveries, follow };
}

/** Every attempt that was accepted here and whose end the run record does not show. */
export function unfinishedOf(records: Records, work: Work): readonly AttemptId[] {
  const unfinished = new Set<AttemptId>();
  for (const { envelope, state } of records.journal.open())
    if (state.kind !== 'declined') unfinished.add(envelope.attemptId);
  for (const { report } of work.outbox.words())
    if (report.kind === 'ended') unfinished.add(report.attemptId);
  return [...unfinished];
}

/**
 * Every attempt that has leave and whose end the run record does not show; with `settled` also those whose end it
 * showed, which a Redis that lost its newest data may not know any more.
 */
export function begunOf(records: Records, work: Work, settled: boolean): readonly AttemptId[] {
  const begun = new Set<AttemptId>();
  for (const { envelope, state } of records.journal.open())
    if (state.kind === 'granted') begun.add(envelope.attemptId);
  for (const { report } of work.outbox.words())
    if (report.kind === 'ended') begun.add(report.attemptId);
  if (settled) for (const { attemptId } of records.journal.settled()) begun.add(attemptId);
  return [...begun];
}

function openHealth({ options, link, records }: WorkParts, door: Door): HealthWatch {
  return new HealthWatch({
    door,
    readRoom: () => readMachineRoom(options.dataDir),
    probeJournal: () => records.journal.probe(),
    clockAheadMs: () => (link.clock.isSet ? options.now() - link.redisNow() : 0),
    log: options.log,
  });
}

function openSettled({ options, link, records }: WorkParts): SettledAttempts {
  const { monotonicMs, failpoint, log } = options;
  return new SettledAttempts({
    journal: records.journal,
    runner: records.runner,
    store: link.store,
    node: options.membership.node,
    redisNow: link.redisNow,
    monotonicMs,
    failpoint,
    log,
  });
}

function openOutbox(
  { options, link, records }: WorkParts,
  settled: SettledAttempts,
  onSaid: (word: Word) => void,
): Outbox {
  const { membership, key, monotonicMs, failpoint, log } = options;
  return new Outbox({
    store: link.store,
    node: membership.node,
    key,
    readTails: async ({ report }) =>
      report.kind === 'ended' ? readTails(records.runner, report.attemptId) : [],
    isOnline: link.isOnline,
    onSaid,
    onHeard: (word, heard) => settled.onHeard(word, heard),
    redisNow: link.redisNow,
    monotonicMs,
    failpoint,
    log,
  });
}

function openAttempts(
  { options, link, records, stopping }: WorkParts,
  work: {
    readonly health: HealthWatch;
    readonly outbox: Outbox;
    readonly slots: Slots;
    readonly onStarted: AttemptsOptions['onStarted'];
  },
): Attempts {
  const { membership, base, now, failpoint, log } = options;
  const { journal, runner, bootId } = records;
  const { health, outbox, slots, onStarted } = work;
  return new Attempts({
    journal,
    runner,
    outbox,
    slots,
    store: link.store,
    node: membership.node,
    bootId,
    base,
    onStarted,
    onJournalError: (error) => {
      log.error({ err: error }, 'journal_failed');
      health.journalFailed(error);
    },
    now,
    stopping,
    failpoint,
    log,
  });
}

function openDeliveries(
  { options, link, records, stopping }: WorkParts,
  work: {
    readonly outbox: Outbox;
    readonly attempts: Attempts;
    readonly slots: Slots;
    readonly door: Door;
  },
): TakeDeliveries {
  const { membership, monotonicMs, failpoint, log } = options;
  return new TakeDeliveries({
    ...work,
    inbox: link.inbox,
    journal: records.journal,
    clusterKey: records.clusterKey,
    node: membership.node,
    redisNow: link.redisNow,
    monotonicMs,
    stopping,
    failpoint,
    log,
  });
}

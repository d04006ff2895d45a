import {
  instanceKey,
  jobIdSchema,
  nodeNameSchema,
  runIdSchema,
  splitTaskKey,
  taskIdSchema,
  taskKeyOf,
  type NodeName,
  type TaskKey,
} from '../ids.js';
import type { AttemptEnding } from '../attempt/ending.js';
import type { Graph } from '../job/graph.js';
import { advance, applyAdvance } from './advance.js';
import type { Advance, RunEvent } from './event.js';
import { reason } from './reason.js';
import type { TaskRecord } from './run.js';
import { newRun, type RunView } from './view.js';
import { checkStep } from './run-checker.fixture.js';

/** Numbers from 0 up to, not including, 1: the same for the same seed. */
export type Random = () => number;

/** Mulberry32: small, and good enough to choose by. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const NODES: readonly NodeName[] = ['n1', 'n2', 'n3'].map((name) =>
  nodeNameSchema.parse(name),
);

/** A run of `graph` that has just been asked for. */
export function startRun(graph: Graph): RunView {
  return newRun({
    id: runIdSchema.parse('0199aaaa-bbbb-8ccc-9ddd-eeeeffff0000'),
    jobId: jobIdSchema.parse('job'),
    definitionHash: 'hash',
    graph,
    trigger: { kind: 'manual', by: 'test', idempotencyKey: null },
    now: 0,
  });
}

type Judge = (view: RunView, event: RunEvent, now: number) => Advance;

/**
 * A leader, its workers and its clock in one: it sends a run events that could really come, among them repeated, late
 * and made-up ones, and has every step checked.
 */
export class RunSimulator {
  readonly view: RunView;
  readonly #random: Random;
  readonly #judge: Judge;
  /** The graph that is checked by; the view may have been given another one by a mutant. */
  readonly #graph: Graph;
  readonly #history: RunEvent[] = [];
  #now = 0;
  /** What happened to tasks, as `from>to`. */
  readonly seen = new Set<string>();
  ignored = 0;

  constructor(options: {
    readonly graph: Graph;
    readonly random: Random;
    readonly judge?: Judge;
    readonly judgedGraph?: Graph;
  }) {
    this.#graph = options.graph;
    this.#random = options.random;
    this.#judge = options.judge ?? advance;
    this.view = startRun(options.judgedGraph ?? options.graph);
  }

  /** Sends `steps` events at random, then lets the run end as fast as it can. */
  run(steps: number, cancelChance: number): void {
    this.begin(steps, cancelChance);
    const limit = 50 * (this.view.graph.tasks.size + 1) * NODES.length;
    for (let step = 0; this.view.header.endedAt === null; step += 1) {
      if (step > limit) throw new Error('the run does not end');
      const event = this.#usefulEvent();
      if (event === null) throw new Error('nothing is left to happen, but the run has not ended');
      this.send(event);
    }
    for (const event of this.#history.slice(-10)) this.send(event);
  }

  /** Begins the run and sends `steps` events at random. */
  begin(steps: number, cancelChance: number): void {
    this.send({ kind: 'begin' });
    for (let step = 0; step < steps && this.view.header.endedAt === null; step += 1)
      this.send(this.#chance(cancelChance) ? this.#cancel() : this.#someEvent());
  }

  send(event: RunEvent): Advance {
    this.#now += 1;
    const before = { header: this.view.header, tasks: new Map(this.view.tasks) };
    const outcome = this.#judge(this.view, event, this.#now);
    if (this.view.header !== before.header) throw new Error('the view was changed by judging it');
    for (const [key, record] of this.view.tasks)
      if (before.tasks.get(key) !== record) throw new Error(`${key} was changed by judging it`);
    if (outcome.kind === 'moved') {
      applyAdvance(this.view, outcome);
      for (const [key, { state }] of outcome.tasks)
        this.seen.add(`${before.tasks.get(key)?.state ?? 'pending'}>${state}`);
      this.#history.push(event);
    } else this.ignored += 1;
    checkStep({ before, event, outcome, view: this.view, graph: this.#graph });
    return outcome;
  }

  /** Half of the events are useful, the others repeat an old one, are about the wrong attempt, or are made up. */
  #someEvent(): RunEvent {
    const useful = this.#chance(0.5) ? this.#usefulEvent() : null;
    if (useful !== null) return useful;
    if (this.#history.length > 0 && this.#chance(0.4)) return this.#pick(this.#history);
    return this.#madeUpEvent();
  }

  /** Something that brings the run on, or null when nothing can. */
  #usefulEvent(): RunEvent | null {
    const open = [...this.view.tasks].filter(([, { state }]) =>
      ['ready', 'placed', 'running', 'retrying'].includes(state),
    );
    const usable = open.filter(([, { instances }]) => instances.length === 0);
    if (usable.length === 0) return null;
    const [key, record] = this.#pick(usable);
    return this.#nextOf(key, record);
  }

  #nextOf(key: TaskKey, record: TaskRecord): RunEvent {
    const { task, node } = splitTaskKey(key);
    switch (record.state) {
      case 'ready':
        if (node !== null) return { kind: 'place', key, node };
        return this.view.graph.tasks.get(task)?.every === true
          ? { kind: 'fan_out', key, nodes: NODES.slice(0, 1 + this.#below(NODES.length)) }
          : { kind: 'place', key, node: this.#pick(NODES) };
      case 'placed':
        if (this.#chance(0.1)) return this.#withdraw(key, record.placement);
        return this.#chance(0.1) ? this.#end(key, record) : this.#leave(key, record);
      case 'running':
        return this.#runningEvent(key, record);
      case 'pending':
      case 'retrying':
      case 'completed':
      case 'failed':
      case 'skipped':
      case 'cancelled':
      case 'lost':
        return { kind: 'retry_due', key };
      default:
        return record.state satisfies never;
    }
  }

  #runningEvent(key: TaskKey, record: TaskRecord): RunEvent {
    const { attempt } = record;
    if (record.heldUntil !== null) {
      if (this.#chance(0.4)) return { kind: 'regain', key, attempt };
      if (this.#chance(0.5)) return this.#lose(key, attempt);
    } else if (this.#chance(0.1))
      return { kind: 'hold', key, heldUntil: this.#now + 30, reason: reason('node_lost', 'gone') };
    return this.#chance(0.05) ? this.#lose(key, attempt) : this.#end(key, record);
  }

  /** An event about any task, of any kind, with numbers that may be right or off by one. */
  #madeUpEvent(): RunEvent {
    const key = this.#someKey();
    const record = this.view.tasks.get(key);
    const attempt = (record?.attempt ?? 1) + this.#below(3) - 1;
    const placement = (record?.placement ?? 1) + this.#below(3) - 1;
    const node = this.#chance(0.5) ? (record?.node ?? this.#pick(NODES)) : this.#pick(NODES);
    const text = reason('no_room', 'made up');
    switch (this.#below(11)) {
      case 0:
        return { kind: 'begin' };
      case 1:
        return { kind: 'place', key, node };
      case 2:
        return { kind: 'withdraw', key, placement, reason: text };
      case 3:
        return { kind: 'leave', key, placement, node, leftAt: this.#now };
      case 4:
        return { kind: 'hold', key, heldUntil: this.#now + 10, reason: text };
      case 5:
        return { kind: 'regain', key, attempt };
      case 6:
        return { kind: 'lose', key, attempt, reason: text };
      case 7:
        return {
          kind: 'fan_out',
          key,
          nodes: [node, node, this.#pick(NODES)].slice(0, this.#below(4)),
        };
      case 8:
        return { kind: 'retry_due', key };
      case 9:
        return { kind: 'task_wait', key, reason: text };
      default:
        return { kind: 'end', key, attempt, placement, node, end: this.#attemptEnd() };
    }
  }

  #someKey(): TaskKey {
    const keys = [...this.view.tasks.keys()];
    if (this.#chance(0.1)) return taskKeyOf(taskIdSchema.parse('nobody'));
    if (this.#chance(0.1))
      return instanceKey(this.#pick([...this.view.graph.order]), this.#pick(NODES));
    return this.#pick(keys);
  }

  #leave(key: TaskKey, { placement, node }: TaskRecord): RunEvent {
    return { kind: 'leave', key, placement, node: node ?? this.#pick(NODES), leftAt: this.#now };
  }

  #withdraw(key: TaskKey, placement: number): RunEvent {
    return { kind: 'withdraw', key, placement, reason: reason('not_taken', 'nobody took it') };
  }

  #lose(key: TaskKey, attempt: number): RunEvent {
    return { kind: 'lose', key, attempt, reason: reason('node_lost', 'the board is gone') };
  }

  #cancel(): RunEvent {
    const why = reason('cancel_requested', 'by test');
    return { kind: 'cancel', reason: why, onlyBeforeStart: this.#chance(0.3) };
  }

  #end(key: TaskKey, { attempt, placement, node }: TaskRecord): RunEvent {
    return {
      kind: 'end',
      key,
      attempt,
      placement,
      node: node ?? this.#pick(NODES),
      end: this.#attemptEnd(),
    };
  }

  #attemptEnd(): Extract<RunEvent, { kind: 'end' }>['end'] {
    const endings: readonly AttemptEnding[] = [
      { kind: 'exited', code: 0 },
      { kind: 'exited', code: 0 },
      { kind: 'exited', code: 0 },
      { kind: 'exited', code: 1 },
      { kind: 'signalled', signal: 'SIGKILL' },
      { kind: 'timed_out', code: null, signal: 'SIGTERM' },
      { kind: 'stopped', code: null, signal: 'SIGTERM' },
      { kind: 'start_failed', reason: 'not_found', message: 'not found' },
      { kind: 'unknown', reason: 'rebooted' },
    ];
    return {
      ending: this.#pick(endings),
      startedAt: 1,
      endedAt: this.#now,
      durationMs: 1,
      cpuMs: null,
    };
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}

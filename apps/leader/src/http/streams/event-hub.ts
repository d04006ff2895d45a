import type { ClusterEvent } from '@petit/protocol';
import type { LeaderPort } from '../port.js';
import { formatEvent, type SseStream } from './sse-stream.js';

export interface EventHubOptions {
  readonly port: Pick<LeaderPort, 'subscribe'>;
  /** Between two deliveries, so that a burst of changes of one run becomes one. */
  readonly gatherMs: number;
}

// A delivery that took long is followed by a longer pause: the hub takes at most a twentieth of the leader's time.
const REST_PER_WORK = 20;

/**
 * Hands changes of the cluster to every open page. It listens to the leader only while somebody reads. Changes are
 * gathered for a moment and each is written once for all: of several states of one thing (a run, a task, a node) only
 * the last is sent.
 */
export class EventHub {
  readonly #options: EventHubOptions;
  readonly #readers = new Set<SseStream>();
  readonly #gathered = new Map<string, ClusterEvent>();
  #stopListening: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #restUntilMs = 0;

  constructor(options: EventHubOptions) {
    this.#options = options;
  }

  /** Sends `stream` every change from now on, until it closes. */
  add(stream: SseStream): void {
    this.#readers.add(stream);
    this.#stopListening ??= this.#options.port.subscribe((event) => this.#gather(event));
    stream.signal.addEventListener('abort', () => this.#remove(stream), { once: true });
  }

  #remove(stream: SseStream): void {
    this.#readers.delete(stream);
    if (this.#readers.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#gathered.clear();
  }

  #gather(event: ClusterEvent): void {
    const key = keyOf(event);
    const before = this.#gathered.get(key);
    this.#gathered.delete(key);
    this.#gathered.set(key, before === undefined ? event : merge(before, event));
    if (this.#timer !== undefined) return;
    // The first change after a quiet moment goes out at once; a zero timer still gathers what one turn brings.
    const waitMs = Math.max(0, this.#restUntilMs - performance.now());
    this.#timer = setTimeout(() => this.#deliver(), waitMs);
  }

  #deliver(): void {
    const startedAtMs = performance.now();
    this.#timer = undefined;
    const text = [...this.#gathered.values()].map(formatEvent).join('');
    this.#gathered.clear();
    for (const reader of this.#readers) reader.send(text);
    const endedAtMs = performance.now();
    const restMs = Math.max(this.#options.gatherMs, REST_PER_WORK * (endedAtMs - startedAtMs));
    this.#restUntilMs = endedAtMs + restMs;
  }
}

/** What an event is about: of two with one key the later says all. */
function keyOf(event: ClusterEvent): string {
  switch (event.kind) {
    case 'run':
      return `run ${event.run.id}`;
    case 'node':
      return `node ${event.node.node}`;
    case 'tick':
      return `tick ${event.tick.scheduleId} ${event.tick.at}`;
    case 'jobs':
    case 'health':
    case 'hello':
    case 'pulse':
      return event.kind;
    default:
      return event satisfies never;
  }
}

/** A run's event carries the tasks that changed, so two of them are both their tasks. */
function merge(before: ClusterEvent, after: ClusterEvent): ClusterEvent {
  if (before.kind !== 'run' || after.kind !== 'run') return after;
  const tasks = new Map([...before.tasks, ...after.tasks].map((task) => [task.key, task]));
  return { ...after, tasks: [...tasks.values()] };
}

import type { SeededRandom } from '../crash/seeded-random.js';
import type { ZoneChange } from './expected-schedule.js';

export const KILL_PLACES = [
  'at any time',
  'a second before a tick',
  'a second after a tick',
  'in the midst of a tick',
  'before a gap',
  'in the midst of a gap',
  'after a gap',
  'over a gap',
  'in the first pass of a repeated hour',
  'at the seam of a repeated hour',
  'in the second pass of a repeated hour',
  'over a repeated hour',
] as const;
export type KillPlace = (typeof KILL_PLACES)[number];

/** A death of the leader and its return. Instants are of the virtual clock. */
export interface Kill {
  readonly place: KillPlace;
  readonly at: number;
  readonly backAt: number;
  /**
   * Whether it dies while it does what is due at `at`, so many real milliseconds after it was told the time; else it has
   * done all of that.
   */
  readonly midstMs: number | null;
  /** Once it is back it dies once more while it catches up, so many real milliseconds later; null: it does not. */
  readonly againMs: number | null;
}

export interface KillPlanOptions {
  readonly fromAt: number;
  readonly untilAt: number;
  /** Between two deaths, on the average. */
  readonly everyMs: number;
  /** Every instant at which something is due, in order. */
  readonly dueAts: readonly number[];
  readonly changes: readonly ZoneChange[];
  readonly random: SeededRandom;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Least time to live between a return and the next death. */
const LEAST_LIFE_MS = 2 * MINUTE_MS;
/** How long, of real time, what is due at one instant takes about. */
const LONGEST_MIDST_MS = 6;

/**
 * Plans the deaths of a leader: every change of the clocks is met in one of its stages or in all, and between them the
 * leader dies at instants of the seed and around ticks, for seconds up to more than a day.
 */
export function planKills(options: KillPlanOptions): readonly Kill[] {
  const { fromAt, untilAt, changes } = options;
  const wanted = changes.flatMap((change) => aroundChange(change, options));
  for (let at = fromAt; ;) {
    at += Math.round(options.everyMs * (0.2 + 1.6 * options.random.next()));
    if (at >= untilAt) break;
    wanted.push(anywhere(at, options));
  }
  return apart(wanted, options);
}

/** In the order of time, without those that overlap: what is planned around a change of the clocks goes first. */
function apart(wanted: readonly Kill[], { fromAt, untilAt }: KillPlanOptions): readonly Kill[] {
  const taken: Kill[] = [];
  for (const kill of wanted) {
    const fits = kill.at >= fromAt + LEAST_LIFE_MS && kill.backAt <= untilAt - LEAST_LIFE_MS;
    const clashes = taken.some(
      (other) => kill.at < other.backAt + LEAST_LIFE_MS && other.at < kill.backAt + LEAST_LIFE_MS,
    );
    if (fits && !clashes) taken.push(kill);
  }
  return taken.sort((a, b) => a.at - b.at);
}

function anywhere(near: number, { random, dueAts }: KillPlanOptions): Kill {
  const due = dueAts.find((dueAt) => dueAt >= near) ?? near;
  const forMs = downFor(random);
  const choice = random.pick(['before', 'after', 'midst', 'anywhere'] as const);
  switch (choice) {
    case 'before':
      return calm({ place: 'a second before a tick', at: due - SECOND_MS, forMs }, random);
    case 'after':
      return calm({ place: 'a second after a tick', at: due + SECOND_MS, forMs }, random);
    case 'midst':
      return midst({ place: 'in the midst of a tick', at: due, forMs }, random);
    case 'anywhere':
      return calm({ place: 'at any time', at: near, forMs }, random);
    default:
      return choice satisfies never;
  }
}

/** The stages of a change that have room between one another, or one death over the whole of it. */
function aroundChange(change: ZoneChange, { random }: KillPlanOptions): Kill[] {
  const { at, lengthMs } = change;
  const part = (most: number): number => random.whole(2 * MINUTE_MS, Math.floor(most));
  if (random.next() < 0.3) {
    const place = change.kind === 'gap' ? 'over a gap' : 'over a repeated hour';
    const before = part(lengthMs);
    return [calm({ place, at: at - before, forMs: before + part(lengthMs) }, random)];
  }
  const [first, seam, second] =
    change.kind === 'gap'
      ? (['before a gap', 'in the midst of a gap', 'after a gap'] as const)
      : ([
          'in the first pass of a repeated hour',
          'at the seam of a repeated hour',
          'in the second pass of a repeated hour',
        ] as const);
  const early = part(lengthMs / 2) + 5 * MINUTE_MS;
  return [
    calm({ place: first, at: at - early, forMs: early - 4 * MINUTE_MS }, random),
    midst({ place: seam, at, forMs: part(lengthMs / 6 + 3 * MINUTE_MS) }, random),
    calm({ place: second, at: at + lengthMs / 2, forMs: part(lengthMs / 2) }, random),
  ];
}

interface Death {
  readonly place: KillPlace;
  readonly at: number;
  readonly forMs: number;
}

function calm({ place, at, forMs }: Death, random: SeededRandom): Kill {
  const againMs = random.next() < 0.1 ? random.whole(0, LONGEST_MIDST_MS) : null;
  return { place, at, backAt: at + forMs, midstMs: null, againMs };
}

function midst(death: Death, random: SeededRandom): Kill {
  return { ...calm(death, random), midstMs: random.whole(0, LONGEST_MIDST_MS) };
}

/** Mostly short, sometimes hours, now and then more than a day. */
function downFor(random: SeededRandom): number {
  const choice = random.next();
  if (choice < 0.4) return random.whole(SECOND_MS, 90 * SECOND_MS);
  if (choice < 0.75) return random.whole(90 * SECOND_MS, 40 * MINUTE_MS);
  if (choice < 0.97) return random.whole(40 * MINUTE_MS, 5 * HOUR_MS);
  return random.whole(5 * HOUR_MS, 30 * HOUR_MS);
}

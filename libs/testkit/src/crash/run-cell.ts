import type { Boundary, Victim } from './boundaries.js';
import { describeViolation, type CrashViolation } from './evident-cluster.js';
import { openCrashLab } from './open-crash-lab.js';
import { repeatCrash, type CrashResult } from './repeat-crash.js';
import { seededRandom } from './seeded-random.js';

/** One boundary, one victim, so many times. */
export interface Cell {
  readonly boundary: Boundary;
  readonly victim: Victim;
  readonly repetitions: number;
}

/** What came of a cell. */
export interface CellResult {
  readonly cell: Cell;
  /** How many kills counted. */
  readonly proved: number;
  /** How many did not, and why the last of them. */
  readonly missed: number;
  readonly lastMiss: string | null;
  readonly leastInFlight: number | null;
  readonly violations: readonly CrashViolation[];
  /** Of one repetition, from a ready cluster to the end of every run. */
  readonly longestMs: number;
  readonly durationMs: number;
  /** What leaders and workers logged, when something was wrong. */
  readonly logs: string | null;
}

export interface CellOptions {
  /** The checkout, built. */
  readonly root: string;
  readonly seed: string;
  /** Told of each kill, whether it counted, and of everything that was found wrong. */
  readonly tell?: (line: string) => void;
}

/** Of kills that do not count, so many are allowed for each that does. */
const TRIES_EACH = 4;

/** Kills at one boundary until enough kills have counted or something was found wrong, in a lab of its own. */
export async function runCell(cell: Cell, options: CellOptions): Promise<CellResult> {
  const { boundary, victim, repetitions } = cell;
  const startedAtMs = performance.now();
  const name = `${boundary.name} ${victim}`;
  const random = seededRandom(`${options.seed} ${name}`);
  await using lab = await openCrashLab(options.root, random);
  const inFlight: number[] = [];
  const violations: CrashViolation[] = [];
  let [missed, longestMs] = [0, 0];
  let lastMiss: string | null = null;
  while (inFlight.length < repetitions && inFlight.length + missed < repetitions * TRIES_EACH) {
    const beganAtMs = performance.now();
    const result = await repeatCrash(lab, { boundary, victim, random }).catch(cutShort);
    longestMs = Math.max(longestMs, performance.now() - beganAtMs);
    violations.push(...result.violations);
    if (result.missed === null) inFlight.push(result.inFlight);
    else missed += 1;
    lastMiss = result.missed ?? lastMiss;
    options.tell?.(`${name}: ${result.missed ?? `${result.inFlight} in flight`}`);
    if (violations.length > 0) break;
  }
  if (violations.length === 0) {
    const ticks = await lab.checkTicks().catch((error: unknown) => cutShort(error).violations);
    violations.push(...ticks);
  }
  for (const violation of violations) options.tell?.(`${name}: ${describeViolation(violation)}`);
  return {
    cell,
    proved: inFlight.length,
    missed,
    lastMiss,
    leastInFlight: inFlight.length === 0 ? null : Math.min(...inFlight),
    violations,
    longestMs,
    durationMs: performance.now() - startedAtMs,
    logs: violations.length === 0 ? null : lab.cluster.logs(),
  };
}

/** A kill after which something that was waited for did not come: as bad as a run that does not end. */
function cutShort(error: unknown): CrashResult {
  const text = error instanceof Error ? error.message : String(error);
  const violation = { kind: 'unfinished', run: '', task: '', text } as const;
  return { missed: 'it was cut short', inFlight: 0, violations: [violation] };
}

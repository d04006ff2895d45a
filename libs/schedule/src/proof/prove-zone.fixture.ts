import { changesBetween, wallReader, type WallChange } from '../oracle/index.fixture.js';
import { seededRandom } from '../random-pattern.fixture.js';
import { judgeCase, type TimeSubject } from './judge-case.fixture.js';
import {
  anyMiddle,
  hoursAround,
  hoursAroundChange,
  minutesAround,
  monthsAround,
  randomCase,
  randomMiddle,
  type TimeWindow,
} from './time-window.fixture.js';

/** How much of a zone is judged. */
export interface ProofSize {
  /** Changes of the clocks in (after, until] are judged, each of them. */
  readonly after: number;
  readonly until: number;
  readonly casesPerChange: number;
  /** Windows of seconds, of no change in particular, and of months; and the cases in each of these. */
  readonly windows: number;
  readonly casesPerWindow: number;
}

/** What was judged, and what was wrong. */
export interface ZoneProof {
  readonly zone: string;
  readonly changes: number;
  /** Compared in full, and the same. */
  readonly cases: number;
  /** Of these, the ones with a tick that a change of the clocks had a say in. */
  readonly casesAdjusted: number;
  /** Patterns that never fire, by both. Not among the cases. */
  readonly refused: number;
  readonly ticks: number;
  readonly gaps: number;
  readonly repeated: number;
  /** The first few mistakes, in words. */
  readonly wrong: readonly string[];
}

/** Every change from 1970 to 2037, in 418 zones more than a million cases. */
export const FULL_PROOF: ProofSize = {
  after: Date.UTC(1970, 0, 1),
  until: Date.UTC(2037, 11, 31, 23, 59, 59),
  casesPerChange: 49,
  windows: 2,
  casesPerWindow: 40,
};

const WRONG_LIMIT = 5;

/**
 * Judges one zone: that its changes are known, each to the second, and around each of them cases made from the seed; then
 * cases by seconds, cases far from changes, and cases over months.
 */
export function proveZone<Schedule>(
  subject: TimeSubject<Schedule>,
  asked: { readonly zone: string; readonly seed: string; readonly size: ProofSize },
): ZoneProof {
  const { zone, size } = asked;
  const random = seededRandom(numberOf(`${asked.seed} ${zone}`));
  const wallAt = wallReader(zone);
  const span = { after: size.after, until: size.until };
  const changes = changesBetween(wallAt, span);
  const tally = newTally();
  compareChanges(subject, { zone, ...span, changes }, tally);
  const judge = (window: TimeWindow, cases: number): void => {
    for (let count = 0; count < cases; count += 1)
      add(tally, judgeCase(subject, randomCase(random, window)));
  };
  for (const change of changes)
    judge(hoursAroundChange({ zone, wallAt }, change), size.casesPerChange);
  for (let count = 0; count < size.windows; count += 1) {
    const near = randomMiddle(random, { ...span, changes });
    judge(minutesAround({ zone, wallAt, middleAt: near }), size.casesPerWindow);
    const anywhere = anyMiddle(random, span);
    judge(hoursAround({ zone, wallAt, middleAt: anywhere }), size.casesPerWindow);
    const long = monthsAround({ zone, wallAt, middleAt: anyMiddle(random, span) });
    if (long !== null) judge(long, size.casesPerWindow);
  }
  return { zone, changes: changes.length, ...tally };
}

type Tally = { -readonly [Key in keyof Omit<ZoneProof, 'zone' | 'changes' | 'wrong'>]: number } & {
  readonly wrong: string[];
};

function newTally(): Tally {
  return { cases: 0, casesAdjusted: 0, refused: 0, ticks: 0, gaps: 0, repeated: 0, wrong: [] };
}

function add(tally: Tally, verdict: ReturnType<typeof judgeCase>): void {
  switch (verdict.kind) {
    case 'refused':
      tally.refused += 1;
      return;
    case 'wrong':
      if (tally.wrong.length < WRONG_LIMIT) tally.wrong.push(verdict.text);
      return;
    case 'agreed': {
      const gaps = verdict.ticks.filter(({ adjusted }) => adjusted === 'gap').length;
      const adjusted = verdict.ticks.filter((tick) => tick.adjusted !== null).length;
      tally.cases += 1;
      tally.casesAdjusted += adjusted > 0 ? 1 : 0;
      tally.ticks += verdict.ticks.length;
      tally.gaps += gaps;
      tally.repeated += adjusted - gaps;
      return;
    }
    default:
      verdict satisfies never;
  }
}

function compareChanges<Schedule>(
  subject: TimeSubject<Schedule>,
  asked: {
    readonly zone: string;
    readonly after: number;
    readonly until: number;
    readonly changes: readonly WallChange[];
  },
  tally: Tally,
): void {
  const theirs = subject
    .transitionsBetween({ ...asked, limit: asked.changes.length + 1 })
    .map(({ at, offsetBeforeMinutes, offsetAfterMinutes }) =>
      [at, offsetBeforeMinutes, offsetAfterMinutes].join(' '),
    );
  const known = asked.changes.map(({ at, beforeMs, afterMs }) =>
    [at, beforeMs / 60_000, afterMs / 60_000].join(' '),
  );
  const length = Math.max(theirs.length, known.length);
  const index = Array.from({ length }, (_, each) => each).find(
    (each) => theirs[each] !== known[each],
  );
  if (index === undefined) return;
  tally.wrong.push(
    `${asked.zone}: change ${index} is ${theirs[index] ?? 'none'}, not ${known[index] ?? 'none'}`,
  );
}

/** A number that is the same for the same text (FNV-1a). */
function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

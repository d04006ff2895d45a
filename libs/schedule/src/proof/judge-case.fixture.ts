import {
  oracleMatcher,
  oracleTicksIn,
  type OraclePolicy,
  type OracleTick,
  type WallSeries,
} from '../oracle/index.fixture.js';

/** What is judged: the functions that `@petit/schedule` exports, or others of their shape. */
export interface TimeSubject<Schedule> {
  readonly parseSchedule: (
    text: string,
    options: { readonly zone: string; readonly jobId: string; readonly dst: Partial<OraclePolicy> },
  ) =>
    | { readonly ok: true; readonly schedule: Schedule }
    | { readonly ok: false; readonly problems: readonly { readonly message: string }[] };
  readonly nextTick: (schedule: Schedule, after: number) => SubjectTick | null;
  readonly ticksBetween: (schedule: Schedule, range: SubjectRange) => readonly SubjectTick[];
  readonly lastTicks: (schedule: Schedule, range: SubjectRange) => readonly SubjectTick[];
  readonly countTicks: (
    schedule: Schedule,
    range: { readonly after: number; readonly until: number },
  ) => number;
  readonly transitionsBetween: (
    range: SubjectRange & { readonly zone: string },
  ) => readonly SubjectChange[];
}

interface SubjectTick extends OracleTick {
  readonly zone: string;
}

interface SubjectRange {
  readonly after: number;
  readonly until: number;
  readonly limit: number;
}

interface SubjectChange {
  readonly at: number;
  readonly offsetBeforeMinutes: number;
  readonly offsetAfterMinutes: number;
}

/** One pattern with one policy in one stretch of one zone's time. */
export interface TimeCase {
  readonly zone: string;
  readonly text: string;
  readonly dst: Partial<OraclePolicy>;
  readonly after: number;
  readonly until: number;
  readonly walls: WallSeries;
  /** An instant from which the next tick is asked for. */
  readonly probeAt: number;
}

/** What a case has come to. */
export type Verdict =
  | { readonly kind: 'agreed'; readonly ticks: readonly OracleTick[] }
  /** Both say that the pattern never fires. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'wrong'; readonly text: string };

/**
 * Holds a subject against the oracle in one case: every tick in (after, until] with its instant, wall time, offset and
 * what the clocks did to it; their number; the last three; the first two; ranges that begin or end with a tick or a
 * millisecond before one; the next tick from such an instant, and from any.
 */
export function judgeCase<Schedule>(subject: TimeSubject<Schedule>, asked: TimeCase): Verdict {
  const { zone, text, dst, after, until } = asked;
  const parsed = subject.parseSchedule(text, { zone, jobId: 'job', dst });
  if (!parsed.ok) {
    const { message = '' } = parsed.problems[0] ?? {};
    if (message.includes('never fires') && neverFires(text)) return { kind: 'refused' };
    return wrong(asked, `refused: ${message}`);
  }
  const expected = oracleTicksIn(asked.walls, asked);
  if (expected.length === 0 && neverFires(text)) return wrong(asked, 'taken, and never fires');
  const { schedule } = parsed;
  const range = { after, until };
  const all = subject.ticksBetween(schedule, { ...range, limit: expected.length + 3 });
  const length = Math.max(all.length, expected.length);
  for (let index = 0; index < length; index += 1) {
    if (isSame(all[index], expected[index], zone)) continue;
    return wrong(asked, `tick ${index} is ${show(all[index])}, not ${show(expected[index])}`);
  }
  const count = subject.countTicks(schedule, range);
  if (count !== expected.length) return wrong(asked, `count ${count}, not ${expected.length}`);
  const last = subject.lastTicks(schedule, { ...range, limit: 3 });
  if (!areSame(last, expected.slice(-3), zone)) return wrong(asked, `last ${showAll(last)}`);
  const first = subject.ticksBetween(schedule, { ...range, limit: 2 });
  if (!areSame(first, expected.slice(0, 2), zone)) return wrong(asked, `first ${showAll(first)}`);
  return judgeEdges(subject, schedule, { asked, expected }) ?? { kind: 'agreed', ticks: expected };
}

/** Where a range begins or ends with a tick, or a millisecond before one. */
function judgeEdges<Schedule>(
  subject: TimeSubject<Schedule>,
  schedule: Schedule,
  { asked, expected }: { readonly asked: TimeCase; readonly expected: readonly OracleTick[] },
): Verdict | null {
  const middle = Math.floor(expected.length / 2);
  const [one, other] = [expected[middle], expected[Math.min(middle + 2, expected.length - 1)]];
  const edges =
    one === undefined || other === undefined
      ? []
      : [
          { after: one.at, until: other.at },
          { after: one.at - 1, until: one.at },
          { after: one.at - 1, until: other.at - 1 },
        ];
  for (const { after, until } of edges) {
    const wanted = expected.filter(({ at }) => at > after && at <= until);
    const found = subject.ticksBetween(schedule, { after, until, limit: 10 });
    const count = subject.countTicks(schedule, { after, until });
    if (areSame(found, wanted, asked.zone) && count === wanted.length) continue;
    return wrong(asked, `in ${after} to ${until} are ${count}: ${showAll(found)}`);
  }
  for (const after of [asked.probeAt, ...edges.map((edge) => edge.after)]) {
    const next = subject.nextTick(schedule, after) ?? undefined;
    const wanted = expected.find(({ at }) => at > after);
    const isRight =
      wanted === undefined
        ? next === undefined || next.at > asked.until
        : isSame(next, wanted, asked.zone);
    if (!isRight) return wrong(asked, `after ${after} comes ${show(next)}, not ${show(wanted)}`);
  }
  return null;
}

const neverFiring = new Map<string, boolean>();

/** Whether a pattern's date does not come in 28 years, after which weekdays, dates and leap years have all met. */
function neverFires(text: string): boolean {
  const days = text.split(' ').slice(-3).join(' ');
  const known = neverFiring.get(days);
  if (known !== undefined) return known;
  const matches = oracleMatcher(`0 0 ${days}`);
  let isNever = true;
  for (let day = 0; day < 28 * 366 && isNever; day += 1)
    isNever = !matches(Date.UTC(2000, 0, 1 + day));
  if (neverFiring.size >= 10_000) neverFiring.clear();
  neverFiring.set(days, isNever);
  return isNever;
}

function areSame(
  ticks: readonly SubjectTick[],
  expected: readonly OracleTick[],
  zone: string,
): boolean {
  return (
    ticks.length === expected.length &&
    ticks.every((tick, index) => isSame(tick, expected[index], zone))
  );
}

function isSame(
  tick: SubjectTick | undefined,
  expected: OracleTick | undefined,
  zone: string,
): boolean {
  return (
    tick !== undefined &&
    expected !== undefined &&
    tick.at === expected.at &&
    tick.wall === expected.wall &&
    tick.offsetMinutes === expected.offsetMinutes &&
    tick.adjusted === expected.adjusted &&
    tick.zone === zone
  );
}

function wrong({ zone, text, dst, after, until }: TimeCase, what: string): Verdict {
  const range = `${new Date(after).toISOString()} to ${new Date(until).toISOString()}`;
  return { kind: 'wrong', text: `"${text}" ${JSON.stringify(dst)} in ${zone}, ${range}: ${what}` };
}

function showAll(ticks: readonly OracleTick[]): string {
  return ticks.map(show).join(', ');
}

function show(tick: OracleTick | undefined): string {
  if (tick === undefined) return 'none';
  return `${new Date(tick.at).toISOString()} ${tick.wall} ${tick.offsetMinutes} ${tick.adjusted ?? '-'}`;
}

import { durationText } from '../plan/duration-text.js';
import type { ClockReading, NtpState, OtherClock } from './clock-reading.js';

/** How far the wall clock may step forward, or differ from another, before it has to be explained. Milliseconds. */
export const MAX_STEP_MS: number = 5 * 60_000;

/** What became of a wall clock between two readings. */
export type ClockVerdict =
  | { readonly kind: 'steady' }
  /** Ticks are late, and none is repeated: what was decided stays decided. */
  | { readonly kind: 'stepped_back'; readonly byMs: number }
  | {
      readonly kind: 'stepped_forward_explained';
      readonly byMs: number;
      readonly by: 'suspend' | 'synchronisation' | 'other_boards';
    }
  /** Nothing may be decided by this clock; `reason` is for people. */
  | { readonly kind: 'hold'; readonly reason: string };

/** What a clock is judged by beside itself. */
export interface Witnesses {
  readonly ntp: NtpState;
  readonly others: readonly OtherClock[];
}

/**
 * Judges a wall clock by how far it went beside the time that passed. A step forward of more than five minutes that
 * neither suspend nor a time server nor other boards explain holds. Boards whose clocks went on as ours should have
 * outweigh the time server: it may be the time server that is wrong.
 */
export function judgeClock(
  asked: { readonly before: ClockReading; readonly now: ClockReading } & Witnesses,
): ClockVerdict {
  const { before, now } = asked;
  const byMs = steppedMs(before, now);
  if (byMs < -MAX_STEP_MS) return { kind: 'stepped_back', byMs };
  if (byMs > MAX_STEP_MS) return judgeForward(byMs, asked);
  const suspendedMs = now.bootMs - before.bootMs - (now.monotonicMs - before.monotonicMs);
  return suspendedMs > MAX_STEP_MS
    ? { kind: 'stepped_forward_explained', byMs: suspendedMs, by: 'suspend' }
    : { kind: 'steady' };
}

/** How far the wall clock went beyond the time that passed. Milliseconds; negative is backward. */
export function steppedMs(before: ClockReading, now: ClockReading): number {
  return now.wallAt - before.wallAt - passedMs(before, now);
}

/** The time that passed, suspend included. Milliseconds. A container may tell a time since boot of its own, never more. */
export function passedMs(before: ClockReading, now: ClockReading): number {
  return Math.max(now.bootMs - before.bootMs, now.monotonicMs - before.monotonicMs);
}

function judgeForward(
  byMs: number,
  { now, ntp, others }: { readonly now: ClockReading } & Witnesses,
): ClockVerdict {
  const againstIt = others.filter((other) => speaksFor(other, byMs) === 'expected');
  const confirming = others.filter(
    (other) => other.isElsewhere && speaksFor(other, byMs) === 'stepped',
  );
  const stepped = `the clock stepped forward by ${durationText(byMs)} to ${isoOf(now.wallAt)}`;
  if (againstIt.length > 0 && againstIt.length >= confirming.length) {
    const instead = isoOf(now.wallAt - byMs);
    return { kind: 'hold', reason: `${stepped}; by ${namesOf(againstIt)} it is ${instead}` };
  }
  if (confirming.length > 0) return { kind: 'stepped_forward_explained', byMs, by: 'other_boards' };
  if (ntp === 'synchronised')
    return { kind: 'stepped_forward_explained', byMs, by: 'synchronisation' };
  const reason = `${stepped}, which was not time that passed, and no time server (${ntpText(ntp)}) and no other board confirms it`;
  return { kind: 'hold', reason };
}

/** Which of two instants a clock tells: where ours has stepped to, or where it should be. Null: neither. */
function speaksFor({ aheadMs }: OtherClock, byMs: number): 'stepped' | 'expected' | null {
  const fromStepped = Math.abs(aheadMs);
  const fromExpected = Math.abs(aheadMs + byMs);
  if (Math.min(fromStepped, fromExpected) > MAX_STEP_MS) return null;
  return fromStepped <= fromExpected ? 'stepped' : 'expected';
}

/** What a clock is judged by that nobody has looked at before. */
export interface FirstLook extends Witnesses {
  readonly wallAt: number;
  /** When this version was made: it cannot be earlier than that. Milliseconds since the epoch. */
  readonly releasedAt: number;
  /** When a leader of this cluster last trusted a clock; null when that is not known. Milliseconds since the epoch. */
  readonly lastSeenAt: number | null;
}

/**
 * Judges a wall clock at the start of a leadership, when there is no reading to hold it against: it may not be before
 * what is known to have passed. That it is not synchronised does not hold by itself; that other boards contradict it
 * as well, does.
 */
export function judgeFirstLook(
  look: FirstLook,
): Extract<ClockVerdict, { kind: 'steady' | 'hold' }> {
  const { wallAt, releasedAt, lastSeenAt, ntp, others } = look;
  const says = `the clock says ${isoOf(wallAt)}`;
  if (wallAt < releasedAt) {
    const made = isoOf(releasedAt).slice(0, 10);
    return {
      kind: 'hold',
      reason: `${says}, and this version of Petit was made on ${made}: this board was not told the time`,
    };
  }
  if (ntp === 'synchronised') return { kind: 'steady' };
  // Other boards do not help here: after a power cut all of them may have booted without a clock.
  if (lastSeenAt !== null && wallAt < lastSeenAt - MAX_STEP_MS) {
    const behind = durationText(lastSeenAt - wallAt);
    return {
      kind: 'hold',
      reason: `${says}, ${behind} before a leader of this cluster last looked at its clock (${isoOf(lastSeenAt)}); time server: ${ntpText(ntp)}`,
    };
  }
  const against = others.filter(({ aheadMs }) => aheadMs < -MAX_STEP_MS);
  const confirming = others.filter(
    ({ aheadMs, isElsewhere }) => isElsewhere && Math.abs(aheadMs) <= MAX_STEP_MS,
  );
  if (against.length > 0 && against.length >= confirming.length) {
    const least = Math.min(...against.map(({ aheadMs }) => -aheadMs));
    return {
      kind: 'hold',
      reason: `${says}, and by ${namesOf(against)} it is at least ${durationText(least)} earlier; time server: ${ntpText(ntp)}`,
    };
  }
  return { kind: 'steady' };
}

function ntpText(ntp: NtpState): string {
  switch (ntp) {
    case 'synchronised':
      return 'synchronised';
    case 'unsynchronised':
      return 'not synchronised';
    case 'unknown':
      return 'not known';
    default:
      return ntp satisfies never;
  }
}

function namesOf(clocks: readonly OtherClock[]): string {
  const names = clocks.map(({ name }) => name).sort();
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}

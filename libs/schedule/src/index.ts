export type { ScheduleProblem, ScheduleProblemField } from './problem.js';
export type { DstOptions, DstPolicy } from './dst-policy.js';
export type { CompiledSchedule, Timing } from './compiled-schedule.js';
export {
  normalizeText,
  parseSchedule,
  type ScheduleOptions,
  type ScheduleParse,
} from './parse-schedule.js';
export { backfillRunId, scheduleIdentity, tickRunId } from './identity.js';
export { transitionsBetween, zoneOffsetAt, type ZoneTransition } from './zone/transitions.js';
export { instantsOf, parseMoment, ticksAround, ticksAt, type Moment } from './tick/find-tick.js';
export type { Tick, TickAdjustment } from './tick/tick.js';
export { countTicks, lastTicks, nextTick, ticksBetween } from './tick/next-tick.js';
export { clockChangeOf, type ClockChange, type ClockChangeEffect } from './tick/clock-change.js';
export { shortestStepMs } from './tick/shortest-step.js';
export { LIVE_TICK_MS, planTicks, RUNS_PER_PLAN, type PlanInput } from './plan/plan-ticks.js';
export type { DueSchedule, Release, UnendedRuns } from './plan/due-schedule.js';
export { previewTicks, type TickPreview } from './plan/preview-ticks.js';
export { heldSince, mergePauses, pauseAt, type Pause } from './plan/pause.js';
export { MAX_QUEUED_RUNS } from './plan/decide-live.js';
export { durationText } from './plan/duration-text.js';
export { jitterOf } from './plan/jitter.js';
export {
  beginsAtOnce,
  type RunStart,
  type SchedulePlan,
  type TickDecision,
} from './plan/tick-decision.js';
export { DEFAULT_TICK_POLICY, type TickPolicy } from './plan/tick-policy.js';
export { TickHeap, type HeapEntry } from './timer/tick-heap.js';
export { TickTimer, type TickClock, type TickTimerOptions } from './timer/tick-timer.js';
export type { ClockReading, NtpState, OtherClock } from './clock/clock-reading.js';
export {
  judgeClock,
  judgeFirstLook,
  MAX_STEP_MS,
  passedMs,
  steppedMs,
  type ClockVerdict,
  type FirstLook,
  type Witnesses,
} from './clock/judge-clock.js';

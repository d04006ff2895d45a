export type { ScheduleProblem, ScheduleProblemField } from './problem.js';
export {
  GAP_POLICIES,
  REPEAT_POLICIES,
  type DstOptions,
  type DstPolicy,
  type GapPolicy,
  type RepeatPolicy,
} from './dst-policy.js';
export type { CompiledSchedule, Timing } from './compiled-schedule.js';
export {
  normalizeText,
  parseSchedule,
  type ScheduleOptions,
  type ScheduleParse,
} from './parse-schedule.js';
export { scheduleIdentity, tickRunId } from './identity.js';
export { transitionsBetween, zoneOffsetAt, type ZoneTransition } from './zone/transitions.js';
export type { Tick, TickAdjustment } from './tick/tick.js';
export { countTicks, lastTicks, nextTick, ticksBetween } from './tick/next-tick.js';
export { planTicks, type DueSchedule, type PlanInput } from './plan/plan-ticks.js';
export type { SchedulePlan, TickDecision } from './plan/tick-decision.js';
export { DEFAULT_TICK_POLICY, type TickPolicy } from './plan/tick-policy.js';
export { TickHeap, type HeapEntry } from './timer/tick-heap.js';
export { TickTimer, type TickClock, type TickTimerOptions } from './timer/tick-timer.js';

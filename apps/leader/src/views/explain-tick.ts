import { PetitError, type JobId, type TickRecord } from '@petit/model';
import type { ExplainTickView, TickAnswerView } from '@petit/protocol';
import {
  instantsOf,
  parseMoment,
  ticksAround,
  ticksAt,
  type Moment,
  type Tick,
} from '@petit/schedule';
import { TICKS_KEPT } from '@petit/store/leader';
import { definitionOf } from '../runs/trigger-run.js';
import type { Term } from '../term/term.js';
import type { LiveSchedule } from '../ticks/ticker.js';
import { heldReason } from './explain-job.js';
import { viewOfTick, viewOfTickAt } from './tick-views.js';

/**
 * Says what was decided about a job at a moment: the stored record, or why there is none. Throws NOT_FOUND for a job
 * that there is not or that has no schedule in force, BAD_REQUEST for what is no moment.
 */
export async function explainTick(
  term: Term,
  jobId: JobId,
  asked: string,
): Promise<ExplainTickView> {
  definitionOf(term, jobId);
  const moment = parseMoment(asked);
  if (moment === null) {
    const wanted =
      'an instant such as 2026-03-29T01:00:00Z, or a wall time such as 2026-03-29T02:30';
    throw new PetitError('BAD_REQUEST', `tick "${asked}": wanted ${wanted}`);
  }
  const schedules = term.jobs.ticker.ofJob(jobId);
  if (schedules.length === 0)
    throw new PetitError(
      'NOT_FOUND',
      `job "${jobId}" has no schedule in force, so it has no ticks`,
    );
  const answers = await Promise.all(schedules.map((one) => answersOf(term, one, moment)));
  return { jobId, asked, answers: answers.flat() };
}

async function answersOf(
  term: Term,
  schedule: LiveSchedule,
  moment: Moment,
): Promise<ExplainTickView['answers']> {
  const { id } = schedule;
  const { text, zone } = schedule.schedule;
  const ticks = ticksAt(schedule.schedule, moment);
  const about = { scheduleId: id, text, zone: zone.name };
  if (ticks.length === 0) return [{ ...about, answer: noTick(schedule, moment) }];
  const answers = await Promise.all(ticks.map((tick) => answerOf(term, schedule, tick)));
  return answers.map((answer) => ({ ...about, answer }));
}

function noTick({ schedule }: LiveSchedule, moment: Moment): TickAnswerView {
  const [first = 0] = moment.kind === 'instant' ? [moment.at] : instantsOf(schedule, moment.wall);
  const { before, after } = ticksAround(schedule, first);
  return {
    kind: 'no_tick',
    before: before === null ? null : viewOfTickAt(before),
    after: after === null ? null : viewOfTickAt(after),
  };
}

async function answerOf(term: Term, schedule: LiveSchedule, tick: Tick): Promise<TickAnswerView> {
  const { stores, now } = term.context;
  const { at } = tick;
  const view = viewOfTickAt(tick);
  const [record] = await stores.ticks.covering(schedule.id, { fromAt: at, untilAt: at });
  if (record !== undefined) return { kind: 'decided', tick: view, record: viewOfTick(record) };
  if (at > schedule.watermarkAt) {
    const reason = heldReason(term, schedule.definition.job.id);
    return { kind: at > now() ? 'to_come' : 'undecided', tick: view, reason };
  }
  const oldest = await stores.ticks.oldest(schedule.id);
  return withoutRecord(view, schedule, oldest);
}

/** A tick that the watermark covers and no record: one that retention has taken, or one of before the schedule. */
function withoutRecord(
  tick: ReturnType<typeof viewOfTickAt>,
  schedule: LiveSchedule,
  { tick: oldest, kept }: { readonly tick: TickRecord | null; readonly kept: number },
): TickAnswerView {
  const firstAt = oldest?.from ?? schedule.watermarkAt;
  return kept >= TICKS_KEPT
    ? { kind: 'removed', tick, oldestAt: firstAt, kept }
    : { kind: 'before_force', tick, firstAt };
}

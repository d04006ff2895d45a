import {
  newRun,
  PetitError,
  reason,
  type JobId,
  type RunId,
  type RunView,
  type TickRecord,
} from '@petit/model';
import type { BackfillTickView, BackfillView } from '@petit/protocol';
import { createRun } from '../runs/create-run.js';
import { definitionOf } from '../runs/trigger-run.js';
import type { Term } from '../term/term.js';
import type { LiveSchedule } from '../ticks/ticker.js';
import { viewOfTickAt } from '../views/tick-views.js';
import {
  judgeBackfill,
  ticksToBackfill,
  type BackfillRange,
  type BackfillTick,
} from './plan-backfill.js';

/** Somebody's wish to have the ticks of a stretch of the past run again. */
export interface BackfillRequest extends BackfillRange {
  readonly jobId: JobId;
  readonly by: string;
  /** Only to be told what it would come to. */
  readonly dryRun: boolean;
  /** Ticks that ran are to run again: a key of the caller's, asked again with it the same runs are meant. */
  readonly again: string | null;
}

/** So many runs are on their way to Redis at once; each is a move of its own, and the same one when sent again. */
const CREATED_AT_ONCE = 10;
/** So many headers are asked for by one call. */
const READ_AT_ONCE = 100;

/**
 * Creates a run for every tick of a range that did not run. They wait for their release, one after the other, and behind
 * whatever is live. Throws NOT_FOUND, CONFLICT (nothing in force that is ever due), BAD_REQUEST or NOT_LEADER.
 */
export async function backfillJob(term: Term, request: BackfillRequest): Promise<BackfillView> {
  const { jobId, fromAt, toAt, dryRun, again } = request;
  const schedules = schedulesOf(term, jobId);
  const ticks = ticksToBackfill(schedules, request, { jobId, now: term.context.now(), again });
  const judged = await judgeAll(term, ticks, request);
  const starts = judged.filter(({ view }) => view.what === 'start');
  const releases = dryRun
    ? term.jobs.ticker.releases.peek(starts.length)
    : term.jobs.ticker.releases.take(starts.length);
  const releaseOf = new Map(starts.map(({ tick }, index) => [tick, releases[index] ?? null]));
  if (!dryRun) await createAll(term, request, releaseOf);
  return {
    jobId,
    dryRun,
    fromAt,
    toAt,
    ticks: judged.map(({ tick, view }) => ({ ...view, releaseAt: releaseOf.get(tick) ?? null })),
  };
}

function schedulesOf(term: Term, jobId: JobId): readonly LiveSchedule[] {
  const { job } = definitionOf(term, jobId);
  const schedules = term.jobs.ticker.ofJob(jobId);
  if (schedules.length > 0) return schedules;
  const why = job.enabled ? 'it has no schedule' : 'it is disabled, so it has no ticks';
  throw new PetitError('CONFLICT', `job "${jobId}" cannot be backfilled: ${why}`);
}

interface JudgedTick {
  readonly tick: BackfillTick;
  readonly view: Omit<BackfillTickView, 'releaseAt'>;
}

async function judgeAll(
  term: Term,
  ticks: readonly BackfillTick[],
  { fromAt, toAt, again }: BackfillRequest,
): Promise<readonly JudgedTick[]> {
  const schedules = new Set(ticks.map(({ schedule }) => schedule));
  const records = new Map<LiveSchedule, readonly TickRecord[]>();
  for (const schedule of schedules) {
    const range = { fromAt, untilAt: toAt };
    records.set(schedule, await term.context.stores.ticks.covering(schedule.id, range));
  }
  const made = await existing(
    term,
    ticks.map(({ runId }) => runId),
  );
  return ticks.map((tick) => {
    const { at } = tick.tick;
    const all = records.get(tick.schedule) ?? [];
    const record = all.find((one) => one.from <= at && at <= one.at) ?? null;
    const verdict = judgeBackfill(tick, { record, isMade: made.has(tick.runId), again });
    return { tick, view: { ...viewOfTickAt(tick.tick), scheduleId: tick.schedule.id, ...verdict } };
  });
}

async function existing(term: Term, ids: readonly RunId[]): Promise<ReadonlySet<RunId>> {
  const found = new Set<RunId>();
  for (let first = 0; first < ids.length; first += READ_AT_ONCE) {
    const part = ids.slice(first, first + READ_AT_ONCE);
    for (const { id } of await term.context.stores.runs.readHeaders(part)) found.add(id);
  }
  return found;
}

async function createAll(
  term: Term,
  request: BackfillRequest,
  releaseOf: ReadonlyMap<BackfillTick, number | null>,
): Promise<void> {
  const now = term.context.now();
  const runs = [...releaseOf].map(([tick, releaseAt]) => ({
    definition: tick.schedule.definition,
    view: newBackfillRun(tick, { by: request.by, now, releaseAt }),
    unmet: null,
  }));
  for (let first = 0; first < runs.length; first += CREATED_AT_ONCE)
    await Promise.all(
      runs.slice(first, first + CREATED_AT_ONCE).map((run) => createRun(term, run)),
    );
}

function newBackfillRun(
  { schedule, tick, runId }: BackfillTick,
  given: { readonly by: string; readonly now: number; readonly releaseAt: number | null },
): RunView {
  const { by, now, releaseAt } = given;
  const { at, wall, zone } = tick;
  const { job, hash, graph } = schedule.definition;
  const released = releaseAt === null ? '' : `; released at ${new Date(releaseAt).toISOString()}`;
  return newRun({
    id: runId,
    jobId: job.id,
    definitionHash: hash,
    graph,
    trigger: { kind: 'backfill', by, scheduleId: schedule.id, tickAt: at, wall, zone },
    now,
    notBefore: releaseAt,
    wait: reason('backfill', `${by} asked for what was due at ${wall} ${zone}${released}`),
    caughtUp: true,
  });
}

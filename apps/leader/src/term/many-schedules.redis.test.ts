import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchedule } from '@petit/schedule';
import { waitFor } from '@petit/testkit';
import { viewOfJobs } from '../views/job-view.js';
import { jobOf, TermFixture } from './term.fixture.js';

// No other test asks for this zone, so that what is looked up in it is the work of these schedules.
const ZONE = 'Pacific/Chatham';
const SCHEDULES_PER_JOB = 20;
const DUE = 20;
const START_AT = Date.UTC(2026, 10, 24, 12);
/** The least and the most schedules; growth is told as an exponent: 1 grows as they do. */
const [FEW, MANY] = [200, 2_000];
const MOST_EXPONENT = 1.1;

/** What was done, counted: times are the machine's, not ours. */
interface Work {
  /** Look-ups of an offset while the schedules were put in force: what each next tick asks for. */
  readonly loadLooks: number;
  /** The same while the ticks of one second were decided. */
  readonly tickLooks: number;
  /** Scripts that Redis was sent while they were decided. */
  readonly tickScripts: number;
  /** Commands of a view of all jobs. */
  readonly viewCommands: number;
}

function jobsWith(schedules: number): readonly unknown[] {
  return Array.from({ length: schedules / SCHEDULES_PER_JOB }, (_, job) =>
    jobOf([{ id: 'only' }], {
      id: `job-${job}`,
      overlap: 'allow',
      schedules: Array.from({ length: SCHEDULES_PER_JOB }, (_each, at) => ({
        id: `s${at}`,
        text: job * SCHEDULES_PER_JOB + at < DUE ? '* * * * *' : `${at} 3 ${1 + (job % 28)} 2 *`,
        zone: ZONE,
        dst: { gap: null, overlap: null },
      })),
    }),
  );
}

async function measure(schedules: number): Promise<Work> {
  using looks = countLooks();
  await using fixture = await TermFixture.open(jobsWith(schedules), START_AT);
  const { term, redis } = fixture;
  assert.equal([...term.jobs.ticker.all()].length, schedules);
  const loadLooks = looks.count;
  const scripts = await calls(redis, ['evalsha', 'eval']);
  fixture.wallAt = START_AT + 60_000;
  term.jobs.ticker.lookAgain();
  await waitFor(() => term.runs.book.size === DUE, { what: 'a run of each that is due' });
  const tickLooks = looks.count - loadLooks;
  const tickScripts = (await calls(redis, ['evalsha', 'eval'])) - scripts;
  const commands = await calls(redis, ['zrevrange', 'hget']);
  const views = await viewOfJobs(term, [...term.jobs.definitions.jobs.values()]);
  assert.equal(views.length, schedules / SCHEDULES_PER_JOB);
  assert.equal(views.filter(({ lastRun }) => lastRun !== null).length, DUE / SCHEDULES_PER_JOB);
  const viewCommands = (await calls(redis, ['zrevrange', 'hget'])) - commands;
  return { loadLooks, tickLooks, tickScripts, viewCommands };
}

/** Counts what is asked of the zone, which all schedules in it share. */
function countLooks(): Disposable & { readonly count: number } {
  const parsed = parseSchedule('@daily', { zone: ZONE, jobId: 'job' });
  assert.ok(parsed.ok);
  const { zone } = parsed.schedule;
  const segmentAt = zone.segmentAt.bind(zone);
  const looks = {
    count: 0,
    [Symbol.dispose]: (): void => {
      zone.segmentAt = segmentAt;
    },
  };
  zone.segmentAt = (at) => {
    looks.count += 1;
    return segmentAt(at);
  };
  return looks;
}

/** How often Redis was sent some commands so far. */
async function calls(redis: TermFixture['redis'], names: readonly string[]): Promise<number> {
  const text = await redis.info('commandstats');
  return names.reduce(
    (sum, name) => sum + Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(text)?.[1] ?? 0),
    0,
  );
}

test('ten times the schedules are at most ten times the work to load and to show, and none more for a tick', async (t) => {
  const [few, many] = [await measure(FEW), await measure(MANY)];
  const exponent = (of: (work: Work) => number): number =>
    Math.log(of(many) / of(few)) / Math.log(MANY / FEW);
  const load = exponent(({ loadLooks }) => loadLooks);
  const view = exponent(({ viewCommands }) => viewCommands);
  t.diagnostic(
    `${JSON.stringify({ few, many })}: load ${load.toFixed(2)}, view ${view.toFixed(2)}`,
  );
  assert.ok(few.loadLooks >= FEW && load <= MOST_EXPONENT, `load grows by ${load}`);
  assert.ok(few.viewCommands > 0 && view <= MOST_EXPONENT, `the view grows by ${view}`);
  assert.ok(few.tickLooks >= DUE);
  assert.equal(many.tickLooks, few.tickLooks, 'what is looked up for the ticks of one second');
  assert.equal(many.tickScripts, few.tickScripts, 'scripts for the ticks of one second');
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite, test } from 'node:test';
import { compileJobs } from '@petit/jobfile';
import type { Job } from '@petit/model';
import {
  durationText,
  parseSchedule,
  planTicks,
  scheduleIdentity,
  type DueSchedule,
  type TickDecision,
} from '@petit/schedule';
import { LINT_RULES } from './lint/lint-jobs.js';
import { screenOf } from './show/screen.js';
import { showDay } from './show/show-day.js';
import { catchOutput, contextFor } from './testing/run-in-test.fixture.js';
import { planDay } from './timing/day-plan.js';
import { sourceOf } from './timing/sources.fixture.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const GUIDE = readFileSync(`${ROOT}/docs/guide/schedules-and-outages.md`, 'utf8');

/** The night of the guide: the leader is off from 22:00 to 07:30 in Berlin, and leads 20 s later. */
const OFF_AT = Date.UTC(2026, 10, 24, 21);
const BACK_AT = Date.UTC(2026, 10, 25, 6, 30, 20);
const RELEASE_EVERY_MS = 5_000;

function exampleJobs(): readonly Job[] {
  const files = readdirSync(`${ROOT}/examples`).map((path) => ({
    path,
    bytes: readFileSync(`${ROOT}/examples/${path}`),
  }));
  return compileJobs(files, { defaultZone: 'Europe/Berlin' }).jobs.map(({ job }) => job);
}

/** The schedules of a job as they were when the lights went out. */
function dueOf(job: Job): readonly DueSchedule[] {
  return job.schedules.map(({ id, text, zone }) => {
    const used = zone ?? 'Europe/Berlin';
    const parsed = parseSchedule(text, { zone: used, jobId: job.id });
    assert.ok(parsed.ok);
    return {
      scheduleId: scheduleIdentity({ jobId: job.id, text, zone: used, id }),
      jobId: job.id,
      schedule: parsed.schedule,
      watermarkAt: OFF_AT,
      policy: job,
      pauses: [],
      force: 'in_force',
    };
  });
}

/** What the planner decides of one schedule when there is a leader again, to the end. */
function decide(due: DueSchedule): readonly TickDecision[] {
  const decisions: TickDecision[] = [];
  let [watermarkAt, releaseFromAt] = [due.watermarkAt, BACK_AT];
  for (;;) {
    const [plan] = planTicks({
      due: [{ ...due, watermarkAt }],
      now: BACK_AT,
      runs: () => ({ live: 0, waiting: 0 }),
      release: { fromAt: releaseFromAt, everyMs: RELEASE_EVERY_MS },
    });
    if (plan === undefined || plan.decisions.length === 0) return decisions;
    decisions.push(...plan.decisions);
    watermarkAt = plan.toWatermarkAt;
    releaseFromAt = plan.releaseFromAt;
  }
}

/** A row of the guide's table. */
function rowOf(job: Job): string {
  const decisions = dueOf(job).flatMap(decide);
  const count = (kept: (decision: TickDecision) => boolean): number =>
    decisions.filter(kept).reduce((sum, decision) => sum + decision.count, 0);
  const text = job.schedules.map((schedule) => `\`${schedule.text}\``).join(', ');
  const { policy, windowMs } = job.catchup;
  const cells = [
    job.id,
    text,
    `${policy}, ${durationText(windowMs)}`,
    count(() => true),
    count(({ start }) => start !== null),
    count(({ start }) => start === null),
  ];
  return cells.join(' | ');
}

/** Some of the examples on an afternoon in Berlin. */
function pictureOf(jobs: readonly Job[]): readonly string[] {
  const zone = 'Europe/Berlin';
  const from = Date.UTC(2026, 10, 24, 14, 4);
  const sources = jobs.flatMap((job) =>
    job.schedules.map((schedule) => sourceOf(job.id, schedule.text, schedule.zone ?? zone)),
  );
  const output = catchOutput(false);
  const options = { cwd: '/', environment: { LANG: 'C.UTF-8' } };
  const context = contextFor({ args: [], options, stdout: output, stderr: output });
  const screen = { ...screenOf(output, context), width: 80, now: from };
  return showDay(planDay({ sources, from, zone }), screen);
}

test('the picture of a day in the README is what petit-ctl draws', () => {
  const readme = readFileSync(`${ROOT}/README.md`, 'utf8');
  const [, block = ''] = /```text\n([^`]*)```/.exec(readme) ?? [];
  const jobs = exampleJobs().filter(({ id }) => block.includes(`\n${id} `));
  assert.ok(jobs.length >= 4);
  assert.deepEqual(block.trimEnd().split('\n'), pictureOf(jobs));
});

suite('the guide to schedules and outages', () => {
  test('has the table of a night off as the planner decides it', () => {
    const table = [...GUIDE.matchAll(/^\| (.*\| +\d+ +\| +\d+ +\| +\d+) +\|$/gm)].map(([, row]) =>
      (row ?? '').replace(/ +\| +/g, ' | '),
    );
    const told = table.map((row) => row.split(' ')[0]);
    const jobs = exampleJobs().filter((job) => told.includes(job.id));
    assert.deepEqual(table, jobs.map(rowOf));
    assert.ok(jobs.length >= 4);
  });

  test('names every rule of lint with what it finds', () => {
    for (const { name, finds } of LINT_RULES) {
      assert.match(GUIDE, new RegExp(`\\| \`${name}\` +\\|`));
      assert.ok(GUIDE.includes(finds), `${name}: ${finds}`);
    }
  });
});

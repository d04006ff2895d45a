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

suite('the guide to schedules and outages', () => {
  test('has the table of a night off as the planner decides it', () => {
    // With several schedules the one that is looked at first has its say about the others.
    const jobs = exampleJobs().filter((job) => job.schedules.length === 1);
    const rows = jobs.map(rowOf);
    const table = [...GUIDE.matchAll(/^\| (.*\| +\d+ +\| +\d+ +\| +\d+) +\|$/gm)].map(([, row]) =>
      (row ?? '').replace(/ +\| +/g, ' | '),
    );
    assert.deepEqual(table, rows);
    assert.ok(rows.length >= 4);
  });

  test('names every rule of lint with what it finds', () => {
    for (const { name, finds } of LINT_RULES) {
      assert.match(GUIDE, new RegExp(`\\| \`${name}\` +\\|`));
      assert.ok(GUIDE.includes(finds), `${name}: ${finds}`);
    }
  });
});

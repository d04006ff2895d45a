import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LintJob } from './lint-job.js';
import { lintJob } from './lint-job.fixture.js';
import { LINT_RULES, lintJobs } from './lint-jobs.js';

const NOW = Date.UTC(2026, 10, 24, 14, 5);
const HOUR_MS = 3_600_000;
const BERLIN = { zone: 'Europe/Berlin' };
const ALL = { policy: 'all', windowMs: 24 * HOUR_MS, max: 100 } as const;

/** What one rule finds, as `level target: what`. */
function found(rule: string, ...jobs: readonly LintJob[]): string[] {
  return lintJobs(jobs, { now: NOW })
    .filter((finding) => finding.rule === rule)
    .map(({ level, target, what }) => {
      const at = target.kind === 'key' ? target.key : `${target.index}.${target.field ?? '-'}`;
      return `${level} ${at}: ${what}`;
    });
}

function suggested(rule: string, ...jobs: readonly LintJob[]): string[] {
  return lintJobs(jobs, { now: NOW })
    .filter((finding) => finding.rule === rule)
    .map(({ suggestion }) => suggestion);
}

function named(ids: string, texts: readonly string[]): LintJob[] {
  return ids.split(' ').map((id) => lintJob(texts, { id }));
}

/** For each rule: jobs in which it finds something, what that is, and jobs in which it finds nothing. */
const CASES: Readonly<
  Record<
    string,
    {
      readonly fires: readonly LintJob[];
      readonly told: readonly string[];
      readonly silent: readonly LintJob[];
    }
  >
> = {
  'never-due': {
    fires: [lintJob(['@at 2020-01-01T00:00:00Z'])],
    told: ['warning 0.-: "@at 2020-01-01T00:00:00Z" is never due again'],
    silent: [lintJob(['@at 2027-01-01T00:00:00Z', '0 0 29 2 *', '@yearly'])],
  },
  'uneven-step': {
    fires: [lintJob(['*/7 * * * *', '*/7 0 */5 * * *', '0 3 */2 * *', '0 3 1 */5 *'])],
    told: [
      'warning 0.0: minute "*/7": from 56 to 0 it is 4 minutes, not 7',
      'warning 1.0: second "*/7": from 56 to 0 it is 4 seconds, not 7',
      'warning 1.2: hour "*/5": from 20 to 0 it is 4 hours, not 5',
      'warning 2.2: day of month "*/2": from 31 to 1 it is 1 day, not 2',
      'warning 3.3: month "*/5": from 11 to 1 it is 2 months, not 5',
    ],
    silent: [lintJob(['*/10 */6 * */3 *', '0 9-17/3 * * *', '0-30/7 * * * *', '@every 7m'])],
  },
  'either-day': {
    fires: [lintJob(['0 9 13 * FRI'])],
    told: [
      'warning 0.2: "0 9 13 * FRI" is due on day of month 13 and also on every FRI: 63 times in the next year',
    ],
    silent: [lintJob(['0 9 13 * *', '0 9 * * FRI', '0 9 ? * FRI#2'])],
  },
  'short-month': {
    fires: [lintJob(['0 9 31 * *', '0 9 1,30 * *', '0 9 29 2 *'])],
    told: [
      'note 0.2: "0 9 31 * *" is not due on a 31st in Feb, Apr, Jun, Sep and Nov',
      'note 1.2: "0 9 1,30 * *" is not due on a 30th in Feb',
      'note 2.2: "0 9 29 2 *" is not due on a 29th in Feb (but for leap years)',
    ],
    silent: [lintJob(['0 9 L * *', '0 9 28 * *', '0 9 31 1,3,5 *', '0 9 1-31 * *'])],
  },
  'clock-change': {
    fires: [
      lintJob(['30 2 * * *', '0 */2 * * *'], BERLIN),
      lintJob(['0 */2 * * *'], {
        id: 'once',
        ...BERLIN,
        dst: { gap: 'run_once', overlap: 'first' },
      }),
      lintJob(['30 2 * * *'], { id: 'stated', ...BERLIN, dst: { gap: 'skip', overlap: 'both' } }),
    ],
    told: [
      'note 0.1: "30 2 * * *" in Europe/Berlin: on 2027-03-28 and 2028-03-26 02:30 does not exist: it runs at 03:00 instead; on 2027-10-31 and 2028-10-29 02:30 comes twice: it runs the first time',
      'warning 1.1: "0 */2 * * *" in Europe/Berlin: on 2027-03-28 and 2028-03-26 02:00 does not exist: it is left out; on 2027-10-31 and 2028-10-29 02:00 comes twice: it runs both times',
      'note 0.1: "0 */2 * * *" in Europe/Berlin: on 2027-03-28 and 2028-03-26 02:00 does not exist: it runs at 03:00 instead; on 2027-10-31 and 2028-10-29 02:00 comes twice: it runs the first time',
      'note 0.1: "30 2 * * *" in Europe/Berlin: on 2027-03-28 and 2028-03-26 02:30 does not exist: it is left out; on 2027-10-31 and 2028-10-29 02:30 comes twice: it runs both times',
    ],
    silent: [
      lintJob(['30 3 * * *', '*/15 * * * *', '30 * * * *', '@every 2h'], BERLIN),
      lintJob(['30 2 * * *', '0 */2 * * *']),
    ],
  },
  'drifting-period': {
    fires: [lintJob(['@every 7h'])],
    told: [
      'note 0.-: "@every 7h" comes at other times each day: first at 03:00, then 00:00, then 04:00 UTC',
    ],
    silent: [lintJob(['@every 90m', '@every 2d', '@every 8h', '0 */8 * * *'])],
  },
  midnight: {
    fires: named('a b c', ['@daily']),
    told: ['warning 0.-: 3 jobs are due at midnight in UTC: a, b, c'],
    silent: [
      ...named('a b', ['@daily']),
      lintJob(['0 0,12 * * *', '* * * * *', '*/5 0 * * *'], { id: 'c' }),
      lintJob(['@daily'], { id: 'd', ...BERLIN }),
      lintJob(['@daily'], { id: 'off', enabled: false }),
    ],
  },
  'crowded-minute': {
    fires: [...named('a b c', ['15 4 * * *']), lintJob(['15 * * * *'], { id: 'd' })],
    told: [
      'warning 0.-: 4 jobs are due in the same minute, next at 2026-11-25 04:15 UTC: a, b, c, d',
    ],
    silent: [
      ...named('a b c', ['15 4 * * *']),
      ...named('d e f', ['* * * * *']),
      ...named('g h', ['@daily']),
      lintJob(['15 4 * * *'], { id: 'off', enabled: false }),
      lintJob(['H 4 * * *'], { id: 'spread' }),
    ],
  },
  'short-catchup-window': {
    fires: [lintJob(['0 9 * * MON'])],
    told: ['note 0.-: "0 9 * * MON" comes every 7d or more, and is caught up for 1d'],
    silent: [
      lintJob(['@daily', '@at 2030-01-01T00:00:00Z']),
      lintJob(['0 9 * * MON'], { rules: { catchup: { ...ALL, policy: 'none' } } }),
      lintJob(['0 9 * * MON'], { rules: { catchup: { ...ALL, windowMs: 2 * HOUR_MS } } }),
    ],
  },
  'deadline-before-catchup': {
    fires: [lintJob(['@hourly'], { rules: { catchup: ALL, startDeadlineMs: HOUR_MS } })],
    told: [
      'warning start_deadline: a tick missed for more than 1h expires, although it is caught up for 1d',
    ],
    silent: [
      lintJob(['@hourly'], { rules: { startDeadlineMs: HOUR_MS } }),
      lintJob(['@hourly'], { rules: { catchup: ALL, startDeadlineMs: 24 * HOUR_MS } }),
      lintJob([], { rules: { catchup: ALL, startDeadlineMs: HOUR_MS } }),
    ],
  },
  'catchup-overlap': {
    fires: [
      lintJob(['@hourly'], { rules: { catchup: ALL, overlap: 'cancel_previous' } }),
      lintJob(['@hourly'], { id: 'other', rules: { catchup: ALL } }),
    ],
    told: [
      'warning overlap: each tick cancels the runs that are being caught up',
      'note overlap: a tick that comes while a run is caught up is left out',
    ],
    silent: [
      lintJob(['@hourly'], { rules: { catchup: ALL, overlap: 'queue_all' } }),
      lintJob(['@hourly'], { rules: { overlap: 'cancel_previous' } }),
    ],
  },
  'capped-catchup': {
    fires: [lintJob(['*/5 * * * *'], { rules: { catchup: ALL } })],
    told: [
      'note 0.-: "*/5 * * * *" misses up to 288 ticks in 1d, and the newest 100 are caught up',
    ],
    silent: [
      lintJob(['@hourly'], { rules: { catchup: ALL } }),
      lintJob(['*/5 * * * *'], { rules: { catchup: { ...ALL, policy: 'latest' } } }),
    ],
  },
  'jitter-past-deadline': {
    fires: [lintJob(['@hourly'], { rules: { jitterMs: HOUR_MS, startDeadlineMs: 600_000 } })],
    told: ['warning jitter: runs begin up to 1h after their tick, and are cancelled 10m after it'],
    silent: [
      lintJob(['@hourly'], { rules: { jitterMs: 300_000, startDeadlineMs: 600_000 } }),
      lintJob(['@hourly'], { rules: { jitterMs: HOUR_MS } }),
    ],
  },
};

suite('rules of lint', () => {
  test('each has a case here', () => {
    assert.deepEqual(LINT_RULES.map(({ name }) => name).sort(), Object.keys(CASES).sort());
  });

  for (const [rule, { fires, told, silent }] of Object.entries(CASES)) {
    test(`${rule} finds what it should`, () => {
      assert.deepEqual(found(rule, ...fires), told);
      assert.ok(suggested(rule, ...fires).every((text) => text !== ''));
    });
    test(`${rule} is silent where there is nothing`, () =>
      assert.deepEqual(found(rule, ...silent), []));
  }
});

suite('suggestions', () => {
  const cases: readonly (readonly [string, readonly LintJob[], string])[] = [
    [
      'uneven-step',
      [lintJob(['*/7 * * * *'])],
      '"*/6" or "*/10", or "@every 7m" for 7 minutes always',
    ],
    ['uneven-step', [lintJob(['*/7 9-17 * * *'])], '"*/6" or "*/10"'],
    [
      'uneven-step',
      [lintJob(['0 H/9 * * *'])],
      '"H/8" or "H/12", or "@every 9h" for 9 hours always',
    ],
    [
      'clock-change',
      [lintJob(['30 2 * * *'], BERLIN)],
      'another hour, such as "30 3 * * *"; or leave it if that is right, or say otherwise with "dst"',
    ],
    [
      'clock-change',
      [lintJob(['0 */2 * * *'], BERLIN)],
      '"@every 2h" to go by elapsed time, or dst: {gap: run_once, overlap: first} to run each named time once',
    ],
    [
      'drifting-period',
      [lintJob(['@every 11m'])],
      '"@every 10m" or "@every 12m", which come at the same times each day',
    ],
    [
      'midnight',
      named('a b c', ['0 0 1 * *']),
      '"H H(0-5) 1 * *" where the hour does not matter: each job gets a time of its own before six',
    ],
    [
      'crowded-minute',
      named('a b c d', ['*/15 * * * *']),
      '"H/15 * * * *" where the minute does not matter: H is a minute of its own for each job',
    ],
    [
      'crowded-minute',
      named('a b c d', ['@hourly']),
      '"H * * * *" where the minute does not matter: H is a minute of its own for each job',
    ],
  ];
  for (const [rule, jobs, suggestion] of cases)
    test(`${rule}: ${suggestion}`, () => assert.deepEqual(suggested(rule, ...jobs), [suggestion]));

  test('what crowded-minute suggests ends the crowd', () => {
    const spread = named('a b c d e f', ['H/15 * * * *']);
    assert.deepEqual(found('crowded-minute', ...spread), []);
  });
});

test('a schedule that is due for the first time in years is noted', () => {
  const far = lintJob(['0 0 29 2 *']);
  const findings = lintJobs([far], { now: Date.UTC(2028, 2, 1) });
  assert.match(
    findings.find(({ rule }) => rule === 'never-due')?.what ?? '',
    /is due for the first time on 2032-02-29/,
  );
});

test('two crowds are told one by one, and no schedule in two of them', () => {
  const jobs = [...named('a b c d e', ['15 4 * * *']), ...named('f g h i', ['45 * * * *'])];
  assert.equal(found('crowded-minute', ...jobs).length, 2);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema, scheduleIdSchema, type TickOutcome, type TickRecord } from '@petit/model';
import { MadePauses } from './made-pauses.js';
import { TickLedger } from './tick-ledger.js';
import type { YearJob } from './year-jobs.js';

const MINUTE_MS = 60_000;
const JOB: YearJob = {
  id: 'job',
  overlap: 'skip',
  catchup: 'latest',
  windowMs: 60 * MINUTE_MS,
  startDeadlineMs: 30 * MINUTE_MS,
  jitterMs: 0,
  dependsOn: null,
  schedules: [],
};
const TICKS = Array.from({ length: 30 }, (_, index) => {
  const at = Date.UTC(2028, 0, 1) + index * 10 * MINUTE_MS;
  return { at, wall: new Date(at).toISOString().slice(0, 19) };
});

function open(job: Partial<YearJob> = {}, pauses: MadePauses = new MadePauses()): TickLedger {
  const schedule = { scheduleId: 'job@s', job: { ...JOB, ...job }, ticks: TICKS };
  return new TickLedger(schedule, pauses);
}

/** The decision about the tick at `index`, or about the `count` ticks that end there. */
function decided(ledger: TickLedger, index: number, change: Partial<TickRecord> = {}): TickRecord {
  const tick = TICKS[index];
  if (tick === undefined) throw new Error(`no tick ${index}`);
  const isRun = (change.outcome ?? 'run') === 'run';
  return {
    v: 1,
    scheduleId: scheduleIdSchema.parse('job@s'),
    jobId: jobIdSchema.parse('job'),
    at: tick.at,
    from: TICKS[index + 1 - (change.count ?? 1)]?.at ?? 0,
    count: 1,
    wall: tick.wall,
    outcome: 'run',
    runId: isRun ? ledger.runIdOf(tick) : null,
    reason: null,
    decidedAt: tick.at,
    ...change,
  };
}

function kindsOf(ledger: TickLedger): string[] {
  return ledger.findings.map(({ kind }) => kind);
}

/** Takes all of a schedule's records at once. */
function take(ledger: TickLedger, records: readonly TickRecord[], revivedAt = 0): void {
  const watermark = records.at(-1)?.at ?? null;
  ledger.take({ records, kept: records.length, watermark }, revivedAt);
}

test('records that part all ticks among them are in order, whether one stands for one tick or for many', () => {
  const ledger = open();
  const back = (TICKS[12]?.at ?? 0) + 1_000;
  const missed = { outcome: 'missed_catchup', decidedAt: back } as const;
  take(
    ledger,
    [
      decided(ledger, 0),
      decided(ledger, 1),
      decided(ledger, 6, { outcome: 'missed_window', count: 5, decidedAt: back }),
      decided(ledger, 11, { ...missed, count: 5 }),
      decided(ledger, 12, { decidedAt: back }),
    ],
    back,
  );
  ledger.expectDecided(TICKS[12]?.at ?? 0);
  assert.deepEqual(ledger.findings, []);
  assert.equal(ledger.decided, 13);
});

test('what is missing, double, unknown or of another number of ticks is told, each once', () => {
  const missing = open();
  take(
    missing,
    [0, 1, 4].map((index) => decided(missing, index)),
  );
  assert.deepEqual(kindsOf(missing), ['missing']);
  assert.match(missing.findings[0]?.text ?? '', /^2 from 2028-01-01T00:20/);
  const double = open();
  take(
    double,
    [0, 1, 0].map((index) => decided(double, index)),
  );
  assert.ok(kindsOf(double).includes('double'));
  const unknown = open();
  take(unknown, [decided(unknown, 0, { at: 1, from: 1, decidedAt: 1 })]);
  assert.deepEqual(kindsOf(unknown), ['unknown_tick']);
  const many = open();
  const { at = 0, wall = '' } = TICKS[3] ?? {};
  take(
    many,
    [decided(many, 2, { outcome: 'missed_window', count: 2, at, wall, decidedAt: at })],
    at,
  );
  assert.ok(kindsOf(many).includes('unknown_tick'));
  const undecided = open();
  take(undecided, [decided(undecided, 0)]);
  undecided.expectDecided(TICKS[1]?.at ?? 0);
  assert.deepEqual(kindsOf(undecided), ['undecided']);
});

test('records that vanish or appear behind its back, and a watermark elsewhere, are told', () => {
  const [gone, added, moved] = [open(), open(), open()];
  for (const ledger of [gone, added, moved])
    take(
      ledger,
      [0, 1].map((at) => decided(ledger, at)),
    );
  gone.take({ records: [], kept: 1, watermark: TICKS[1]?.at ?? null }, 0);
  assert.deepEqual(kindsOf(gone), ['records_gone', 'records_gone']);
  added.take({ records: [decided(added, 1)], kept: 3, watermark: TICKS[1]?.at ?? null }, 0);
  assert.deepEqual(kindsOf(added), ['records_added']);
  moved.take({ records: [decided(moved, 1)], kept: 2, watermark: TICKS[0]?.at ?? null }, 0);
  assert.deepEqual(kindsOf(moved), ['watermark']);
});

test('another wall time, another run, a run where there is none, and a late decision are told', () => {
  const ledger = open();
  const other = ledger.runIdOf({ at: 1, wall: '' });
  take(ledger, [
    decided(ledger, 0, { wall: '2028-01-01T01:00:00' }),
    decided(ledger, 1, { runId: other }),
    decided(ledger, 2, { outcome: 'skipped_overlap', runId: other }),
    decided(ledger, 3, { decidedAt: (TICKS[3]?.at ?? 0) + 2_000 }),
    decided(ledger, 4, { decidedAt: (TICKS[4]?.at ?? 0) - 1 }),
  ]);
  assert.deepEqual(kindsOf(ledger), ['wall', 'run', 'run', 'late', 'late']);
});

const WRONG: readonly (readonly [TickOutcome, number, Partial<YearJob>])[] = [
  ['run', 45, {}],
  ['run', 20, { catchup: 'none' }],
  ['run', 20, { windowMs: 10 * MINUTE_MS }],
  ['run', 0, { dependsOn: 'other' }],
  ['skipped_dependency', 0, {}],
  ['skipped_overlap', 0, { overlap: 'allow' }],
  ['missed_window', 60, {}],
  ['missed_catchup', 0, {}],
  ['missed_catchup', 20, { catchup: 'all' }],
  ['missed_catchup', 61, {}],
  ['expired', 30, {}],
];

for (const [outcome, lateMinutes, job] of WRONG) {
  test(`${outcome}, decided ${lateMinutes} min late with ${JSON.stringify(job)}, is an outcome that the file does not allow`, () => {
    const ledger = open(job);
    const decidedAt = (TICKS[0]?.at ?? 0) + lateMinutes * MINUTE_MS;
    take(ledger, [decided(ledger, 0, { outcome, decidedAt })], decidedAt);
    assert.deepEqual(kindsOf(ledger), ['outcome']);
  });
}

test('what a pause holds may be undecided until it is over, and then late; what was due before may not', () => {
  const [from, resumed] = [(TICKS[1]?.at ?? 0) + 1, (TICKS[4]?.at ?? 0) + MINUTE_MS];
  const pauses = new MadePauses();
  const ledger = open({}, pauses);
  const skipped = { outcome: 'skipped_paused', count: 2, decidedAt: resumed } as const;
  pauses.begin(null, from);
  take(ledger, [decided(ledger, 0)]);
  ledger.expectDecided(from + 60 * MINUTE_MS);
  assert.deepEqual(kindsOf(ledger), ['undecided']);
  ledger.findings.length = 0;
  pauses.end(null, resumed);
  const records = [
    decided(ledger, 0),
    decided(ledger, 1),
    decided(ledger, 3, skipped),
    decided(ledger, 4, { decidedAt: resumed }),
  ];
  ledger.take({ records, kept: records.length, watermark: records.at(-1)?.at ?? null }, 0);
  ledger.expectDecided(resumed);
  assert.deepEqual(ledger.findings, []);
});

test('a tick that is skipped as paused without a pause, or missed in one, is an outcome that is not allowed', () => {
  const decidedAt = (TICKS[0]?.at ?? 0) + 5 * MINUTE_MS;
  const without = open();
  take(without, [decided(without, 0, { outcome: 'skipped_paused', decidedAt })], decidedAt);
  assert.deepEqual(kindsOf(without), ['outcome']);
  const pauses = new MadePauses();
  pauses.begin('job', (TICKS[0]?.at ?? 0) - 1);
  pauses.begin('other', 0);
  const missed = open({}, pauses);
  take(missed, [decided(missed, 0, { outcome: 'missed_catchup', decidedAt })], decidedAt);
  assert.deepEqual(kindsOf(missed), ['outcome']);
});

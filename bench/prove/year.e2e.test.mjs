// A share of `npm run prove -- year`: a week with a gap and a repeated hour, and the changes to its records that it tells.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { planKills, runYear, seededRandom, yearJobs } from '@petit/testkit';
import { bundleLeader } from './leader-bundle.mjs';
import { expectTicks } from './year-oracle.mjs';

const program = join(bundleLeader(), 'main.mjs');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WATERMARKS = '{petit}:watermarks';
/** A quiet third of a day, with a look at its sixth hour and one at its end, five minutes after a tick. */
const FROM = Date.UTC(2028, 5, 1);
const END_AT = FROM + 8 * HOUR_MS + 5 * MINUTE_MS;
const UNREAD_AT = FROM + 2 * HOUR_MS + 5 * MINUTE_MS;
const READ_AT = FROM + 6 * HOUR_MS + 35 * MINUTE_MS;

test('P1 a week around two nights in which the clocks change has one outcome a tick, however the leader dies', async () => {
  const span = { fromAt: Date.UTC(2028, 2, 25, 20), untilAt: Date.UTC(2028, 3, 1, 18) };
  const jobs = yearJobs().filter(({ id }) => /-fixed$|-calendar$|lord_howe-rhythm$/.test(id));
  const expected = expectTicks(jobs, span);
  const changes = expected.changes.filter(({ zone }) => /Berlin|Lord_Howe/.test(zone));
  assert.deepEqual(changes.map(({ kind }) => kind).sort(), ['gap', 'repeat']);
  const random = seededRandom('a week');
  const kills = planKills({ ...span, ...expected, changes, everyMs: 100 * HOUR_MS, random });
  const pauses = [
    pauseOver(changes[0], 'berlin-fixed'),
    pauseOver(changes[1], null),
    {
      jobId: 'lord_howe-rhythm',
      fromAt: span.fromAt + 60 * HOUR_MS,
      untilAt: span.fromAt + 63 * HOUR_MS,
    },
  ];
  const year = await runYear({ ...span, ...expected, program, kills, pauses });
  assert.deepEqual(year.findings, []);
  assert.equal(year.decided, year.ticks);
  assert.ok(year.ticks > 1_000, `only ${year.ticks} ticks`);
  assert.equal(year.pauses, 3);
  assert.ok(year.outcomes.get('skipped_paused') > 3);
  assert.ok(year.kills >= 5, `only ${year.kills} deaths`);
  assert.ok(year.atOnce > year.ticks / 2 && year.atOnce < year.ticks);
});

/** From an hour before a change of the clocks to an hour after it. */
function pauseOver({ at }, jobId) {
  return { jobId, fromAt: at - HOUR_MS, untilAt: at + HOUR_MS };
}

/** A job of a schedule that is due every ten minutes. */
function plainJob(id) {
  const schedule = { jobId: id, id: 's1', text: '*/10 * * * *', zone: 'UTC', dst: null };
  const policy = { overlap: 'allow', catchup: 'latest', windowMs: 24 * HOUR_MS, jitterMs: 0 };
  return { id, ...policy, startDeadlineMs: HOUR_MS, dependsOn: null, schedules: [schedule] };
}

/** What is done to the records of one schedule, when, and the findings that must come of it. */
const TAMPERED = {
  untouched: { at: UNREAD_AT, how: async () => undefined, wanted: [] },
  removed: {
    at: UNREAD_AT,
    how: async (redis, ticks) => redis.zrem(ticks, ...(await redis.zrange(ticks, '1', '1'))),
    wanted: ['missing'],
  },
  'removed-later': {
    at: READ_AT,
    how: async (redis, ticks) => redis.zrem(ticks, ...(await redis.zrange(ticks, '1', '1'))),
    wanted: ['records_gone'],
  },
  doubled: { at: UNREAD_AT, how: doubleRecord, wanted: ['double'] },
  'doubled-later': { at: READ_AT, how: doubleRecord, wanted: ['records_added'] },
  forward: {
    at: UNREAD_AT,
    how: (redis, _, id) => redis.hset(WATERMARKS, id, String(FROM + 4 * HOUR_MS)),
    wanted: ['missing'],
  },
  back: {
    at: UNREAD_AT,
    how: (redis, _, id) => redis.hset(WATERMARKS, id, String(FROM)),
    wanted: ['double'],
  },
  'moved-last': {
    at: END_AT - MINUTE_MS,
    how: (redis, _, id) => redis.hset(WATERMARKS, id, String(FROM)),
    wanted: ['watermark'],
  },
  'without-run': {
    at: UNREAD_AT,
    how: async (redis, ticks) => {
      const [text] = await redis.zrange(ticks, '0', '0');
      await redis.del(`{petit}:run:${JSON.parse(text).runId}`);
    },
    wanted: ['run'],
  },
};

async function doubleRecord(redis, ticks) {
  const [text] = await redis.zrange(ticks, '2', '2');
  const record = JSON.parse(text);
  await redis.zadd(ticks, record.at, JSON.stringify({ ...record, decidedAt: record.at + 1 }));
}

test('a record removed or doubled, a watermark moved, a run gone: each is told of its schedule, and of no other', async () => {
  const span = { fromAt: FROM, untilAt: END_AT };
  const expected = expectTicks(Object.keys(TAMPERED).map(plainJob), span);
  const tampering = [UNREAD_AT, READ_AT, END_AT - MINUTE_MS].map((at) => ({
    at,
    how: async (redis) => {
      for (const [name, tampered] of Object.entries(TAMPERED)) {
        const id = `${name}@s1`;
        if (tampered.at === at) await tampered.how(redis, `{petit}:ticks:${id}`, id);
      }
    },
  }));
  const year = await runYear({ ...span, ...expected, program, kills: [], tampering });
  for (const [name, { wanted }] of Object.entries(TAMPERED)) {
    const found = year.findings.filter(({ scheduleId }) => scheduleId === `${name}@s1`);
    const kinds = [...new Set(found.map(({ kind }) => kind))];
    for (const kind of wanted) assert.ok(kinds.includes(kind), `${name}: ${JSON.stringify(found)}`);
    if (wanted.length === 0) assert.deepEqual(found, [], name);
  }
});

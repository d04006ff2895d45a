import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema } from '@petit/model';
import { scheduleIdentity, tickRunId } from './identity.js';

const jobId = jobIdSchema.parse('backup');
const base = { jobId, text: '0 2 * * *', zone: 'UTC', id: null };

test('a schedule is known by its id when its file gives one, whatever its text', () => {
  assert.equal(scheduleIdentity({ ...base, id: 'nightly' }), 'backup@nightly');
  assert.equal(scheduleIdentity({ ...base, id: 'nightly', text: '0 3 * * *' }), 'backup@nightly');
});

test('without an id it is known by job, text and zone, and each of them counts', () => {
  const identity = scheduleIdentity(base);
  assert.match(identity, /^[A-Za-z0-9_-]{22}$/);
  const others = [
    { ...base, jobId: jobIdSchema.parse('backup2') },
    { ...base, text: '0 3 * * *' },
    { ...base, zone: 'Europe/Berlin' },
  ].map(scheduleIdentity);
  assert.equal(new Set([identity, ...others]).size, 4);
});

test('blanks in the text do not make another schedule', () => {
  assert.equal(scheduleIdentity({ ...base, text: ' 0  2 *\t* * ' }), scheduleIdentity(base));
});

test('identities are stored, so they may never change', () => {
  assert.equal(scheduleIdentity(base), 'kZ_1BY4DT_lNL6btxcTWN9');
  assert.equal(
    tickRunId(scheduleIdentity(base), { at: 1_764_036_000_000, wall: '2025-11-25T02:00:00' }),
    '20d66fdb-4aa8-8c93-bdd4-5d367211b74e',
  );
});

test('the run of a tick is a UUID of version 8 that schedule, instant and wall time decide', () => {
  const scheduleId = scheduleIdentity(base);
  const tick = { at: 1_764_036_000_000, wall: '2025-11-25T02:00:00' };
  const runId = tickRunId(scheduleId, tick);
  assert.match(runId, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const others = [
    tickRunId(scheduleIdentity({ ...base, id: 'other' }), tick),
    tickRunId(scheduleId, { ...tick, at: tick.at + 1_000 }),
    tickRunId(scheduleId, { ...tick, wall: '2025-11-25T03:00:00' }),
  ];
  assert.equal(new Set([runId, ...others]).size, 4);
  assert.equal(tickRunId(scheduleId, { ...tick }), runId);
});

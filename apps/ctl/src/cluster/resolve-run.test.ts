import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@petit/client';
import { startFakeLeader } from '../testing/fake-leader.fixture.js';
import { OTHER_RUN_ID, RUN_ID, runView } from '../testing/sample-views.fixture.js';
import { resolveRun } from './resolve-run.js';

const RUNS = { runs: [runView({ id: OTHER_RUN_ID }), runView()] };

test('a run is meant by its id in any spelling, its beginning, or as the last one', async () => {
  await using leader = await startFakeLeader({
    'GET /runs': RUNS,
    'GET /runs?job=pipeline&limit=1': { runs: [runView()] },
    'GET /runs?job=none&limit=1': { runs: [] },
  });
  const client = createClient({ server: leader.address, token: 't' });
  const whole = [
    RUN_ID,
    RUN_ID.toUpperCase(),
    RUN_ID.replaceAll('-', ''),
    `urn:uuid:${RUN_ID}`,
    `{${RUN_ID}}`,
  ];
  for (const text of whole) assert.equal(await resolveRun(client, text), RUN_ID);
  assert.deepEqual(leader.asked, []);
  for (const text of ['3fa2', '3FA2B1C4', '3fa2b1c45d6e', '3fa2b1c4-5d']) {
    assert.equal(await resolveRun(client, text), RUN_ID, text);
  }
  assert.equal(await resolveRun(client, 'last'), OTHER_RUN_ID);
  assert.equal(await resolveRun(client, 'pipeline:last'), RUN_ID);
  await assert.rejects(resolveRun(client, 'none:last'), { code: 'NOT_FOUND' });
});

test('a beginning of several, of none, or too short a one is refused', async () => {
  await using leader = await startFakeLeader({
    'GET /runs': { runs: [...RUNS.runs, runView({ id: RUN_ID.replace(/.$/, '0') })] },
  });
  const client = createClient({ server: leader.address, token: 't' });
  await assert.rejects(resolveRun(client, '3fa2b1c4'), /begins several runs: 3fa2.*, 3fa2/);
  await assert.rejects(resolveRun(client, 'abcd'), /no run among the last 3 begins with "abcd"/);
  for (const text of ['3fa', '', 'hello', '../x']) {
    await assert.rejects(resolveRun(client, text), { code: 'BAD_REQUEST' }, text);
  }
});

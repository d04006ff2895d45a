import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEvent } from '@petit/protocol';
import { waitFor } from '@petit/testkit';
import { LogStream, Refusal } from '../testing/fake-leader.fixture.js';
import { makeDesk } from '../testing/make-desk.fixture.js';
import {
  COMPLETED_RUN,
  FAILED_RUN,
  RUN_ID,
  runView,
  taskView,
} from '../testing/sample-views.fixture.js';

process.env['TZ'] = 'UTC';

const TRIGGER = 'POST /jobs/pipeline/trigger';
const RUN = `GET /runs/${RUN_ID}`;
const TRIGGERED = { runId: RUN_ID, jobId: 'pipeline', created: true };

test('without --wait it says which run was started and returns', async (t) => {
  const { run, leader } = await makeDesk(t, { [TRIGGER]: TRIGGERED });
  const { exitCode, stdout } = await run('trigger pipeline');
  assert.deepEqual([exitCode, stdout], [0, `pipeline started: run ${RUN_ID}\n`]);
  assert.deepEqual(JSON.parse((await run('trigger pipeline --json')).stdout), TRIGGERED);
  leader.answers[TRIGGER] = { ...TRIGGERED, created: false };
  assert.match(
    (await run('trigger pipeline --idempotency-key k')).stdout,
    /was started before with this key/,
  );
});

test('with --wait it shows each change as a line and exits 0 when the run completes', async (t) => {
  const running = {
    run: runView({ state: 'running', endedAt: null }),
    tasks: [
      taskView('extract', { state: 'running', endedAt: null }),
      taskView('load', { state: 'pending' }),
    ],
  };
  const { run, leader } = await makeDesk(t, { [TRIGGER]: TRIGGERED, [RUN]: running });
  const ran = run('trigger pipeline --wait');
  await waitFor(() => leader.asked.includes(RUN), { what: 'the run to be read' });
  leader.answers[RUN] = COMPLETED_RUN;
  leader.emit({ kind: 'run', ...COMPLETED_RUN });
  const { exitCode, stdout, stderr } = await ran;
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.equal(
    stdout,
    `14:03:58  ● extract running on cube1
14:03:55  ● pipeline running 3fa2b1c4
14:03:58  ✓ extract completed on cube1 in 2.0 s
14:03:58  ✓ load completed on cube1 in 2.0 s
14:03:59  ✓ pipeline completed 3fa2b1c4 in 3.9 s
`,
  );
});

test('a run that fails exits 1 and names what failed, where and why', async (t) => {
  const { run } = await makeDesk(t, { [TRIGGER]: TRIGGERED, [RUN]: FAILED_RUN });
  const { exitCode, stdout, stderr } = await run('trigger pipeline --wait');
  assert.equal(exitCode, 1);
  assert.match(stdout, /✗ pipeline failed 3fa2b1c4 in 3.9 s\n$/);
  assert.equal(
    stderr,
    `petit-ctl: run ${RUN_ID} of pipeline is failed\n  count failed on cube1: command exited with code 3\n`,
  );
  const asJson = await run('trigger pipeline --wait --json');
  assert.equal(asJson.exitCode, 1);
  assert.deepEqual(JSON.parse(asJson.stdout), FAILED_RUN);
});

test('on a terminal the run is a block that is drawn anew in its place', async (t) => {
  const { run } = await makeDesk(t, { [TRIGGER]: TRIGGERED, [RUN]: COMPLETED_RUN });
  const { stdout } = await run('trigger pipeline --wait', { isTerminal: true });
  assert.ok(stdout.includes('\u001b[4A'), JSON.stringify(stdout));
  assert.ok(stdout.endsWith('└ load   ✓ completed  cube1  2.0 s\n\u001b[?7h'));
});

test('--follow prints what the tasks print and ends with the run', async (t) => {
  const { run } = await makeDesk(t, {
    [TRIGGER]: TRIGGERED,
    [RUN]: COMPLETED_RUN,
    [`GET /runs/${RUN_ID}/logs/stream`]: new LogStream([
      chunk('extract', 'one\ntwo'),
      chunk('load', 'three\n'),
      { kind: 'end' },
    ]),
  });
  const { exitCode, stdout, stderr } = await run('trigger pipeline --follow');
  assert.equal(exitCode, 0);
  assert.equal(stdout, 'extract | one\nload | three\nextract | two\n');
  assert.match(stderr, /^✓ pipeline 3fa2b1c4 completed in 3.9 s/);
});

test('an unknown job exits 3, unmet dependencies 6, a bound that is reached 7', async (t) => {
  const { run, leader } = await makeDesk(t, {
    'POST /jobs/nosuch/trigger': new Refusal(404, 'NOT_FOUND', 'there is no job "nosuch"'),
    [TRIGGER]: new Refusal(409, 'CONFLICT', 'extract has never succeeded'),
    [RUN]: { run: runView({ state: 'running', endedAt: null }), tasks: [] },
  });
  const unknown = await run('trigger nosuch --wait');
  assert.deepEqual(
    [unknown.exitCode, unknown.stderr],
    [3, 'petit-ctl: there is no job "nosuch"\n'],
  );
  assert.equal((await run('trigger pipeline')).exitCode, 6);
  leader.answers[TRIGGER] = TRIGGERED;
  const late = await run('trigger pipeline --wait --timeout 200ms');
  assert.equal(late.exitCode, 7);
  assert.match(late.stderr, /has not ended within 0.2 s; it goes on/);
});

test('Ctrl-C ends the wait and not the run, and says how to end that', async (t) => {
  const running = { run: runView({ state: 'running', endedAt: null }), tasks: [] };
  const { run, leader } = await makeDesk(t, { [TRIGGER]: TRIGGERED, [RUN]: running });
  const ran = run('trigger pipeline --wait');
  await waitFor(() => leader.asked.includes(RUN), { what: 'the run to be read' });
  process.emit('SIGINT', 'SIGINT');
  const { exitCode, stderr } = await ran;
  assert.equal(exitCode, 7);
  assert.match(
    stderr,
    /no longer waiting for run .*; it goes on \("petit-ctl cancel .*" ends it\)/,
  );
  assert.ok(leader.asked.every((question) => !question.includes('cancel')));
});

test('no leader exits 4; when the answer is cut off, the key that makes asking again safe is told', async (t) => {
  const { run } = await makeDesk(t, {});
  const nobody = await run('trigger pipeline --wait --server http://127.0.0.1:1');
  assert.equal(nobody.exitCode, 4);
  assert.match(nobody.stderr, /no leader answered at http:\/\/127.0.0.1:1: connection refused/);
  assert.doesNotMatch(nobody.stderr, /is not known/);
});

function chunk(key: string, text: string): LogEvent {
  const bytes = Buffer.from(text).toString('base64');
  return { kind: 'chunk', key, attempt: 1, stream: 'stdout', fromByte: 0, bytes };
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '@petit/jobfile';
import { jobSchema, newRun, runIdSchema, type RunId } from '@petit/model';
import { generateSigningKey, signText } from '@petit/protocol';
import { KEYS } from '@petit/store/shared';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import { beginRun } from '../ticks/ticker.js';
import { defineJob } from './define-job.js';
import { hashDefinition } from './job-directory.js';

const OWN_ACTION = { type: 'command', command: 'rm', args: ['-rf', '/'], workingDir: null };

test('P9 who can write to Redis gets nothing run by a definition and a run made by hand', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const text = canonicalJson(jobSchema.parse(jobOf([{ id: 'only', action: OWN_ACTION }])));
  const hash = hashDefinition(text);
  const loaded = JSON.parse(
    (await fixture.redis.hget(KEYS.definitions, fixture.definition.hash)) ?? '{}',
  ) as { readonly body: string; readonly signature: string };
  const forgeries = [
    text,
    JSON.stringify({ body: text, signature: loaded.signature }),
    JSON.stringify({ body: text, signature: signText(generateSigningKey(), 'definition', text) }),
    JSON.stringify(loaded),
  ];
  const forged: RunId[] = [];
  for (const stored of forgeries) {
    await fixture.redis.hset(KEYS.definitions, hash, stored);
    const id = await putRun(fixture, { hash, text, count: forged.length });
    forged.push(id);
    await fixture.lead(`leader-${forged.length}`);
    assert.equal(fixture.term.runs.book.get(id), null, stored);
  }
  await worker.beat();
  const good = await fixture.trigger();
  const envelope = await worker.start();
  assert.equal(envelope.runId, good, 'and what a leader loaded is delivered, before all of them');
  assert.deepEqual(envelope.action, {
    type: 'command',
    command: 'true',
    args: [],
    workingDir: null,
  });
  await fixture.untilTask(good, 'only', { state: 'running' });
  for (const id of forged) await fixture.untilTask(id, 'only', { state: 'ready' });
});

test('P9 what somebody put in the place of a definition is replaced when that is loaded again', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const { definition, term, redis } = fixture;
  const before = await redis.hget(KEYS.definitions, definition.hash);
  await redis.hset(KEYS.definitions, definition.hash, canonicalJson({ v: 1 }));
  const directory = { path: 'jobs', definitions: [definition], problems: [], fingerprint: 'new' };
  await term.jobs.desk.load(directory);
  assert.equal(await redis.hget(KEYS.definitions, definition.hash), before);
});

/** A run record as a leader stores it, of a job that none has loaded. */
async function putRun(
  fixture: TermFixture,
  made: { readonly hash: string; readonly text: string; readonly count: number },
): Promise<RunId> {
  const { hash, text, count } = made;
  const definition = defineJob(hash, jobSchema.parse(JSON.parse(text)));
  assert.ok(definition !== null);
  const id = runIdSchema.parse(`9999999${count}-1111-8111-8111-111111111111`);
  const trigger = { kind: 'manual', by: 'nobody', idempotencyKey: null } as const;
  const { job, graph } = definition;
  const now = Date.now();
  const run = beginRun(
    newRun({ id, jobId: job.id, definitionHash: hash, graph, trigger, now }),
    now,
  );
  const { runs, context } = fixture.term;
  await context.stores.runs.create(context.options.leadership.fence, {
    commitId: runs.book.nextCommitId(),
    header: run.header,
    tasks: run.tasks,
  });
  return id;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '@petit/jobfile';
import {
  advance,
  applyAdvance,
  jobSchema,
  newRun,
  NO_LIMITS,
  runIdSchema,
  type RunId,
} from '@petit/model';
import { generateSigningKey, signText } from '@petit/protocol';
import { KEYS } from '@petit/store/shared';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import { defineJob } from './define-job.js';
import { hashDefinition } from './job-directory.js';

interface StoredDefinition {
  readonly body: string;
  readonly signature: string;
}

test('P9 who can write to Redis gets nothing run by a definition and a run made by hand', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const worker = await fixture.worker('cube1');
  const { redis, definition } = fixture;
  const stored = await redis.hget(KEYS.definitions, definition.hash);
  const loaded = JSON.parse(stored ?? '{}') as StoredDefinition;
  const stranger = generateSigningKey();
  const forgeries: readonly ((text: string) => string)[] = [
    (text) => text,
    (body) => JSON.stringify({ body, signature: loaded.signature }),
    (body) => JSON.stringify({ body, signature: signText(stranger, 'definition', body) }),
    () => JSON.stringify(loaded),
  ];
  const forged: RunId[] = [];
  for (const [at, forge] of forgeries.entries()) {
    const action = { type: 'command', command: 'rm', args: ['-rf', `/${at}`], workingDir: null };
    const text = canonicalJson(jobSchema.parse(jobOf([{ id: 'only', action }])));
    await redis.hset(KEYS.definitions, hashDefinition(text), forge(text));
    forged.push(await putRun(fixture, text, at));
  }
  await fixture.lead('leader-b');
  for (const id of forged) assert.equal(fixture.term.runs.book.get(id), null, id);
  await worker.beat();
  const good = await fixture.trigger();
  const envelope = await worker.start();
  assert.equal(envelope.runId, good, 'what a leader loaded is delivered, before all of them');
  const { action } = envelope;
  assert.deepEqual(action, { type: 'command', command: 'true', args: [], workingDir: null });
  await fixture.untilTask(good, 'only', { state: 'running' });
  for (const id of forged)
    await fixture.untilTask(id, 'only', { state: 'cancelled', attempt: 1, placement: 0 });
});

test('P9 what somebody put in the place of a definition is replaced when that is loaded again', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const { definition, term, redis } = fixture;
  const before = await redis.hget(KEYS.definitions, definition.hash);
  await redis.hset(KEYS.definitions, definition.hash, canonicalJson({ v: 1 }));
  const shared = { path: 'jobs', limits: NO_LIMITS, problems: [] };
  const directory = { ...shared, definitions: [definition], fingerprint: 'new' };
  await term.jobs.desk.load(directory);
  assert.equal(await redis.hget(KEYS.definitions, definition.hash), before);
});

/** A run record as a leader stores it, of a job that none has loaded. */
async function putRun(fixture: TermFixture, text: string, number: number): Promise<RunId> {
  const definition = defineJob(hashDefinition(text), jobSchema.parse(JSON.parse(text)));
  assert.ok(definition !== null);
  const id = runIdSchema.parse(`9999999${number}-1111-8111-8111-111111111111`);
  const trigger = { kind: 'manual', by: 'nobody', idempotencyKey: null } as const;
  const { job, graph, hash: definitionHash } = definition;
  const now = Date.now();
  const run = newRun({ id, jobId: job.id, definitionHash, graph, trigger, now });
  const begun = advance(run, { kind: 'begin' }, now);
  assert.ok(begun.kind === 'moved');
  applyAdvance(run, begun);
  const { runs, context } = fixture.term;
  const { header, tasks } = run;
  const commitId = runs.book.nextCommitId();
  await context.stores.runs.create(context.options.leadership.fence, { commitId, header, tasks });
  return id;
}

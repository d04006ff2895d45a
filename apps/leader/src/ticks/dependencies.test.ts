import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildGraph,
  jobIdSchema,
  newRun,
  runIdSchema,
  type JobDependency,
  type RunHeader,
  type RunState,
} from '@petit/model';
import { whyUnmet } from './dependencies.js';

const JOB = jobIdSchema.parse('upstream');

function ended(state: RunState, endedAt: number): RunHeader {
  const built = buildGraph([]);
  if (!built.ok) throw new Error('an empty graph has no problems');
  const { header } = newRun({
    id: runIdSchema.parse('11111111-1111-8111-8111-111111111111'),
    jobId: JOB,
    definitionHash: 'hash',
    graph: built.graph,
    trigger: { kind: 'manual', by: 'test', idempotencyKey: null },
    now: 0,
  });
  return { ...header, state, endedAt };
}

const CASES: readonly (readonly [string, JobDependency, readonly RunHeader[], RegExp | null])[] = [
  ['last_success without a run', { job: JOB, condition: 'last_success' }, [], /has not run yet/],
  ['last_success met', { job: JOB, condition: 'last_success' }, [ended('completed', 1)], null],
  [
    'last_success looks at the newest run alone',
    { job: JOB, condition: 'last_success' },
    [ended('failed', 2), ended('completed', 1)],
    /is failed/,
  ],
  ['last_complete without a run', { job: JOB, condition: 'last_complete' }, [], /has not run yet/],
  [
    'last_complete met by a failure',
    { job: JOB, condition: 'last_complete' },
    [ended('failed', 1)],
    null,
  ],
  [
    'within_window met by an older run inside it',
    { job: JOB, condition: 'within_window', windowMs: 60_000 },
    [ended('failed', 99_000), ended('completed', 41_000)],
    null,
  ],
  [
    'within_window with the last success outside it',
    { job: JOB, condition: 'within_window', windowMs: 60_000 },
    [ended('completed', 39_999)],
    /within 60 s/,
  ],
];

for (const [name, dependency, runs, wanted] of CASES) {
  test(`a dependency: ${name}`, () => {
    const why = whyUnmet(dependency, runs, 100_000);
    if (wanted === null) assert.equal(why, null);
    else assert.match(why ?? '', wanted);
  });
}

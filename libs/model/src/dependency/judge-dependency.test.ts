import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema } from '../ids.js';
import type { JobDependency } from '../job/job.js';
import type { RunState } from '../run/moves.js';
import { history } from './history.fixture.js';
import { judgeDependency, listUnmet } from './judge-dependency.js';

const B = jobIdSchema.parse('b');
const NOW = 100_000;
const SUCCESS: JobDependency = { job: B, condition: 'last_success' };
const COMPLETE: JobDependency = { job: B, condition: 'last_complete' };
const WINDOW: JobDependency = { job: B, condition: 'within_window', windowMs: 60_000 };

type Ended = readonly [state: RunState, endedAt: number];

/** A history, the oldest end first; by what each condition is met (the end of the run), or why it is not. */
const CASES: readonly {
  readonly name: string;
  readonly ended: readonly Ended[];
  readonly success: number | RegExp;
  readonly complete: number | RegExp;
  readonly window: number | RegExp;
}[] = [
  {
    name: 'no run has ended',
    ended: [],
    success: /"b", which has not run yet/,
    complete: /"b", which has not run yet/,
    window: /"b", which has not completed within 60 s/,
  },
  {
    name: 'one completed',
    ended: [['completed', 90_000]],
    success: 90_000,
    complete: 90_000,
    window: 90_000,
  },
  {
    name: 'one failed',
    ended: [['failed', 90_000]],
    success: /"b", whose last run \S+ is failed/,
    complete: 90_000,
    window: /within 60 s/,
  },
  {
    name: 'a failed one after a completed one',
    ended: [
      ['completed', 80_000],
      ['failed', 90_000],
    ],
    success: /is failed/,
    complete: 90_000,
    window: 80_000,
  },
  {
    name: 'a completed one after a failed one',
    ended: [
      ['failed', 80_000],
      ['completed', 90_000],
    ],
    success: 90_000,
    complete: 90_000,
    window: 90_000,
  },
  {
    name: 'cancelled',
    ended: [['cancelled', 90_000]],
    success: /is cancelled/,
    complete: 90_000,
    window: /within 60 s/,
  },
  {
    name: 'interrupted',
    ended: [['interrupted', 90_000]],
    success: /is interrupted/,
    complete: 90_000,
    window: /within 60 s/,
  },
  {
    name: 'completed at the very beginning of the window',
    ended: [['completed', 40_000]],
    success: 40_000,
    complete: 40_000,
    window: 40_000,
  },
  {
    name: 'completed a millisecond before the window',
    ended: [['completed', 39_999]],
    success: 39_999,
    complete: 39_999,
    window: /within 60 s/,
  },
  {
    name: 'completed in the window, behind many that failed',
    ended: [
      ['completed', 50_000],
      ...Array.from({ length: 150 }, (_, index): Ended => ['failed', 50_001 + index]),
    ],
    success: /is failed/,
    complete: 50_150,
    window: 50_000,
  },
];

for (const { name, ended, success, complete, window } of CASES) {
  for (const [dependency, wanted] of [
    [SUCCESS, success],
    [COMPLETE, complete],
    [WINDOW, window],
  ] as const) {
    const met = typeof wanted === 'number' ? 'is met' : 'is not met';
    test(`${dependency.condition} ${met} when: ${name}`, () => {
      const verdict = judgeDependency(dependency, history(ended), NOW);
      if (typeof wanted === 'number')
        assert.equal(verdict.kind === 'met' && verdict.run.endedAt, wanted);
      else assert.match(verdict.kind === 'unmet' ? verdict.why : '', wanted);
    });
  }
}

test('what is not met fits into a reason, however much it is', () => {
  assert.equal(listUnmet(['one', 'two']), 'one; two');
  assert.equal(listUnmet(['one']), 'one');
  const long = listUnmet(
    Array.from({ length: 200 }, (_, index) => `"job${index}" ${'x'.repeat(40)}`),
  );
  assert.ok(long.length < 1_900, String(long.length));
  assert.match(long, /; and \d+ more$/);
  const shown = long.split('; ').length - 1;
  assert.match(long, new RegExp(`and ${200 - shown} more$`));
});

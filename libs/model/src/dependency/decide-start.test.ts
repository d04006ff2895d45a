import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { jobIdSchema, type JobId } from '../ids.js';
import type { JobDependency } from '../job/job.js';
import type { RunState } from '../run/moves.js';
import { endedRun, runIdOf } from './history.fixture.js';
import { consumedAtLoad, type Consumed, type EndedRun } from './ended-run.js';
import { decideStart } from './decide-start.js';
import { judgeDependency } from './judge-dependency.js';

const WINDOW_MS = 50;

/** A job that follows others, the ends of those, and the starts that come of them. */
class Follower {
  readonly #dependsOn: readonly JobDependency[];
  readonly #ended = new Map<JobId, EndedRun[]>();
  readonly #consumed = new Map<JobId, Consumed>();
  #starts = 0;
  now = 0;

  constructor(dependsOn: readonly JobDependency[]) {
    this.#dependsOn = dependsOn;
    for (const { job } of dependsOn) this.#consumed.set(job, consumedAtLoad(null));
  }

  /** A run of a job ends, a millisecond after whatever was before. */
  end(job: string, state: RunState = 'completed'): EndedRun {
    this.now += 1;
    const run = endedRun(state, this.now);
    const id = jobIdSchema.parse(job);
    this.#ended.set(id, [run, ...(this.#ended.get(id) ?? [])]);
    return run;
  }

  /** The job is loaded now. */
  load(): void {
    for (const { job } of this.#dependsOn)
      this.#consumed.set(job, consumedAtLoad(this.#ended.get(job)?.[0] ?? null));
  }

  /** Looks at it: the ends of the runs that it starts with, or what is missing. */
  look(): readonly number[] | string {
    const decision = decideStart({
      dependsOn: this.#dependsOn,
      consumed: this.#consumed,
      ended: ({ job }) => this.#ended.get(job) ?? [],
      now: this.now,
    });
    if (decision.kind === 'missing') return decision.missing.join('; ');
    this.#starts += 1;
    for (const { jobId, run } of decision.upstream) {
      const by = runIdOf(90_000_000 + this.#starts);
      this.#consumed.set(jobId, { v: 1, endOrder: run.endOrder, runId: run.id, by });
    }
    return decision.upstream.map(({ run }) => run.endedAt);
  }
}

function on(job: string, condition: JobDependency['condition'] = 'last_success'): JobDependency {
  const id = jobIdSchema.parse(job);
  return condition === 'within_window'
    ? { job: id, condition, windowMs: WINDOW_MS }
    : { job: id, condition };
}

suite('a job that follows one other', () => {
  test('starts once for each end, and says what consumed the last one', () => {
    const job = new Follower([on('b')]);
    assert.match(String(job.look()), /"b", which has not run yet/);
    job.end('b');
    assert.deepEqual(job.look(), [1]);
    assert.match(
      String(job.look()),
      /"b", whose newest run 00000001\S+ was consumed by run 90000001/,
    );
    job.end('b');
    assert.deepEqual(job.look(), [2]);
  });

  test('starts once for several ends that nobody looked at between', () => {
    const job = new Follower([on('b')]);
    job.end('b');
    job.end('b');
    assert.deepEqual(job.look(), [2]);
    assert.equal(typeof job.look(), 'string');
  });

  test('is not started by what ended before it was loaded', () => {
    const job = new Follower([on('b')]);
    job.end('b');
    job.load();
    assert.match(String(job.look()), /"b", of which no run has ended since this job was loaded/);
    job.end('b');
    assert.deepEqual(job.look(), [2]);
  });

  test('is not started by a failure, except by last_complete', () => {
    for (const condition of ['last_success', 'last_complete', 'within_window'] as const) {
      const job = new Follower([on('b', condition)]);
      job.end('b', 'failed');
      const wanted = condition === 'last_complete' ? 'object' : 'string';
      assert.equal(typeof job.look(), wanted, condition);
    }
  });

  test('of a job whose mark is missing, nothing counts', () => {
    const dependency = on('b');
    const decision = decideStart({
      dependsOn: [dependency],
      consumed: new Map(),
      ended: () => [endedRun('completed', 1)],
      now: 2,
    });
    assert.equal(decision.kind, 'missing');
  });
});

suite('a job that follows two others', () => {
  const diamond = (): Follower => new Follower([on('b'), on('c')]);

  test('starts once for both, whichever ends last', () => {
    for (const [first, last] of [
      ['b', 'c'],
      ['c', 'b'],
    ] as const) {
      const job = diamond();
      job.end(first);
      assert.equal(typeof job.look(), 'string');
      job.end(last);
      assert.equal(typeof job.look(), 'object');
      assert.equal(typeof job.look(), 'string');
    }
  });

  test('needs a newer run of each for the next start', () => {
    const job = diamond();
    job.end('b');
    job.end('c');
    assert.deepEqual(job.look(), [1, 2]);
    job.end('b');
    assert.match(String(job.look()), /^"c", whose newest run \S+ was consumed by run \S+$/);
    job.end('c');
    assert.deepEqual(job.look(), [3, 4]);
  });

  test('takes the newest of one that ran twice while the other was waited for', () => {
    const job = diamond();
    job.end('b');
    job.look();
    job.end('b');
    job.look();
    job.end('c');
    assert.deepEqual(job.look(), [2, 3]);
    job.end('c');
    assert.match(String(job.look()), /"b", whose newest run/, 'both runs of b are consumed');
  });

  test('a newer failure takes back what last_success had, and a success after it gives it again', () => {
    const job = diamond();
    job.end('b');
    job.end('b', 'failed');
    job.end('c');
    assert.match(String(job.look()), /^"b", whose last run \S+ is failed$/);
    job.end('b');
    assert.deepEqual(job.look(), [4, 3]);
  });

  test('a success in the window stands although a newer run failed, as long as the window', () => {
    const open = new Follower([on('b', 'within_window'), on('c')]);
    open.end('b');
    open.end('b', 'failed');
    open.end('c');
    assert.deepEqual(open.look(), [1, 3]);
    const over = new Follower([on('b', 'within_window'), on('c')]);
    over.end('b');
    over.now += WINDOW_MS;
    over.end('c');
    assert.match(String(over.look()), /"b", which has not completed within/);
  });

  test('a failure that is newer than what was consumed in a window starts nothing', () => {
    const job = new Follower([on('b', 'within_window')]);
    job.end('b');
    job.end('b', 'failed');
    assert.deepEqual(job.look(), [1]);
    assert.match(String(job.look()), /has not completed within/);
  });

  test('names everything that is missing', () => {
    const missing = String(new Follower([on('b'), on('c', 'last_complete')]).look());
    assert.match(missing, /"b", which .*; "c", which/);
  });
});

test('a chain of three and a diamond behind a diamond start each job once a round', () => {
  const jobs: readonly (readonly [string, Follower])[] = [
    ['b', new Follower([on('a')])],
    ['c', new Follower([on('a')])],
    ['d', new Follower([on('b'), on('c')])],
    ['e', new Follower([on('d')])],
    ['f', new Follower([on('d')])],
    ['g', new Follower([on('e'), on('f')])],
  ];
  const starts: string[] = [];
  const ends = (job: string): void => {
    for (const [, follower] of jobs) follower.end(job);
    for (const [name, follower] of jobs) {
      if (typeof follower.look() === 'string') continue;
      starts.push(name);
      ends(name);
    }
  };
  ends('a');
  assert.deepEqual(starts.join(''), 'bcdefg');
  ends('a');
  assert.deepEqual(starts.join(''), 'bcdefgbcdefg');
});

/** What the same job should do, kept as plain lists of what has ended since it last started. */
class Expected {
  readonly #since = new Map<string, EndedRun[]>();
  readonly #dependsOn: readonly JobDependency[];

  constructor(dependsOn: readonly JobDependency[]) {
    this.#dependsOn = dependsOn;
  }

  end(job: string, run: EndedRun): void {
    this.#since.set(job, [...(this.#since.get(job) ?? []), run]);
  }

  look(now: number): readonly number[] | null {
    const chosen = this.#dependsOn.map(({ job, condition }) => {
      const since = this.#since.get(job) ?? [];
      const completed = since.filter(({ state }) => state === 'completed');
      if (condition === 'last_complete') return since.at(-1);
      if (condition === 'last_success')
        return since.at(-1)?.state === 'completed' ? since.at(-1) : undefined;
      return completed.filter(({ endedAt }) => endedAt >= now - WINDOW_MS).at(-1);
    });
    if (chosen.includes(undefined)) return null;
    this.#dependsOn.forEach(({ job }, index) => {
      const until = chosen[index]?.endedAt ?? 0;
      this.#since.set(
        job,
        (this.#since.get(job) ?? []).filter(({ endedAt }) => endedAt > until),
      );
    });
    return chosen.map((run) => run?.endedAt ?? 0);
  }
}

test('random ends, looked at whenever: no set starts twice, and no complete one is forgotten', (t) => {
  const conditions = fc.constantFrom('last_success', 'last_complete', 'within_window');
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.nat(), fc.constantFrom('completed', 'failed')) },
    { weight: 4, arbitrary: fc.constant('look') },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: WINDOW_MS }) },
  );
  let starts = 0;
  fc.assert(
    fc.property(
      fc.array(conditions, { minLength: 1, maxLength: 4 }),
      fc.array(step, { minLength: 20, maxLength: 80 }),
      (wanted, steps) => {
        const dependsOn = wanted.map((condition, index) => on(`u${index}`, condition));
        const follower = new Follower(dependsOn);
        const expected = new Expected(dependsOn);
        const seen = new Set<string>();
        for (const each of steps) {
          if (typeof each === 'number') follower.now += each;
          else if (each === 'look') {
            const started = follower.look();
            const set = typeof started === 'string' ? null : started;
            assert.deepEqual(set, expected.look(follower.now));
            if (set === null) continue;
            assert.ok(!seen.has(String(set)), `started twice for ${String(set)}`);
            seen.add(String(set));
            starts += 1;
          } else {
            const [index, state] = each;
            const job = `u${index % wanted.length}`;
            expected.end(job, follower.end(job, state === 'completed' ? 'completed' : 'failed'));
          }
        }
      },
    ),
    { seed: Number(process.env['PETIT_SEED'] ?? 7), numRuns: 400 },
  );
  t.diagnostic(`${starts} starts`);
  assert.ok(starts > 400, `${starts} starts`);
});

test('a dependency of a job with a schedule is judged without regard to what was consumed', () => {
  const verdict = judgeDependency(on('b'), [endedRun('completed', 1)], 5);
  assert.equal(verdict.kind, 'met');
});

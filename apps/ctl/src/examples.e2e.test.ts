import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { isRunEnded, type RunState } from '@petit/model';
import type { JobsView, RunDetailView, RunsView, TriggerView } from '@petit/protocol';
import { makeTempDir, waitFor } from '@petit/testkit';
import { shell, startUp } from './testing/start-up.fixture.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXAMPLES = `${ROOT}/examples`;
const RUN_TIMEOUT_MS = 90_000;

interface Expected {
  readonly state: RunState;
  /** Tasks that must end on this board, or in this state. */
  readonly tasks?: Readonly<Record<string, string>>;
  /** The job whose run it starts after, by itself. */
  readonly startsAfter?: string;
  /** What a task must have printed. */
  readonly printed?: RegExp;
}

const COMPLETED: Expected = { state: 'completed' };

/** What each example comes to; every file in the directory must be here. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  hello: COMPLETED,
  'hourly-check': COMPLETED,
  'hourly-readings': { state: 'completed', printed: /readings filed for the hour you asked in/ },
  'import-photos': COMPLETED,
  'make-album': {
    state: 'completed',
    startsAfter: 'import-photos',
    printed: /an album of 24 pages/,
  },
  'minute-tick': COMPLETED,
  'nightly-backup': { state: 'completed', printed: /[1-9]\d* bytes packed on cube\d/ },
  'on-every-node': {
    state: 'completed',
    tasks: { 'inventory@cube1': 'cube1', 'inventory@cube2': 'cube2' },
    printed: /cube2: .*kernel/,
  },
  'on-one-node': {
    state: 'completed',
    tasks: { snapshot: 'cube1', compress: 'cube2', keep: 'cube1' },
    printed: /snapshot taken on cube1/,
  },
  pipeline: { state: 'completed', tasks: { 'raise-alarm': 'skipped' } },
  python: { state: 'completed', printed: /5133 primes up to 50000/ },
  retry: {
    state: 'failed',
    tasks: { shaky: 'completed', 'never-runs': 'skipped', 'first-aid': 'completed' },
    printed: /try number 3\n.*now it works/,
  },
  slow: { state: 'completed', printed: /step 10 of 10\n.*done/ },
  'system-monitor': COMPLETED,
};

/** Commands of the README that are more than a petit-ctl command, and the test that runs each. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'npm start': 'deploy/setup/take-packages.e2e.test.mjs and up.e2e.test.ts',
  'npm test': 'this very run',
};

/** Documents whose commands are run. */
const DOCUMENTS = ['README.md', 'docs/guide/schedules-and-outages.md'] as const;

/** The lines of all blocks of a document that are marked as shell. */
function commandsIn(document: string): string[] {
  const text = readFileSync(`${ROOT}/${document}`, 'utf8');
  return [...text.matchAll(/```sh\n([^`]*)```/g)].flatMap(([, block]) =>
    String(block).trim().split('\n'),
  );
}

function hasPython(): boolean {
  const directories = (process.env['PATH'] ?? '').split(':');
  return directories.some((directory) => existsSync(`${directory}/python3`));
}

/** The run of a job that a run of another job has led to. */
function startedAfter(
  ask: (line: string) => Promise<unknown>,
  { job, runId }: { readonly job: string; readonly runId: string | undefined },
): Promise<string> {
  return waitFor(
    async () => {
      const { runs } = (await ask(`runs --job ${job}`)) as RunsView;
      const found = runs.find(
        ({ trigger }) =>
          trigger.kind === 'jobs' && trigger.upstream.some((each) => each.runId === runId),
      );
      return found?.id ?? null;
    },
    { what: `${job} to start`, timeoutMs: RUN_TIMEOUT_MS, intervalMs: 300 },
  );
}

test('every example and every command of the documents runs and comes to what it says', async (t) => {
  await using home = await makeTempDir('petit-examples-');
  await using up = startUp([EXAMPLES, '--port', '18595'], home.path);
  await up.printed(/ stop {2,}Ctrl-C/);
  const ask = async (line: string): Promise<unknown> =>
    JSON.parse((await shell(`${line} --json`, home.path)).stdout);
  const { jobs, problems } = (await ask('jobs')) as JobsView;
  assert.deepEqual(problems, []);
  assert.deepEqual(
    jobs.map(({ id }) => id),
    Object.keys(EXPECTED),
  );
  const runs = new Map<string, string>();
  for (const { id } of jobs) {
    if (EXPECTED[id]?.startsAfter !== undefined) continue;
    const { runId } = (await ask(`trigger ${id}`)) as TriggerView;
    runs.set(id, runId);
  }
  for (const [id, expected] of Object.entries(EXPECTED)) {
    await t.test(`${id} is ${expected.state}`, async (each) => {
      if (id === 'python' && !hasPython()) return each.skip('needs python3');
      const { startsAfter } = expected;
      const runId =
        startsAfter === undefined
          ? runs.get(id)
          : await startedAfter(ask, { job: id, runId: runs.get(startsAfter) });
      const { run, tasks } = await waitFor(
        async () => {
          const detail = (await ask(`run ${runId}`)) as RunDetailView;
          return isRunEnded(detail.run.state) ? detail : null;
        },
        { what: `${id} to end`, timeoutMs: RUN_TIMEOUT_MS, intervalMs: 300 },
      );
      assert.equal(run.state, expected.state, JSON.stringify(tasks, null, 1));
      for (const [key, wanted] of Object.entries(expected.tasks ?? {})) {
        const task = tasks.find((one) => one.key === key);
        assert.ok(
          task?.node === wanted || task?.state === wanted,
          `${key}: ${JSON.stringify(task)}`,
        );
      }
      const { stdout } = await shell(`logs ${runId}`, home.path);
      assert.match(stdout, expected.printed ?? /./);
    });
  }
  symlinkSync(EXAMPLES, `${home.path}/examples`);
  for (const document of DOCUMENTS) {
    const commands = commandsIn(document);
    assert.ok(commands.length > 3, document);
    for (const command of commands) {
      await t.test(`\`${command}\` of ${document} works`, async (each) => {
        const elsewhere = RUN_ELSEWHERE[command];
        if (elsewhere !== undefined) return each.diagnostic(`run by ${elsewhere}`);
        const [, line = ''] = /^(?:npx )?petit-ctl (.*)$/.exec(command) ?? [];
        const { exitCode, stdout, stderr } = await shell(line, home.path);
        assert.equal(exitCode, 0, stderr);
        assert.notEqual(stdout, '');
      });
    }
  }
});

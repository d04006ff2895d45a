import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '../temp-dir.js';
import {
  checkEvidence,
  VIOLATIONS,
  type ExpectedRun,
  type ExpectedTask,
  type ViolationKind,
} from './check-evidence.js';
import { evidenceCommand } from './evidence-command.js';
import { parseEvidence } from './evidence-line.js';

interface Forged {
  readonly event: 'start' | 'end';
  readonly task: string;
  readonly run?: string;
  readonly attempt?: number;
  readonly tick?: string;
  readonly exit?: number;
}

/** The text that tasks would have left, in this order. */
function forge(lines: readonly Forged[]): string {
  return lines
    .map(({ event, task, run = 'r1', attempt = 1, tick = '', exit = 0 }, index) =>
      [
        ...[event, 'job', run, task, attempt, 'cube1', 100 + index, '777', 1_000 + index, tick],
        event === 'end' ? exit : '',
      ].join('\t'),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function start(task: string, more: Partial<Forged> = {}): Forged {
  return { event: 'start', task, ...more };
}

function end(task: string, more: Partial<Forged> = {}): Forged {
  return { event: 'end', task, ...more };
}

function task(id: string, more: Partial<ExpectedTask> = {}): ExpectedTask {
  return { id, dependsOn: [], condition: 'all_success', state: 'completed', attempts: 1, ...more };
}

function run(tasks: readonly ExpectedTask[], more: Partial<ExpectedRun> = {}): ExpectedRun {
  return { run: 'r1', state: 'completed', tasks, ...more };
}

function kinds(text: string, runs: readonly ExpectedRun[]): readonly ViolationKind[] {
  return checkEvidence(parseEvidence(text), runs).map(({ kind }) => kind);
}

const CHAIN = [task('a'), task('b', { dependsOn: ['a'] })];
const GOOD = [start('a'), end('a'), start('b'), end('b')];

test('evidence of a run that went as it should holds nothing against it', () => {
  assert.deepEqual(kinds(forge(GOOD), [run(CHAIN)]), []);
});

// Every kind of violation, each by evidence that was forged for it.
const FORGERIES: Readonly<
  Record<ViolationKind, { readonly text: string; readonly runs: readonly ExpectedRun[] }[]>
> = {
  started_twice: [
    { text: forge([...GOOD, start('b'), end('b')]), runs: [run(CHAIN)] },
    { text: forge([start('a'), start('a'), end('a')]), runs: [run([task('a')])] },
    // Attempt numbers differ, but the record knows of no retry.
    { text: forge([start('a'), start('a', { attempt: 2 }), end('a')]), runs: [run([task('a')])] },
    // A retry is recorded, and attempt 1 ran twice.
    {
      text: forge([start('a'), start('a'), end('a', { exit: 1 }), end('a', { attempt: 2 })]),
      runs: [run([task('a', { attempts: 2 })])],
    },
  ],
  started_early: [
    { text: forge([start('a'), start('b'), end('a'), end('b')]), runs: [run(CHAIN)] },
    { text: forge([start('b'), end('b'), start('a'), end('a')]), runs: [run(CHAIN)] },
    // What it needs has failed.
    {
      text: forge([start('a'), end('a', { exit: 1 }), start('b'), end('b')]),
      runs: [run([task('a', { state: 'failed' }), task('b', { dependsOn: ['a'] })])],
    },
    // The first try failed, and the second, which succeeds, is not over.
    {
      text: forge([
        ...[start('a'), end('a', { exit: 1 }), start('b'), end('b')],
        ...[start('a', { attempt: 2 }), end('a', { attempt: 2 })],
      ]),
      runs: [run([task('a', { attempts: 2 }), task('b', { dependsOn: ['a'] })])],
    },
    // It waits for a failure and there is none.
    {
      text: forge(GOOD),
      runs: [run([task('a'), task('b', { dependsOn: ['a'], condition: 'on_failure' })])],
    },
    // What it waits for is skipped, but could not yet be.
    {
      text: forge([start('a'), start('c'), end('c'), end('a', { exit: 1 })]),
      runs: [
        run([
          task('a', { state: 'failed' }),
          task('b', { dependsOn: ['a'], state: 'skipped', attempts: 0 }),
          task('c', { dependsOn: ['b'], condition: 'all_done' }),
        ]),
      ],
    },
  ],
  started_unasked: [
    {
      text: forge([start('a'), end('a', { exit: 1 }), start('b'), end('b')]),
      runs: [
        run([
          task('a', { state: 'failed' }),
          task('b', { dependsOn: ['a'], condition: 'all_done', state: 'skipped', attempts: 0 }),
        ]),
      ],
    },
  ],
  lost: [
    { text: forge([start('a'), end('a')]), runs: [run(CHAIN)] },
    { text: '', runs: [run([task('a', { state: 'failed' })])] },
    // Its second try is recorded, and only the first was made.
    {
      text: forge([start('a'), end('a', { exit: 1 })]),
      runs: [run([task('a', { attempts: 2 })])],
    },
  ],
  ended_in_record_only: [{ text: forge([start('a')]), runs: [run([task('a')])] }],
  end_without_start: [{ text: forge([end('a')]), runs: [run([task('a')])] }],
  ended_twice: [{ text: forge([start('a'), end('a'), end('a')]), runs: [run([task('a')])] }],
  other_ending: [
    { text: forge([start('a'), end('a', { exit: 3 })]), runs: [run([task('a')])] },
    { text: forge([start('a'), end('a')]), runs: [run([task('a', { state: 'failed' })])] },
  ],
  unknown_run: [{ text: forge([...GOOD, start('a', { run: 'r2' })]), runs: [run(CHAIN)] }],
  unknown_task: [{ text: forge([...GOOD, start('c'), end('c')]), runs: [run(CHAIN)] }],
  unfinished: [
    { text: forge(GOOD), runs: [run(CHAIN, { state: 'running' })] },
    { text: '', runs: [run([task('a', { state: 'pending', attempts: 0 })], { state: 'pending' })] },
  ],
  tick_twice: [
    {
      text: forge(
        ['r1', 'r2'].flatMap((id) => [
          start('a', { run: id, tick: '2026-01-01T00:00:00.000Z' }),
          end('a', { run: id, tick: '2026-01-01T00:00:00.000Z' }),
        ]),
      ),
      runs: ['r1', 'r2'].map((id) => run([task('a')], { run: id })),
    },
  ],
  damaged_line: [
    { text: `${forge(GOOD)}start\tjob`, runs: [run(CHAIN)] },
    { text: `\n${forge(GOOD)}`, runs: [run(CHAIN)] },
    { text: `${forge(GOOD).replace('cube1', 'cube1\tcube2')}`, runs: [run(CHAIN)] },
  ],
};

for (const kind of VIOLATIONS) {
  test(`forged evidence: ${kind.replaceAll('_', ' ')} is found`, () => {
    for (const { text, runs } of FORGERIES[kind]) assert.ok(kinds(text, runs).includes(kind), text);
  });
}

test('a task that was tried again as recorded, one that was skipped and one that was lost are in order', () => {
  const retried = [
    ...[start('a'), end('a', { exit: 1 }), start('a', { attempt: 2 }), end('a', { attempt: 2 })],
    ...[start('b'), end('b')],
  ];
  const tasks = [task('a', { attempts: 2 }), task('b', { dependsOn: ['a'] })];
  assert.deepEqual(kinds(forge(retried), [run(tasks)]), []);
  const skipped = [start('a'), end('a', { exit: 1 }), start('c'), end('c')];
  const around = [
    task('a', { state: 'failed' }),
    task('b', { dependsOn: ['a'], state: 'skipped', attempts: 0 }),
    task('c', { dependsOn: ['a', 'b'], condition: 'on_failure' }),
  ];
  assert.deepEqual(kinds(forge(skipped), [run(around, { state: 'failed' })]), []);
  const lost = [start('a')];
  assert.deepEqual(kinds(forge(lost), [run([task('a', { state: 'lost' })])]), []);
});

test('the command of a task leaves a line at its start and one at its end, beside those of others', async () => {
  await using temp = await makeTempDir();
  const path = join(temp.path, 'evidence');
  writeFileSync(path, forge(GOOD));
  const [program, ...args] = evidenceCommand({ path, busyMs: 1, exitCode: 3 });
  const environment = {
    PETIT_JOB_ID: 'job',
    PETIT_RUN_ID: 'r2',
    PETIT_TASK_ID: 'a@cube1',
    PETIT_ATTEMPT: '2',
    PETIT_NODE: 'cube1',
    PETIT_TICK_TIME: '2026-01-01T00:00:00.000Z',
  };
  assert.throws(() => execFileSync(program, args, { env: environment }), { status: 3 });
  const { lines, damaged } = parseEvidence(readFileSync(path, 'utf8'));
  assert.deepEqual(damaged, []);
  const [began, ended] = lines.slice(GOOD.length);
  assert.ok(began !== undefined && ended !== undefined && lines.length === GOOD.length + 2);
  const { pid, startTime, at } = began;
  assert.deepEqual(began, {
    ...{ event: 'start', job: 'job', run: 'r2', task: 'a@cube1', attempt: 2, node: 'cube1' },
    ...{ pid, startTime, at, tick: '2026-01-01T00:00:00.000Z', exitCode: null },
  });
  assert.deepEqual(ended, { ...began, event: 'end', at: ended.at, exitCode: 3 });
  assert.ok(ended.at > at && Number(startTime) > 0);
});

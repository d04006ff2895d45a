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
        event,
        'job',
        run,
        task,
        attempt,
        'cube1',
        100 + index,
        '777',
        1_000 + index,
        tick,
        event === 'end' ? exit : '',
      ].join('\t'),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function begun(task: string, more: Partial<Forged> = {}): Forged {
  return { event: 'start', task, ...more };
}

function ended(task: string, more: Partial<Forged> = {}): Forged {
  return { event: 'end', task, ...more };
}

function wanted(id: string, more: Partial<ExpectedTask> = {}): ExpectedTask {
  return { id, dependsOn: [], condition: 'all_success', state: 'completed', attempts: 1, ...more };
}

function asked(tasks: readonly ExpectedTask[], more: Partial<ExpectedRun> = {}): ExpectedRun {
  return { run: 'r1', state: 'completed', tasks, ...more };
}

function kinds(text: string, runs: readonly ExpectedRun[]): readonly ViolationKind[] {
  return checkEvidence(parseEvidence(text), runs).map(({ kind }) => kind);
}

const CHAIN = [wanted('a'), wanted('b', { dependsOn: ['a'] })];
const GOOD = [begun('a'), ended('a'), begun('b'), ended('b')];

test('evidence of a run that went as it should holds nothing against it', () => {
  assert.deepEqual(kinds(forge(GOOD), [asked(CHAIN)]), []);
});

// Every kind of violation, each by evidence that was forged for it.
const FORGERIES: Readonly<
  Record<ViolationKind, { readonly text: string; readonly runs: readonly ExpectedRun[] }[]>
> = {
  started_twice: [
    { text: forge([...GOOD, begun('b'), ended('b')]), runs: [asked(CHAIN)] },
    { text: forge([begun('a'), begun('a'), ended('a')]), runs: [asked([wanted('a')])] },
    // Attempt numbers differ, but the record knows of no retry.
    {
      text: forge([begun('a'), begun('a', { attempt: 2 }), ended('a')]),
      runs: [asked([wanted('a')])],
    },
    // A retry is recorded, and attempt 1 ran twice.
    {
      text: forge([begun('a'), begun('a'), ended('a', { exit: 1 }), ended('a', { attempt: 2 })]),
      runs: [asked([wanted('a', { attempts: 2 })])],
    },
  ],
  started_early: [
    { text: forge([begun('a'), begun('b'), ended('a'), ended('b')]), runs: [asked(CHAIN)] },
    { text: forge([begun('b'), ended('b'), begun('a'), ended('a')]), runs: [asked(CHAIN)] },
    // What it needs has failed.
    {
      text: forge([begun('a'), ended('a', { exit: 1 }), begun('b'), ended('b')]),
      runs: [asked([wanted('a', { state: 'failed' }), wanted('b', { dependsOn: ['a'] })])],
    },
    // The first try failed, and the second, which succeeds, is not over.
    {
      text: forge([
        begun('a'),
        ended('a', { exit: 1 }),
        begun('b'),
        ended('b'),
        begun('a', { attempt: 2 }),
        ended('a', { attempt: 2 }),
      ]),
      runs: [asked([wanted('a', { attempts: 2 }), wanted('b', { dependsOn: ['a'] })])],
    },
    // It waits for a failure and there is none.
    {
      text: forge(GOOD),
      runs: [asked([wanted('a'), wanted('b', { dependsOn: ['a'], condition: 'on_failure' })])],
    },
    // What it waits for is skipped, but could not yet be.
    {
      text: forge([begun('a'), begun('c'), ended('c'), ended('a', { exit: 1 })]),
      runs: [
        asked([
          wanted('a', { state: 'failed' }),
          wanted('b', { dependsOn: ['a'], state: 'skipped', attempts: 0 }),
          wanted('c', { dependsOn: ['b'], condition: 'all_done' }),
        ]),
      ],
    },
  ],
  started_unasked: [
    {
      text: forge([begun('a'), ended('a', { exit: 1 }), begun('b'), ended('b')]),
      runs: [
        asked([
          wanted('a', { state: 'failed' }),
          wanted('b', { dependsOn: ['a'], condition: 'all_done', state: 'skipped', attempts: 0 }),
        ]),
      ],
    },
  ],
  lost: [
    { text: forge([begun('a'), ended('a')]), runs: [asked(CHAIN)] },
    { text: '', runs: [asked([wanted('a', { state: 'failed' })])] },
    // Its second try is recorded, and only the first was made.
    {
      text: forge([begun('a'), ended('a', { exit: 1 })]),
      runs: [asked([wanted('a', { attempts: 2 })])],
    },
  ],
  ended_in_record_only: [{ text: forge([begun('a')]), runs: [asked([wanted('a')])] }],
  end_without_start: [{ text: forge([ended('a')]), runs: [asked([wanted('a')])] }],
  ended_twice: [
    { text: forge([begun('a'), ended('a'), ended('a')]), runs: [asked([wanted('a')])] },
  ],
  other_ending: [
    { text: forge([begun('a'), ended('a', { exit: 3 })]), runs: [asked([wanted('a')])] },
    { text: forge([begun('a'), ended('a')]), runs: [asked([wanted('a', { state: 'failed' })])] },
  ],
  unknown_run: [{ text: forge([...GOOD, begun('a', { run: 'r2' })]), runs: [asked(CHAIN)] }],
  unknown_task: [{ text: forge([...GOOD, begun('c'), ended('c')]), runs: [asked(CHAIN)] }],
  unfinished: [
    { text: forge(GOOD), runs: [asked(CHAIN, { state: 'running' })] },
    {
      text: '',
      runs: [asked([wanted('a', { state: 'pending', attempts: 0 })], { state: 'pending' })],
    },
  ],
  tick_twice: [
    {
      text: forge(
        ['r1', 'r2'].flatMap((id) => [
          begun('a', { run: id, tick: '2026-01-01T00:00:00.000Z' }),
          ended('a', { run: id, tick: '2026-01-01T00:00:00.000Z' }),
        ]),
      ),
      runs: ['r1', 'r2'].map((id) => asked([wanted('a')], { run: id })),
    },
  ],
  damaged_line: [
    { text: `${forge(GOOD)}start\tjob`, runs: [asked(CHAIN)] },
    { text: `\n${forge(GOOD)}`, runs: [asked(CHAIN)] },
    { text: forge(GOOD).replace('cube1', 'cube1\tcube2'), runs: [asked(CHAIN)] },
  ],
};

for (const kind of VIOLATIONS) {
  test(`forged evidence: ${kind.replaceAll('_', ' ')} is found`, () => {
    for (const { text, runs } of FORGERIES[kind]) assert.ok(kinds(text, runs).includes(kind), text);
  });
}

test('a task that was tried again as recorded, one that was skipped and one that was lost are in order', () => {
  const retried = [
    begun('a'),
    ended('a', { exit: 1 }),
    begun('a', { attempt: 2 }),
    ended('a', { attempt: 2 }),
    begun('b'),
    ended('b'),
  ];
  const tasks = [wanted('a', { attempts: 2 }), wanted('b', { dependsOn: ['a'] })];
  assert.deepEqual(kinds(forge(retried), [asked(tasks)]), []);
  const skipped = [begun('a'), ended('a', { exit: 1 }), begun('c'), ended('c')];
  const around = [
    wanted('a', { state: 'failed' }),
    wanted('b', { dependsOn: ['a'], state: 'skipped', attempts: 0 }),
    wanted('c', { dependsOn: ['a', 'b'], condition: 'on_failure' }),
  ];
  assert.deepEqual(kinds(forge(skipped), [asked(around, { state: 'failed' })]), []);
  const lost = [begun('a')];
  assert.deepEqual(kinds(forge(lost), [asked([wanted('a', { state: 'lost' })])]), []);
  const stopped = [begun('a')];
  assert.deepEqual(kinds(forge(stopped), [asked([wanted('a', { state: 'stopped' })])]), []);
  // It ended well, and its supervisor died before it could say so.
  const unheard = [begun('a'), ended('a'), begun('b'), ended('b')];
  const behind = [
    wanted('a', { state: 'lost' }),
    wanted('b', { dependsOn: ['a'], condition: 'on_failure' }),
  ];
  assert.deepEqual(kinds(forge(unheard), [asked(behind, { state: 'failed' })]), []);
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
  const [first, second] = lines.slice(GOOD.length);
  assert.ok(first !== undefined && second !== undefined && lines.length === GOOD.length + 2);
  const { pid, startTime, at } = first;
  assert.deepEqual(first, {
    event: 'start',
    job: 'job',
    run: 'r2',
    task: 'a@cube1',
    attempt: 2,
    node: 'cube1',
    pid,
    startTime,
    at,
    tick: '2026-01-01T00:00:00.000Z',
    exitCode: null,
  });
  assert.deepEqual(second, { ...first, event: 'end', at: second.at, exitCode: 3 });
  assert.ok(second.at > at && Number(startTime) > 0);
});

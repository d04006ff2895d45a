import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Job } from '@petit/model';
import { formatProblem, parseJobFile, type JobFileResult, type Problem } from './index.js';

function parse(text: string, options: { readonly defaultZone?: string } = {}): JobFileResult {
  return parseJobFile(text, { path: 'jobs/x.yaml', ...options });
}

function jobOf(text: string): Job {
  const result = parse(text);
  assert.ok(
    result.ok,
    result.ok ? '' : result.problems.map((one) => formatProblem(one, text)).join('\n'),
  );
  return result.job;
}

function problemsOf(text: string): readonly Problem[] {
  const result = parse(text);
  assert.ok(!result.ok, 'the file loaded, but mistakes were expected');
  return result.problems;
}

/** The only mistake of a file, as `line:column message`. */
function onlyMistake(text: string): string {
  const problems = problemsOf(text);
  assert.equal(problems.length, 1, problems.map((one) => formatProblem(one, text)).join('\n'));
  const [problem] = problems;
  return `${problem?.line}:${problem?.column} ${problem?.message}`;
}

/** What a schedule that says nothing of changes of the clocks has. */
const DST_AS_PATTERN = { gap: null, overlap: null };

/** A job with one task, to which a test adds lines. */
function fileWith(lines: { readonly job?: string; readonly task?: string }): string {
  const task = (lines.task ?? '').replace(/^(?=.)/gm, '    ');
  return `id: one\nname: One\n${lines.job ?? ''}\ntasks:\n  - id: a\n    type: command\n    command: "true"\n${task}\n`;
}

suite('what petit reads', () => {
  test('a file with every key of petit loads, and each of them is kept', () => {
    const job = jobOf(`
id: nightly-report
name: Nightly Report
description: Builds the report
schedule: {cron: "0 30 2 * * *", timezone: Europe/Berlin}
enabled: false
max_concurrency: 1
config: {batch_size: 500, deep: [{a: null}], constructor: {prototype: 1}}
depends_on:
  - load
  - {job: clean, condition: last_complete}
  - {job_id: sync, condition: {within_window: {seconds: 3600}}}
tasks:
  - id: extract
    name: Extract rows
    type: command
    command: /usr/bin/env
    args: [sh, -c, "echo rows"]
    working_dir: /srv/data
    timeout_secs: 90
    environment: {LEVEL: info, PORT: 8080, VERSION: 1.10, ON: true}
    retry: {max_attempts: 3, delay_secs: 5, condition: transient_only}
  - id: transform
    type: python
    script: |
      print("hello")
    inline: true
    depends_on: [extract]
    condition: all_done
  - id: alarm
    type: python
    script: scripts/alarm.py
    depends_on: [extract, transform]
    condition: on_failure
    retry: {max_attempts: 1, delay: 60s}
  - {id: sweep, type: command, command: rm, depends_on: [alarm], condition: always}
`);
    const task = {
      dependsOn: [],
      condition: 'all_success',
      environment: {},
      retry: { maxRetries: 0, delayMs: 0, condition: 'always' },
      timeoutMs: null,
      killGraceMs: 10_000,
      runsOn: {},
      every: false,
      needs: { slots: 1 },
      idempotent: false,
    };
    assert.deepEqual(job, {
      v: 1,
      id: 'nightly-report',
      name: 'Nightly Report',
      description: 'Builds the report',
      enabled: false,
      schedules: [{ id: null, text: '0 30 2 * * *', zone: 'Europe/Berlin', dst: DST_AS_PATTERN }],
      dependsOn: [
        { job: 'load', condition: 'last_success' },
        { job: 'clean', condition: 'last_complete' },
        { job: 'sync', condition: 'within_window', windowMs: 3_600_000 },
      ],
      overlap: 'skip',
      catchup: { policy: 'latest', windowMs: 86_400_000, max: 100 },
      onUnmet: 'skip',
      jitterMs: 0,
      maxConcurrency: 1,
      startDeadlineMs: null,
      config: { batch_size: 500, deep: [{ a: null }], constructor: { prototype: 1 } },
      environment: {},
      tasks: [
        {
          ...task,
          id: 'extract',
          name: 'Extract rows',
          action: {
            type: 'command',
            command: '/usr/bin/env',
            args: ['sh', '-c', 'echo rows'],
            workingDir: '/srv/data',
          },
          environment: { LEVEL: 'info', PORT: '8080', VERSION: '1.10', ON: 'true' },
          retry: { maxRetries: 3, delayMs: 5_000, condition: 'transient_only' },
          timeoutMs: 90_000,
        },
        {
          ...task,
          id: 'transform',
          name: 'transform',
          action: { type: 'python', script: 'print("hello")\n', inline: true, workingDir: null },
          dependsOn: ['extract'],
          condition: 'all_done',
        },
        {
          ...task,
          id: 'alarm',
          name: 'alarm',
          action: { type: 'python', script: 'scripts/alarm.py', inline: false, workingDir: null },
          dependsOn: ['extract', 'transform'],
          condition: 'on_failure',
          retry: { maxRetries: 1, delayMs: 60_000, condition: 'always' },
        },
        {
          ...task,
          id: 'sweep',
          name: 'sweep',
          action: { type: 'command', command: 'rm', args: [], workingDir: null },
          dependsOn: ['alarm'],
          condition: 'always',
        },
      ],
    });
  });

  for (const schedule of ['0 0 2 * * *', '*/5 * * * *', '@hourly', '@every 1h30m', '0 0 3 * * SUN'])
    test(`the schedule "${schedule}" loads as written`, () => {
      const { schedules } = jobOf(fileWith({ job: `schedule: "${schedule}"` }));
      assert.deepEqual(schedules, [{ id: null, text: schedule, zone: null, dst: DST_AS_PATTERN }]);
    });

  test('a key without a value is as if it were not there', () => {
    const keys = ['description:', 'schedule: ~', 'max_concurrency:', 'depends_on:', 'config: null'];
    assert.deepEqual(jobOf(fileWith({ job: keys.join('\n') })), jobOf(fileWith({})));
  });

  test('an alias stands for what its anchor says', () => {
    const job = jobOf(`id: one\nname: &n One\ntasks:
  - {id: a, type: command, command: &c "true", environment: &e {A: "1"}}
  - {id: b, name: *n, type: command, command: *c, environment: *e}`);
    assert.equal(job.tasks[1]?.name, 'One');
    assert.deepEqual(job.tasks[1]?.environment, { A: '1' });
  });
});

suite('what Petit adds', () => {
  test('labels, every, slots, idempotent, grace, deadline and overlap are read', () => {
    const job = jobOf(
      fileWith({
        job: 'overlap: allow\nstart_deadline: 1d2h\nenvironment: {A: b}',
        task: 'runs_on: {arch: arm64, cores: 8}\nevery: true\nneeds: {slots: 2}\nidempotent: true\nkill_grace: 500ms\ntimeout: 1m30s',
      }),
    );
    const [task] = job.tasks;
    assert.equal(job.overlap, 'allow');
    assert.equal(job.startDeadlineMs, 26 * 3_600_000);
    assert.deepEqual(job.environment, { A: 'b' });
    assert.deepEqual(task?.runsOn, { arch: 'arm64', cores: '8' });
    assert.equal(task?.every, true);
    assert.deepEqual(task?.needs, { slots: 2 });
    assert.equal(task?.idempotent, true);
    assert.equal(task?.killGraceMs, 500);
    assert.equal(task?.timeoutMs, 90_000);
  });

  test('several schedules are read in their order, each with its zone and id', () => {
    const job = jobOf(
      fileWith({
        job: 'schedule: ["@daily", {id: noon, cron: "0 12 * * *", timezone: Asia/Tokyo}]',
      }),
    );
    assert.deepEqual(job.schedules, [
      { id: null, text: '@daily', zone: null, dst: DST_AS_PATTERN },
      { id: 'noon', text: '0 12 * * *', zone: 'Asia/Tokyo', dst: DST_AS_PATTERN },
    ]);
  });

  test('without overlap a job skips a tick while it runs, unless it allows several runs by number', () => {
    assert.equal(jobOf(fileWith({})).overlap, 'skip');
    assert.equal(jobOf(fileWith({ job: 'max_concurrency: 1' })).overlap, 'skip');
    assert.equal(jobOf(fileWith({ job: 'max_concurrency: 3' })).overlap, 'allow');
    assert.equal(jobOf(fileWith({ job: 'max_concurrency: 3\noverlap: skip' })).overlap, 'skip');
  });

  test('a window between jobs may be written as a duration', () => {
    const job = jobOf(fileWith({ job: 'depends_on: [{job: b, condition: {within_window: 26h}}]' }));
    assert.deepEqual(job.dependsOn, [
      { job: 'b', condition: 'within_window', windowMs: 26 * 3_600_000 },
    ]);
  });

  test('keys that begin with x- are free, at every level', () => {
    const job = jobOf(
      fileWith({
        job: 'x-owner: me\nschedule: {cron: "@daily", x-why: [1]}',
        task: 'x-a: {b: 1}\nretry: {max_attempts: 1, x-b: 2}',
      }),
    );
    assert.equal(job.tasks[0]?.retry.maxRetries, 1);
  });

  test('weekdays by number load, with a note of what they mean here', () => {
    const text = fileWith({ job: 'schedule: "0 4 * * 1-5"' });
    const result = parse(text);
    assert.ok(result.ok);
    const [note] = result.notes;
    assert.equal(note?.code, 'numeric_weekday');
    assert.equal(
      note === undefined ? '' : formatProblem(note, null),
      'jobs/x.yaml:3:20  weekday "1-5" means Monday to Friday, as in cron (petit 0.2.0 counted 1 as Sunday)',
    );
    const named = parse(fileWith({ job: 'schedule: "0 4 * * MON-FRI"' }));
    assert.ok(named.ok);
    assert.deepEqual(named.notes, []);
  });
});

suite('mistakes', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a schedule, at the very character',
      fileWith({ job: 'schedule: "61 * * * *"' }),
      '3:12 schedule "61 * * * *": minute must be 0-59, not "61"',
    ],
    [
      'a field in the middle of a schedule',
      fileWith({ job: "schedule: {cron: '0 0 25 * * *'}" }),
      '3:23 schedule "0 0 25 * * *": hour must be 0-23, not "25"',
    ],
    [
      'a zone',
      fileWith({ job: 'schedule: {cron: "@daily", timezone: Europe/Berln}' }),
      '3:38 zone must be a name of the time zone database, such as Europe/Berlin or UTC, not "Europe/Berln"; did you mean "Europe/Berlin"?',
    ],
    [
      'an unknown key, with the nearest known one',
      fileWith({ job: 'descripton: x' }),
      '3:1 unknown key "descripton" in the job; did you mean "description"?',
    ],
    [
      'an unknown key of a task',
      fileWith({ task: 'evry: true' }),
      '8:5 unknown key "evry" in task "a"; did you mean "every"?',
    ],
    [
      'a key of another type of task',
      fileWith({ task: 'script: x.py' }),
      '8:5 the key "script" is for tasks of another type than task "a"',
    ],
    [
      'a misspelt key only once, not also as missing',
      'id: a\nname: A\ntaks: []\n',
      '3:1 unknown key "taks" in the job; did you mean "tasks"?',
    ],
    [
      'a key of a later version',
      fileWith({ task: 'on_lost: retry' }),
      '8:5 the key "on_lost" in task "a" is not supported in this version',
    ],
    [
      'a type of task of a later version',
      'id: a\nname: A\ntasks:\n  - {id: t, type: http}\n',
      '4:19 task "t": type "http" is not supported in this version; use command or python',
    ],
    [
      'an overlap that nothing knows',
      fileWith({ job: 'overlap: allows' }),
      '3:10 overlap "allows": must be skip, queue, queue_all, cancel_previous or allow; did you mean "allow"?',
    ],
    [
      'a missing key',
      'id: a\nname: A\ntasks:\n  - id: t\n    type: command\n',
      '4:5 task "t" has no "command", which must be text',
    ],
    [
      'a missing type',
      'id: a\nname: A\ntasks:\n  - id: t\n    command: x\n',
      '4:5 task "t" has no "type", which must be command or python',
    ],
    [
      'no tasks',
      'id: a\nname: A\ntasks: []\n',
      '3:8 tasks: must be a list of at least 1, not an empty list',
    ],
    [
      'a list where text is wanted',
      fileWith({ task: 'args: [a, [b]]' }),
      '8:15 task "a": args[1]: must be text, not a list',
    ],
    [
      'a map where a list is wanted',
      fileWith({ task: 'depends_on: {a: b}' }),
      '8:17 task "a": depends_on: must be a list, not a map',
    ],
    [
      'a variable without a value',
      fileWith({ task: 'environment: {A: }' }),
      '8:22 task "a": environment.A: must be text, not nothing (write "" for empty text)',
    ],
    [
      'a variable with an impossible name',
      fileWith({ task: 'environment: {"A=B": c}' }),
      '8:19 task "a": environment: the key "A=B" must be the name of an environment variable, without "="',
    ],
    [
      'a number out of bounds',
      fileWith({ task: 'needs: {slots: 0}' }),
      '8:20 task "a": needs.slots: must be at least 1, not the number 0',
    ],
    [
      'a fraction',
      fileWith({ job: 'max_concurrency: 1.5' }),
      '3:18 max_concurrency: must be a whole number, not the number 1.5',
    ],
    [
      'a truth value in words of YAML 1.1',
      fileWith({ job: 'enabled: yes' }),
      '3:10 enabled: must be true or false, not the text "yes"; did you mean true?',
    ],
    [
      'a duration without a unit',
      fileWith({ task: 'timeout: 90' }),
      '8:14 task "a": timeout "90": must be a duration such as 90s, 5m or 1h30m, longer than nothing',
    ],
    [
      'a duration of nothing',
      fileWith({ task: 'timeout: 0s' }),
      '8:14 task "a": timeout "0s": must be a duration such as 90s, 5m or 1h30m, longer than nothing',
    ],
    [
      'two keys with one meaning',
      fileWith({ task: 'timeout: 90s\ntimeout_secs: 90' }),
      '9:5 task "a" has both "timeout" and "timeout_secs", which mean the same: write one',
    ],
    [
      'two delays',
      fileWith({ task: 'retry: {max_attempts: 1, delay: 1s, delay_secs: 1}' }),
      '8:41 task "a": retry has both "delay" and "delay_secs", which mean the same: write one',
    ],
    [
      'an id that is no name, with one that is',
      'id: we ird/ü\nname: A\ntasks: [{id: a, type: command, command: x}]',
      '1:5 id "we ird/ü": must be a letter or digit, then letters, digits, "_", "-" or single dots, 64 characters at most; for example "we-ird-u"',
    ],
    [
      'a label written as text',
      fileWith({ task: 'runs_on: cube3' }),
      '8:14 task "a": runs_on: must be a map, not the text "cube3"',
    ],
    [
      'two tasks with one id',
      'id: a\nname: A\ntasks:\n  - {id: t, type: command, command: x}\n  - {id: t, type: command, command: y}\n',
      '5:10 another task has the id "t" already',
    ],
    [
      'a task that is not there, with the nearest',
      'id: a\nname: A\ntasks:\n  - {id: extract, type: command, command: x}\n  - {id: load, type: command, command: y, depends_on: [extrct]}\n',
      '5:56 task "load" depends on "extrct", which is no task of this job; did you mean "extract"?',
    ],
    [
      'a task that waits for itself',
      fileWith({ task: 'depends_on: [a]' }),
      '8:18 task "a" waits for itself',
    ],
    [
      'on_failure with nothing before it',
      fileWith({ task: 'condition: on_failure' }),
      '8:16 task "a": the condition "on_failure" needs "depends_on", for it is about what failed before',
    ],
    [
      'a job that waits for itself',
      fileWith({ job: 'depends_on: [one]' }),
      '3:14 job "one" waits for itself',
    ],
    [
      'a job that is waited for twice',
      fileWith({ job: 'depends_on: [b, {job: b}]' }),
      '3:17 this job depends on "b" twice',
    ],
    [
      'a job named in both ways',
      fileWith({ job: 'depends_on: [{job: b, job_id: b}]' }),
      '3:23 depends_on[0] has both "job" and "job_id", which mean the same: write one',
    ],
    [
      'a job that is not named',
      fileWith({ job: 'depends_on: [{condition: last_success}]' }),
      '3:14 depends_on[0] has no "job"; it must name the job that is waited for',
    ],
    [
      'a condition between jobs',
      fileWith({ job: 'depends_on: [{job: b, condition: last_sucess}]' }),
      '3:34 depends_on[0].condition "last_sucess": must be last_success or last_complete; did you mean "last_success"?',
    ],
  ];
  for (const [what, text, message] of cases)
    test(`${what} is told with its place`, () => assert.equal(onlyMistake(text), message));

  for (const type of ['custom', 'script', 'http', 'job'])
    test(`a task of type ${type} is said to be not supported yet`, () => {
      const text = `id: a\nname: A\ntasks:\n  - {id: t, type: ${type}}\n`;
      assert.equal(
        onlyMistake(text),
        `4:19 task "t": type "${type}" is not supported in this version; use command or python`,
      );
    });

  test('a circle of tasks is told with its way, where the first of them waits', () => {
    const text = `id: a\nname: A\ntasks:
  - {id: start, type: command, command: x}
  - {id: x, type: command, command: x, depends_on: [start, z]}
  - {id: y, type: command, command: x, depends_on: [x]}
  - {id: z, type: command, command: x, depends_on: [y]}
  - {id: end, type: command, command: x, depends_on: [z]}
`;
    assert.equal(
      onlyMistake(text),
      '5:60 task "x" waits for "z", which waits for "y", which waits for "x"',
    );
  });

  test('the whole of a bad file is told at once, in the order of the lines', () => {
    const text = `id: Bad id
name:
schedule: ["* * * * * * *", "@every 5"]
tasks:
  - id: one
    type: comand
    timeout: 1 hour
    depends_on: [two, three]
  - id: two
    type: python
    depends_on: [one]
    retry: {delay: 5}
`;
    const told = problemsOf(text).map((one) => `${one.line} ${one.code}`);
    assert.deepEqual(told, [
      '1 wrong_value',
      '2 wrong_type',
      '3 schedule',
      '3 schedule',
      '6 wrong_value',
      '7 wrong_value',
      '8 task_cycle',
      '8 unknown_task',
      '9 missing_key',
      '12 missing_key',
      '12 wrong_value',
    ]);
  });

  test('more mistakes than a person can read are counted, not listed', () => {
    const keys = Array.from({ length: 1_000 }, (_, index) => `k${index}: 1`).join('\n');
    const problems = problemsOf(fileWith({ job: keys }));
    assert.equal(problems.length, 101);
    assert.equal(problems.at(-1)?.code, 'more_problems');
    assert.equal(problems.at(-1)?.message, '900 more mistakes in this file are not listed');
  });

  test('the id of a job is known although its file is bad', () => {
    const result = parse(fileWith({ job: 'nonsense: 1' }));
    assert.ok(!result.ok);
    assert.equal(result.jobId, 'one');
  });

  test('a default zone that does not exist is told at the schedule that would need it', () => {
    const result = parse(fileWith({ job: 'schedule: "@daily"' }), { defaultZone: 'Mars/Base' });
    assert.ok(!result.ok);
    assert.equal(result.problems[0]?.code, 'schedule');
    assert.equal(result.problems[0]?.line, 3);
  });
});

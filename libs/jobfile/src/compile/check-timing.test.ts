import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Job } from '@petit/model';
import { parseJobFile, type JobFileResult } from '../parse-job-file.js';

/** A job with one task whose keys of time begin at line 3. */
function parse(...lines: readonly string[]): JobFileResult {
  const task = '{id: a, type: command, command: "true"}';
  const text = ['id: one', 'name: One', ...lines, `tasks: [${task}]`].join('\n');
  return parseJobFile(text, { path: 'x.yaml' });
}

function jobOf(...lines: readonly string[]): Job {
  const result = parse(...lines);
  assert.ok(result.ok, JSON.stringify(result, null, 1));
  return result.job;
}

function told(found: readonly { line: number; column: number; message: string }[]): string[] {
  return found.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function mistakesOf(...lines: readonly string[]): string[] {
  const result = parse(...lines);
  assert.ok(!result.ok, 'the file loaded, but mistakes were expected');
  return told(result.problems);
}

function notesOf(...lines: readonly string[]): string[] {
  const result = parse(...lines);
  assert.ok(result.ok, JSON.stringify(result, null, 1));
  return told(result.notes);
}

suite('keys of time', () => {
  test('each is read, with durations as milliseconds', () => {
    const job = jobOf(
      'schedule: "30 2 * * *"',
      'overlap: queue_all',
      'catchup: all',
      'catchup_window: 2d',
      'max_catchup: 7',
      'jitter: 10m',
      'start_deadline: 6h',
      'depends_on: [two]',
      'on_unmet: wait',
    );
    assert.equal(job.overlap, 'queue_all');
    assert.deepEqual(job.catchup, { policy: 'all', windowMs: 172_800_000, max: 7 });
    assert.equal(job.jitterMs, 600_000);
    assert.equal(job.startDeadlineMs, 21_600_000);
    assert.equal(job.onUnmet, 'wait');
  });

  for (const overlap of ['skip', 'queue', 'queue_all', 'cancel_previous', 'allow'])
    test(`overlap "${overlap}" is read`, () =>
      assert.equal(jobOf('schedule: "@daily"', `overlap: ${overlap}`).overlap, overlap));

  test("the job's dst is that of all its schedules, and a schedule's own wins key by key", () => {
    const { schedules } = jobOf(
      'dst: {gap: skip, overlap: last}',
      'schedule:',
      '  - "30 2 * * *"',
      '  - {id: noon, cron: "0 12 * * *", timezone: Europe/Berlin}',
      '  - {cron: "30 1 * * *", timezone: Europe/Berlin, dst: {overlap: both}}',
    );
    assert.deepEqual(
      schedules.map(({ dst }) => dst),
      [
        { gap: 'skip', overlap: 'last' },
        { gap: 'skip', overlap: 'last' },
        { gap: 'skip', overlap: 'both' },
      ],
    );
  });

  test('one of the two keys of dst alone leaves the other to the pattern', () => {
    const { schedules } = jobOf('schedule: {cron: "30 2 * * *", dst: {gap: skip}}');
    assert.deepEqual(schedules[0]?.dst, { gap: 'skip', overlap: null });
  });
});

suite('mistakes of one key of time are told with the nearest word', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      'overlap: queu',
      '3:10 overlap "queu": must be skip, queue, queue_all, cancel_previous or allow; did you mean "queue"?',
    ],
    [
      'overlap: cancel-previous',
      '3:10 overlap "cancel-previous": must be skip, queue, queue_all, cancel_previous or allow; did you mean "cancel_previous"?',
    ],
    ['catchup: lates', '3:10 catchup "lates": must be none, latest or all; did you mean "latest"?'],
    ['catchup: true', '3:10 catchup: must be none, latest or all, not true'],
    ['catch_up: all', '3:1 unknown key "catch_up" in the job; did you mean "catchup"?'],
    ['max_catchup: 0', '3:14 max_catchup: must be at least 1, not the number 0'],
    ['max_catchup: 5000', '3:14 max_catchup: must be at most 1000, not the number 5000'],
    ['jitter: five', '3:9 jitter "five": must be a duration such as 90s, 5m or 1h30m'],
    ['catchup_window: 24', '3:17 catchup_window "24": must be a duration such as 90s, 5m or 1h30m'],
    [
      'start_deadline: 0s',
      '3:17 start_deadline "0s": must be a duration such as 90s, 5m or 1h30m, longer than nothing',
    ],
    [
      'on_unmet: wai\ndepends_on: [two]',
      '3:11 on_unmet "wai": must be skip or wait; did you mean "wait"?',
    ],
    ['dst: skip', '3:6 dst: must be a map, not the text "skip"'],
    [
      'dst: {gap: runonce}',
      '3:12 dst.gap "runonce": must be run_once or skip; did you mean "run_once"?',
    ],
    [
      'dst: {overlap: frist}',
      '3:16 dst.overlap "frist": must be first, last or both; did you mean "first"?',
    ],
    ['dst: {overlp: first}', '3:7 unknown key "overlp" in dst; did you mean "overlap"?'],
    [
      'schedule: {cron: "@daily", dst: {gap: skp}}',
      '3:39 schedule.dst.gap "skp": must be run_once or skip; did you mean "skip"?',
    ],
    [
      'schedule: ["@daily", {cron: "@weekly", dst: {gap: skp}}]',
      '3:51 schedule[1].dst.gap "skp": must be run_once or skip; did you mean "skip"?',
    ],
    [
      'schedule: {cron: "@daily", jitter: 5m}',
      '3:28 the key "jitter" belongs to the job, not to schedule',
    ],
    [
      'schedule: [{cron: "@daily", catchup: all}]',
      '3:29 the key "catchup" belongs to the job, not to schedule[0]',
    ],
    ['timezone: Europe/Berlin', '3:1 the key "timezone" belongs to "schedule", not to the job'],
  ];
  for (const [line, mistake] of cases)
    test(line, () => assert.deepEqual(mistakesOf(line), [mistake]));
});

suite('mistakes that only the whole shows', () => {
  test('a window or a number for a catch-up that there is not', () => {
    assert.deepEqual(
      mistakesOf('schedule: "@daily"', 'catchup: none', 'catchup_window: 2h', 'max_catchup: 3'),
      [
        '5:1 "catchup_window" contradicts "catchup: none", with which no missed tick runs; drop one of the two',
        '6:1 "max_catchup" contradicts "catchup: none", with which no missed tick runs; drop one of the two',
      ],
    );
    jobOf('schedule: "@daily"', 'catchup: all', 'catchup_window: 2h', 'max_catchup: 3');
    jobOf('schedule: "@daily"', 'catchup: none', 'catchup_window:');
  });

  test('a schedule that is there twice, blanks aside', () => {
    assert.deepEqual(mistakesOf('schedule:', '  - "0 4 * * *"', '  - "0  4 * * *"'), [
      '5:5 schedule[1] is schedule[0] again, with the same text and zone; leave it out, or give one of them an "id"',
    ]);
    assert.deepEqual(
      mistakesOf('schedule:', '  - "0 4 * * *"', '  - {cron: "0 4 * * *", timezone: UTC}'),
      [
        '5:12 schedule[1] is schedule[0] again, with the same text and zone; leave it out, or give one of them an "id"',
      ],
    );
    jobOf('schedule: ["0 4 * * *", {cron: "0 4 * * *", timezone: Europe/Berlin}]');
    jobOf('schedule: ["0 4 * * *", {cron: "0 4 * * *", id: again}]');
  });

  test('an id of two schedules, however they differ', () => {
    assert.deepEqual(
      mistakesOf('schedule:', '  - {cron: "@daily", id: x}', '  - {cron: "@hourly", id: x}'),
      ['5:27 schedule[1]: schedule[0] has the id "x" already'],
    );
    jobOf('schedule: [{cron: "@daily", id: x}, {cron: "@hourly", id: y}]');
  });

  test('a jitter that is longer than the time between two ticks', () => {
    assert.deepEqual(mistakesOf('schedule: "*/15 9-17 * * *"', 'jitter: 20m'), [
      '4:9 jitter "20m": must be at most 15m, the time between two ticks of "*/15 9-17 * * *"',
    ]);
    assert.deepEqual(mistakesOf('schedule: ["@daily", "@every 90s"]', 'jitter: 2m'), [
      '4:9 jitter "2m": must be at most 1m30s, the time between two ticks of "@every 90s"',
    ]);
    jobOf('schedule: "*/15 9-17 * * *"', 'jitter: 15m');
    jobOf('schedule: "@at 2030-01-01T00:00:00Z"', 'jitter: 15d');
  });

  test('what is to become of unmet dependencies where there are none', () => {
    const mistake = '"on_unmet" needs "depends_on", for it is about jobs that this one waits for';
    assert.deepEqual(mistakesOf('schedule: "@daily"', 'on_unmet: wait'), [`4:1 ${mistake}`]);
    assert.deepEqual(mistakesOf('schedule: "@daily"', 'on_unmet: skip', 'depends_on: []'), [
      `4:1 ${mistake}`,
    ]);
    jobOf('schedule: "@daily"', 'on_unmet: wait', 'depends_on: [two]');
  });

  test('all of them are told at once', () => {
    assert.equal(
      mistakesOf(
        'schedule: ["*/5 * * * *", "*/5 * * * *"]',
        'jitter: 1h',
        'catchup: none',
        'max_catchup: 2',
        'on_unmet: wait',
      ).length,
      4,
    );
  });
});

suite('notes on what can change nothing', () => {
  test('dst where the clocks never change, or do not matter', () => {
    assert.deepEqual(
      notesOf(
        'schedule:',
        '  - {cron: "@every 90m", dst: {gap: skip}}',
        '  - {cron: "@at 2030-01-01T00:00:00Z", dst: {gap: skip}}',
        '  - {cron: "30 2 * * *", timezone: Etc/UTC, dst: {gap: skip}}',
        '  - {cron: "30 2 * * *", timezone: Europe/Berlin, dst: {gap: skip}}',
      ),
      [
        '4:26 "dst" has no meaning here: "@every 90m" goes by elapsed time',
        '5:40 "dst" has no meaning here: "@at 2030-01-01T00:00:00Z" is one instant, whatever the clocks show',
        '6:45 "dst" has no meaning here: the clocks of Etc/UTC never change',
      ],
    );
  });

  test("the job's dst when it matters to none of its schedules, and not when it does to one", () => {
    const dst = 'dst: {gap: skip}';
    assert.deepEqual(notesOf('schedule: "30 2 * * *"', dst), [
      '4:1 "dst" has no meaning here: the clocks of UTC never change',
    ]);
    const berlin = '{cron: "30 2 * * *", timezone: Europe/Berlin}';
    assert.deepEqual(notesOf(`schedule: ["@every 1h", ${berlin}]`, dst), []);
  });

  test('max_catchup where one is caught up anyway', () => {
    const note =
      '4:1 "max_catchup" has no meaning with "catchup: latest", which runs one; it is for "catchup: all"';
    assert.deepEqual(notesOf('schedule: "@daily"', 'max_catchup: 3'), [note]);
    assert.deepEqual(notesOf('schedule: "@daily"', 'max_catchup: 3', 'catchup: all'), []);
  });

  test('keys about ticks in a job that has none', () => {
    assert.deepEqual(notesOf('catchup: all', 'jitter: 5m'), [
      '3:1 "catchup" has no meaning in a job without a schedule',
      '4:1 "jitter" has no meaning in a job without a schedule',
    ]);
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  compileInSteps,
  compileJobs,
  formatProblem,
  hashJob,
  KnownFiles,
  type CompiledDirectory,
} from '../index.js';

function compile(files: Readonly<Record<string, string | Uint8Array>>): CompiledDirectory {
  return compileJobs(
    Object.entries(files).map(([path, content]) => ({ path, bytes: Buffer.from(content) })),
  );
}

function job(id: string, more = ''): string {
  return `id: ${id}\nname: ${id}\n${more}\ntasks: [{id: t, type: command, command: x}]\n`;
}

function ids(directory: CompiledDirectory): string[] {
  return directory.jobs.map((one) => one.job.id);
}

function told(directory: CompiledDirectory): string[] {
  return directory.problems.map((one) => formatProblem(one, null));
}

suite('a directory', () => {
  test('the good files load in the order of their ids, the bad ones are told', () => {
    const directory = compile({
      'b.yaml': job('zeta'),
      'a.yaml': job('beta'),
      'c.yml': job('gamma', 'nonsense: 1'),
      'd.yaml': Buffer.from([0xff, 0xfe, 0x69, 0x00]),
    });
    assert.deepEqual(ids(directory), ['beta', 'zeta']);
    assert.deepEqual(directory.broken, [
      { path: 'c.yml', jobId: 'gamma' },
      { path: 'd.yaml', jobId: null },
    ]);
    assert.deepEqual(told(directory), [
      'c.yml:3:1  unknown key "nonsense" in the job',
      'd.yaml:1:1  the file is UTF-16, not UTF-8: save it as UTF-8',
    ]);
    const [first] = directory.jobs;
    assert.equal(first?.path, 'a.yaml');
    assert.equal(first?.hash, first === undefined ? '' : hashJob(first.job));
  });

  test('two files that define one job are both refused, each naming the other', () => {
    const directory = compile({ 'a.yaml': job('same'), 'b.yaml': job('same'), 'c.yaml': job('c') });
    assert.deepEqual(ids(directory), ['c']);
    assert.deepEqual(told(directory), [
      'a.yaml:1:5  job "same" is defined in "b.yaml" too',
      'b.yaml:1:5  job "same" is defined in "a.yaml" too',
    ]);
  });

  test('a job that waits for one that no file defines is refused, with the nearest one', () => {
    const directory = compile({
      'a.yaml': job('extract'),
      'b.yaml': job('load', 'depends_on: [extrakt]'),
    });
    assert.deepEqual(ids(directory), ['extract']);
    assert.deepEqual(told(directory), [
      'b.yaml:3:14  job "load" depends on "extrakt", which no file defines; did you mean "extract"?',
    ]);
  });

  test('a job that waits for one whose file has a mistake loads', () => {
    const directory = compile({
      'a.yaml': job('extract', 'nonsense: 1'),
      'b.yaml': job('load', 'depends_on: [extract]'),
    });
    assert.deepEqual(ids(directory), ['load']);
    assert.deepEqual(directory.broken, [{ path: 'a.yaml', jobId: 'extract' }]);
  });

  test('jobs that wait for each other are refused, each told at what it waits for', () => {
    const directory = compile({
      'a.yaml': job('a', 'depends_on: [free, b]'),
      'b.yaml': job('b', 'depends_on: [{job: c, condition: last_complete}]'),
      'c.yaml': job('c', 'depends_on: [a]'),
      'd.yaml': job('free'),
      'e.yaml': job('after', 'depends_on: [a]'),
    });
    assert.deepEqual(ids(directory), ['after', 'free']);
    assert.deepEqual(told(directory), [
      'a.yaml:3:20  job "a" waits for "b", which waits for "c", which waits for "a"',
      'b.yaml:3:14  job "b" waits for "c", which waits for "a", which waits for "b"',
      'c.yaml:3:14  job "c" waits for "a", which waits for "b", which waits for "c"',
    ]);
  });

  test('no file is no job and no problem', () => {
    assert.deepEqual(compile({}), {
      jobs: [],
      broken: [],
      problems: [],
      notes: [],
      limits: { maxConcurrentJobs: null, maxConcurrentTasks: null },
    });
  });
});

const GLOBAL = `default_timezone: Europe/Berlin
default_retry: {max_attempts: 2, delay_secs: 30, condition: transient_only}
environment: {A: global, B: global}
max_concurrent_jobs: 5
max_concurrent_tasks: 7
storage: {type: sqlite, path: petit.db}
`;

suite("petit's global file", () => {
  const daily = job(
    'daily',
    'schedule: ["@daily", {cron: "@hourly", timezone: UTC}]\nenvironment: {B: own}',
  );

  test('what it says holds for every job that does not say otherwise', () => {
    const own =
      'id: own\nname: Own\ntasks: [{id: t, type: command, command: x, retry: {max_attempts: 0}}]';
    const { jobs, problems, limits } = compile({
      'daily.yaml': daily,
      'own.yaml': own,
      'petit.yaml': GLOBAL,
    });
    assert.deepEqual(problems, []);
    const [one, other] = jobs.map((each) => each.job);
    assert.deepEqual(
      one?.schedules.map((schedule) => schedule.zone),
      ['Europe/Berlin', 'UTC'],
    );
    assert.deepEqual(one?.environment, { A: 'global', B: 'own' });
    assert.deepEqual(one?.tasks[0]?.retry, {
      maxRetries: 2,
      delayMs: 30_000,
      condition: 'transient_only',
    });
    assert.equal(other?.tasks[0]?.retry.maxRetries, 0);
    assert.deepEqual(limits, { maxConcurrentJobs: 5, maxConcurrentTasks: 7 });
  });

  test('it is known by its keys, whatever it is called', () => {
    const { jobs } = compile({
      'daily.yaml': daily,
      'anything.yml': 'default_timezone: Asia/Tokyo\n',
    });
    assert.equal(jobs[0]?.job.schedules[0]?.zone, 'Asia/Tokyo');
  });

  test('what has no meaning here is noted', () => {
    const { notes } = compile({ 'petit.yaml': GLOBAL });
    assert.deepEqual(
      notes.map((note) => formatProblem(note, null)),
      ['petit.yaml:6:1  "storage" has no meaning here: runs are kept in Redis'],
    );
  });

  for (const [what, text] of [
    ['an unknown zone', 'default_timezone: Mars/Base\n'],
    ['an unknown key', 'default_timezone: UTC\ndefault_retries: 3\n'],
    ['broken YAML', 'default_timezone: [\n'],
    ['two delays', 'default_retry: {max_attempts: 1, delay: 1s, delay_secs: 1}\n'],
    ['a wrong encoding', Buffer.from([0xff, 0xfe, 0x61, 0x00])],
  ] as const)
    test(`with ${what} no job loads, since each would mean something else`, () => {
      const directory = compile({ 'daily.yaml': daily, 'defaults.yaml': text });
      assert.deepEqual(ids(directory), []);
      assert.deepEqual(directory.broken, [{ path: 'daily.yaml', jobId: 'daily' }]);
      assert.equal(directory.limits, null, 'nobody knows what limits it means');
      assert.equal(directory.problems.length, 1);
      assert.equal(directory.problems[0]?.path, 'defaults.yaml');
    });

  test('a mistake in it is told with the nearest of its own keys', () => {
    const directory = compile({ 'defaults.yaml': 'default_timezon: UTC\n' });
    assert.deepEqual(told(directory), [
      'defaults.yaml:1:1  unknown key "default_timezon" in the defaults; did you mean "default_timezone"?',
    ]);
  });

  test('there is one of it in a directory', () => {
    const directory = compile({ 'a.yaml': GLOBAL, 'b.yaml': GLOBAL, 'daily.yaml': daily });
    assert.deepEqual(ids(directory), []);
    assert.deepEqual(told(directory), [
      'b.yaml:1:1  "a.yaml" holds the defaults of this directory already',
    ]);
  });

  test('a file that is called so but holds a job is a job', () => {
    assert.deepEqual(ids(compile({ 'petit.yaml': job('petit') })), ['petit']);
  });
});

suite('a directory that is read again', () => {
  /** Reads files and answers how many of them were known, so that they need not be read. */
  function readAgain(
    known: KnownFiles,
    files: Readonly<Record<string, string>>,
  ): { readonly directory: CompiledDirectory; readonly jobs: ReadonlySet<unknown> } {
    const sources = Object.entries(files).map(([path, text]) => ({
      path,
      bytes: Buffer.from(text),
    }));
    const steps = compileInSteps(sources, { known });
    for (;;) {
      const step = steps.next();
      if (step.done !== true) continue;
      return { directory: step.value, jobs: new Set(step.value.jobs.map((one) => one.job)) };
    }
  }

  test('only what has changed is compiled, and it comes to what a first reading comes to', () => {
    const known = new KnownFiles();
    const files = { 'a.yaml': job('a'), 'b.yaml': job('b'), 'c.yaml': job('c', 'nonsense: 1') };
    const first = readAgain(known, files);
    const changed = { ...files, 'b.yaml': job('b', 'depends_on: [gone]'), 'd.yaml': job('a') };
    const second = readAgain(known, changed);
    assert.deepEqual(second.directory, compile(changed));
    const third = readAgain(known, files);
    assert.deepEqual(third.directory, compile(files));
    const kept = third.directory.jobs.filter((one) => first.jobs.has(one.job));
    assert.deepEqual(
      kept.map((one) => one.path),
      ['a.yaml'],
    );
  });

  test('a step is one file, so that what else there is to do waits for no more than that', () => {
    const sources = Array.from({ length: 50 }, (_, index) => ({
      path: `${index}.yaml`,
      bytes: Buffer.from(job(`job-${index}`)),
    }));
    const steps = compileInSteps(sources, { known: new KnownFiles() });
    assert.equal([...steps].length, 50);
  });

  test('what all jobs share is part of each of them, whatever its file is called', () => {
    const known = new KnownFiles();
    const files = { 'a.yaml': job('a', 'schedule: "0 3 * * *"') };
    const zoneOf = ({ directory }: { readonly directory: CompiledDirectory }): unknown =>
      directory.jobs[0]?.job.schedules[0]?.zone;
    assert.equal(zoneOf(readAgain(known, files)), null);
    for (const [path, zone] of [
      ['defaults.yaml', 'Asia/Tokyo'],
      ['z.yaml', 'Europe/Berlin'],
    ] as const) {
      const text = `default_timezone: ${zone}\n`;
      assert.equal(zoneOf(readAgain(known, { ...files, [path]: text })), zone);
    }
  });
});

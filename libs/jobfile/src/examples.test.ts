import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { compileJobs, formatProblem } from './index.js';

const EXAMPLES = new URL('../../../examples/', import.meta.url);

const files = readdirSync(EXAMPLES)
  .filter((name) => /\.ya?ml$/.test(name))
  .map((path) => ({ path, bytes: readFileSync(new URL(path, EXAMPLES)) }));

suite('the examples', () => {
  test('load without a mistake and without a note', () => {
    const { jobs, problems, notes } = compileJobs(files);
    const told = [...problems, ...notes].map((one) => formatProblem(one, null));
    assert.deepEqual(told, []);
    assert.equal(jobs.length, files.length);
    assert.ok(jobs.length >= 8, `${jobs.length} examples`);
  });

  test('begin with the schema and with what they show, and are called like their job', () => {
    const { jobs } = compileJobs(files);
    for (const { path, bytes } of files) {
      const [first = '', second = ''] = bytes.toString('utf8').split('\n');
      const [, schema] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
      assert.ok(schema !== undefined && existsSync(new URL(schema, EXAMPLES)), path);
      assert.match(second, /^# [A-Z]/, path);
    }
    for (const { path, job } of jobs) assert.equal(path, `${job.id}.yaml`);
  });

  test('show what becomes of ticks: overlap, catch-up, jitter, deadline and changes of the clocks', () => {
    const jobs = compileJobs(files).jobs.map((one) => one.job);
    assert.ok(jobs.some((job) => job.overlap === 'queue_all'));
    assert.ok(jobs.some((job) => job.catchup.policy === 'all' && job.catchup.max < 100));
    assert.ok(jobs.some((job) => job.jitterMs > 0 && job.startDeadlineMs !== null));
    assert.ok(jobs.some((job) => job.schedules.some(({ dst }) => dst.gap !== null)));
    assert.ok(jobs.some((job) => job.schedules.some(({ id }) => id !== null)));
    assert.ok(jobs.some((job) => job.schedules.some(({ text }) => text.startsWith('H '))));
  });

  test('show every condition, a retry, a schedule, labels, every node, python and a job after a job', () => {
    const jobs = compileJobs(files).jobs.map((one) => one.job);
    const tasks = jobs.flatMap((job) => job.tasks);
    const conditions = new Set(tasks.map((task) => task.condition));
    assert.deepEqual([...conditions].sort(), ['all_done', 'all_success', 'always', 'on_failure']);
    assert.ok(tasks.some((task) => task.retry.maxRetries > 0));
    assert.ok(tasks.some((task) => Object.keys(task.runsOn).length > 0));
    assert.ok(tasks.some((task) => task.every));
    assert.ok(tasks.some((task) => task.action.type === 'python'));
    assert.ok(jobs.some((job) => job.schedules.length > 1));
    assert.ok(jobs.some((job) => job.dependsOn.length > 0));
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TaskCondition } from '../job/job.js';
import type { TaskState } from './moves.js';
import { judgeTask } from './verdict.js';

function judge(condition: TaskCondition, ...states: TaskState[]): string {
  const verdict = judgeTask(
    condition,
    states.map((state, index) => [`t${index}`, state] as const),
  );
  return verdict.kind === 'start' ? 'start' : `${verdict.reason.token}: ${verdict.reason.text}`;
}

const NOTHING_FAILED = 'nothing_failed_upstream: nothing that it depends on has failed';

suite('a task whose dependencies have ended', () => {
  test('starts by all_success when each of them completed, else it is skipped with the first that did not', () => {
    assert.equal(judge('all_success'), 'start');
    assert.equal(judge('all_success', 'completed', 'completed'), 'start');
    for (const state of ['failed', 'skipped', 'cancelled', 'lost'] as const) {
      assert.equal(
        judge('all_success', 'completed', state, 'failed'),
        `upstream_not_successful: task "t1" is ${state}, not completed`,
      );
    }
  });

  test('starts by on_failure when one of them failed or was lost, else it is skipped', () => {
    assert.equal(judge('on_failure', 'completed', 'failed'), 'start');
    assert.equal(judge('on_failure', 'lost', 'skipped'), 'start');
    assert.equal(judge('on_failure', 'completed', 'completed'), NOTHING_FAILED);
    assert.equal(judge('on_failure', 'skipped', 'cancelled'), NOTHING_FAILED);
    assert.equal(judge('on_failure'), NOTHING_FAILED);
  });

  for (const condition of ['all_done', 'always'] as const)
    test(`starts by ${condition} however they ended`, () => {
      assert.equal(judge(condition), 'start');
      assert.equal(
        judge(condition, 'failed', 'skipped', 'lost', 'cancelled', 'completed'),
        'start',
      );
    });
});

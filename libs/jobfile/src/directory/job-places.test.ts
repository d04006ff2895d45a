import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openJobPlaces, type JobPlaces } from './job-places.js';

function open(text: string): JobPlaces {
  return openJobPlaces({ path: 'x.yaml', bytes: Buffer.from(text) });
}

suite('the places of a job', () => {
  test('a field of a schedule, alone, in a list, and in a map', () => {
    assert.deepEqual(open('schedule: "0  */7 * * *"\n').schedule(0, 1), { line: 1, column: 15 });
    const list = open('id: a\nschedule:\n  - "@daily"\n  - {cron: "5 4 * * *"}\n');
    assert.deepEqual(list.schedule(0, null), { line: 3, column: 6 });
    assert.deepEqual(list.schedule(1, 1), { line: 4, column: 15 });
    assert.equal(list.schedule(2, null), null);
  });

  test('a key that is there, and one that is not', () => {
    const places = open('id: a\njitter: 5m\n');
    assert.deepEqual(places.key('jitter'), { line: 2, column: 1 });
    assert.equal(places.key('catchup'), null);
  });

  test('a file that is none has none', () => {
    const places = openJobPlaces({ path: 'x', bytes: Buffer.from([0xff, 0xfe, 0xff]) });
    assert.equal(places.schedule(0, null), null);
    assert.equal(places.key('id'), null);
    assert.equal(open('- a').key('id'), null);
  });
});

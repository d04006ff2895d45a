import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { makePreview } from './preview.js';
import { sourceOf } from './sources.fixture.js';

const SPRING = Date.UTC(2027, 2, 27);

suite('a preview', () => {
  test('has the ticks of several schedules in the order of time, at one instant in that of the file', () => {
    const sources = [sourceOf('a', '*/20 * * * *'), sourceOf('a', '0 */1 * * *')];
    const { ticks } = makePreview({ sources, from: SPRING, count: 6 });
    assert.deepEqual(
      ticks.map(({ utc, schedule }) => `${utc.slice(11, 16)} ${schedule}`),
      ['00:00 0', '00:00 1', '00:20 0', '00:40 0', '01:00 0', '01:00 1'],
    );
  });

  test('begins with the instant it is asked for', () => {
    const { ticks } = makePreview({
      sources: [sourceOf('a', '0 0 * * *')],
      from: SPRING,
      count: 1,
    });
    assert.equal(ticks[0]?.at, SPRING);
  });

  test('ends where a schedule has no ticks any more', () => {
    const sources = [sourceOf('a', '@at 2027-03-27T10:00:00Z')];
    assert.equal(makePreview({ sources, from: SPRING, count: 5 }).ticks.length, 1);
  });

  test('tells the next two changes of each zone and what they do to which schedule', () => {
    const sources = [
      sourceOf('a', '30 2 * * *', 'Europe/Berlin'),
      sourceOf('a', '30 4 * * *', 'Europe/Berlin'),
      sourceOf('b', '0 0 * * *'),
    ];
    const { clocks, ticks } = makePreview({ sources, from: SPRING, count: 8 });
    assert.deepEqual(
      clocks.map(({ zone, changes }) => [
        zone,
        changes.map(({ utc, effects }) => [
          utc.slice(0, 10),
          effects.map(({ schedule, effect }) => `${schedule} ${effect}`),
        ]),
      ]),
      [
        [
          'Europe/Berlin',
          [
            ['2027-03-28', ['0 moved']],
            ['2027-10-31', ['0 first']],
          ],
        ],
        ['UTC', []],
      ],
    );
    assert.equal(ticks.filter(({ adjusted }) => adjusted === 'gap').length, 1);
  });
});

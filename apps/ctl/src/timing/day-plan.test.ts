import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assert as check, constantFrom, integer, property } from 'fast-check';
import { countTicks } from '@petit/schedule';
import { planDay } from './day-plan.js';
import { sourceOf } from './sources.fixture.js';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2027, 5, 1, 12);

suite('the plan of a day', () => {
  test('has 24 hours from the one that now is in, and counts what is still to come', () => {
    const sources = [sourceOf('often', '*/10 * * * *'), sourceOf('daily', '30 11 * * *')];
    const day = planDay({ sources, from: NOON + 25 * 60_000, zone: 'UTC' });
    assert.equal(day.hours.length, 24);
    assert.deepEqual([day.hours[0]?.hour, day.hours[23]?.hour], [12, 11]);
    assert.deepEqual(
      day.jobs.map(({ jobId, counts }) => [jobId, counts[0], counts[1], counts[23]]),
      [
        ['often', 3, 6, 6],
        ['daily', 0, 0, 1],
      ],
    );
  });

  test('hours are those of the reader, not of the schedule', () => {
    const day = planDay({
      sources: [sourceOf('a', '0 18 * * *')],
      from: NOON,
      zone: 'Asia/Kathmandu',
    });
    assert.equal(day.hours[0]?.hour, 17);
    assert.equal(day.hours[0]?.at, NOON - 45 * 60_000);
    assert.equal(day.jobs[0]?.counts[6], 1);
  });

  test('an hour that does not exist is not there, one that comes twice is there twice', () => {
    const zone = 'Europe/Berlin';
    const spring = planDay({ sources: [], from: Date.UTC(2027, 2, 27, 23), zone });
    assert.deepEqual(
      spring.hours.slice(0, 4).map(({ hour }) => hour),
      [0, 1, 3, 4],
    );
    const autumn = planDay({ sources: [], from: Date.UTC(2027, 9, 30, 22), zone });
    assert.deepEqual(
      autumn.hours.slice(0, 5).map(({ hour }) => hour),
      [0, 1, 2, 2, 3],
    );
    assert.equal(autumn.changes.length, 1);
  });

  test('a change by half an hour ends the hour that it comes in', () => {
    const day = planDay({
      sources: [sourceOf('a', '*/15 * * * *', 'Australia/Lord_Howe')],
      from: Date.UTC(2027, 9, 2, 14),
      zone: 'Australia/Lord_Howe',
    });
    assert.deepEqual(
      day.hours.slice(0, 5).map(({ hour, at, endAt }) => [hour, (endAt - at) / 60_000]),
      [
        [0, 60],
        [1, 60],
        [2, 30],
        [3, 60],
        [4, 60],
      ],
    );
  });

  test('the busiest minute is named with those that are due in it', () => {
    const sources = [
      sourceOf('a', '0 2 * * *'),
      sourceOf('b', '0 2,3 * * *'),
      sourceOf('c', '0 3 * * *'),
      sourceOf('seconds', '*/20 0 4 * * *'),
    ];
    const { busiest } = planDay({ sources, from: NOON, zone: 'UTC' });
    assert.deepEqual(busiest, { at: NOON + 16 * HOUR_MS, runs: 3, jobIds: ['seconds'] });
    const others = planDay({ sources: sources.slice(0, 3), from: NOON, zone: 'UTC' });
    assert.deepEqual(others.busiest?.jobIds, ['a', 'b']);
    assert.equal(planDay({ sources: [], from: NOON, zone: 'UTC' }).busiest, null);
  });

  test('a schedule of seconds is counted as one of minutes is', () => {
    const sources = [sourceOf('s', '* * * * * *')];
    const { busiest, jobs } = planDay({ sources, from: NOON + 500, zone: 'UTC' });
    assert.deepEqual(busiest, { at: NOON + 60_000, runs: 60, jobIds: ['s'] });
    assert.equal(jobs[0]?.total, 86_399);
  });

  test('jobs of which nothing is due are named apart', () => {
    const { idle, jobs } = planDay({
      sources: [sourceOf('yearly', '@yearly'), sourceOf('hourly', '@hourly')],
      from: NOON,
      zone: 'UTC',
    });
    assert.deepEqual([idle, jobs.map(({ jobId }) => jobId)], [['yearly'], ['hourly']]);
  });

  test('whatever the zone and the instant, the hours meet and nothing is counted twice or left out', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Africa/Casablanca',
    ];
    const source = sourceOf('a', '*/7 * * * *', 'America/New_York');
    check(
      property(
        constantFrom(...zones),
        integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) }),
        (zone, from) => {
          const { hours, jobs, until } = planDay({ sources: [source], from, zone });
          for (const [index, hour] of hours.entries())
            assert.equal(hour.at, hours[index - 1]?.endAt ?? hour.at);
          assert.ok((hours[0]?.at ?? Infinity) <= from && from < (hours[0]?.endAt ?? 0));
          const total = countTicks(source.schedule, { after: from - 1, until: until - 1 });
          assert.equal(jobs[0]?.total, total);
        },
      ),
      { numRuns: 200, seed: 4 },
    );
  });
});

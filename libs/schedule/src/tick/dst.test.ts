import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DstOptions } from '../dst-policy.js';
import { parseSchedule } from '../parse-schedule.js';
import { ticksBetween } from './next-tick.js';

interface DstCase {
  readonly what: string;
  readonly zone: string;
  readonly text: string;
  readonly dst?: DstOptions;
  readonly after: string;
  readonly until: string;
  /** Instant, nominal wall time and what the change did, one tick a line. */
  readonly ticks: readonly string[];
}

/** Facts of the time zone database (2025c), worked out by hand. */
const CASES: readonly DstCase[] = [
  {
    what: 'a time in the gap runs once, at its end, under the time it is named by',
    zone: 'Europe/Berlin',
    text: '30 2 * * *',
    after: '2026-03-28T12:00:00Z',
    until: '2026-03-30T12:00:00Z',
    ticks: [
      '2026-03-29T01:00:00Z 2026-03-29T02:30:00 gap',
      '2026-03-30T00:30:00Z 2026-03-30T02:30:00 -',
    ],
  },
  {
    what: 'all times in one gap run together',
    zone: 'Europe/Berlin',
    text: '0,10,30,59 2 * * *',
    after: '2026-03-28T12:00:00Z',
    until: '2026-03-29T12:00:00Z',
    ticks: ['2026-03-29T01:00:00Z 2026-03-29T02:00:00 gap'],
  },
  {
    what: 'nothing is added at the end of the gap when the schedule is due there anyway',
    zone: 'Europe/Berlin',
    text: '0,30 2,3 * * *',
    after: '2026-03-28T12:00:00Z',
    until: '2026-03-29T12:00:00Z',
    ticks: [
      '2026-03-29T01:00:00Z 2026-03-29T03:00:00 -',
      '2026-03-29T01:30:00Z 2026-03-29T03:30:00 -',
    ],
  },
  {
    what: 'the first second of the gap is in it, its end is not',
    zone: 'Europe/Berlin',
    text: '0 2,3 * * *',
    after: '2026-03-28T12:00:00Z',
    until: '2026-03-29T12:00:00Z',
    ticks: ['2026-03-29T01:00:00Z 2026-03-29T03:00:00 -'],
  },
  {
    what: 'a repeated time runs the first time',
    zone: 'Europe/Berlin',
    text: '30 2 * * *',
    after: '2026-10-24T12:00:00Z',
    until: '2026-10-26T12:00:00Z',
    ticks: [
      '2026-10-25T00:30:00Z 2026-10-25T02:30:00 overlap_first',
      '2026-10-26T01:30:00Z 2026-10-26T02:30:00 -',
    ],
  },
  {
    what: 'at the edges of the repeated hour: 02:00 is in it, 03:00 is not',
    zone: 'Europe/Berlin',
    text: '0 2,3 * * *',
    after: '2026-10-24T12:00:00Z',
    until: '2026-10-25T12:00:00Z',
    ticks: [
      '2026-10-25T00:00:00Z 2026-10-25T02:00:00 overlap_first',
      '2026-10-25T02:00:00Z 2026-10-25T03:00:00 -',
    ],
  },
  {
    what: 'a rhythm goes on through the repeated hour',
    zone: 'Europe/Berlin',
    text: '*/30 * * * *',
    after: '2026-10-24T23:30:00Z',
    until: '2026-10-25T02:00:00Z',
    ticks: [
      '2026-10-25T00:00:00Z 2026-10-25T02:00:00 overlap_first',
      '2026-10-25T00:30:00Z 2026-10-25T02:30:00 overlap_first',
      '2026-10-25T01:00:00Z 2026-10-25T02:00:00 overlap_last',
      '2026-10-25T01:30:00Z 2026-10-25T02:30:00 overlap_last',
      '2026-10-25T02:00:00Z 2026-10-25T03:00:00 -',
    ],
  },
  {
    what: 'a rhythm is not disturbed by a gap',
    zone: 'Europe/Berlin',
    text: '@hourly',
    after: '2026-03-28T23:00:00Z',
    until: '2026-03-29T02:00:00Z',
    ticks: [
      '2026-03-29T00:00:00Z 2026-03-29T01:00:00 -',
      '2026-03-29T01:00:00Z 2026-03-29T03:00:00 -',
      '2026-03-29T02:00:00Z 2026-03-29T04:00:00 -',
    ],
  },
  {
    what: 'gap: skip leaves the day out',
    zone: 'Europe/Berlin',
    text: '30 2 * * *',
    dst: { gap: 'skip' },
    after: '2026-03-28T12:00:00Z',
    until: '2026-03-30T12:00:00Z',
    ticks: ['2026-03-30T00:30:00Z 2026-03-30T02:30:00 -'],
  },
  {
    what: 'overlap: last runs the second time',
    zone: 'Europe/Berlin',
    text: '30 2 * * *',
    dst: { overlap: 'last' },
    after: '2026-10-24T12:00:00Z',
    until: '2026-10-25T12:00:00Z',
    ticks: ['2026-10-25T01:30:00Z 2026-10-25T02:30:00 overlap_last'],
  },
  {
    what: 'overlap: both runs twice',
    zone: 'Europe/Berlin',
    text: '30 2 * * *',
    dst: { overlap: 'both' },
    after: '2026-10-24T12:00:00Z',
    until: '2026-10-25T12:00:00Z',
    ticks: [
      '2026-10-25T00:30:00Z 2026-10-25T02:30:00 overlap_first',
      '2026-10-25T01:30:00Z 2026-10-25T02:30:00 overlap_last',
    ],
  },
  {
    what: 'a rhythm of the gap alone can be told to run once',
    zone: 'Europe/Berlin',
    text: '*/10 2 * * *',
    dst: { gap: 'run_once' },
    after: '2026-03-28T12:00:00Z',
    until: '2026-03-29T12:00:00Z',
    ticks: ['2026-03-29T01:00:00Z 2026-03-29T02:00:00 gap'],
  },
  {
    what: 'New York, both nights of a year',
    zone: 'America/New_York',
    text: '30 1,2 8 3 *',
    after: '2026-01-01T00:00:00Z',
    until: '2026-12-31T00:00:00Z',
    ticks: [
      '2026-03-08T06:30:00Z 2026-03-08T01:30:00 -',
      '2026-03-08T07:00:00Z 2026-03-08T02:30:00 gap',
    ],
  },
  {
    what: 'New York, the repeated hour',
    zone: 'America/New_York',
    text: '30 1,2 1 11 *',
    after: '2026-01-01T00:00:00Z',
    until: '2026-12-31T00:00:00Z',
    ticks: [
      '2026-11-01T05:30:00Z 2026-11-01T01:30:00 overlap_first',
      '2026-11-01T07:30:00Z 2026-11-01T02:30:00 -',
    ],
  },
  {
    what: 'Lord Howe moves by half an hour: 02:15 is left out, 02:30 is the end of the gap',
    zone: 'Australia/Lord_Howe',
    text: '15,45 2 * * *',
    after: '2026-10-03T12:00:00Z',
    until: '2026-10-03T18:00:00Z',
    ticks: [
      '2026-10-03T15:30:00Z 2026-10-04T02:15:00 gap',
      '2026-10-03T15:45:00Z 2026-10-04T02:45:00 -',
    ],
  },
  {
    what: 'Lord Howe repeats 01:30 to 02:00',
    zone: 'Australia/Lord_Howe',
    text: '15,45 1 * * *',
    after: '2026-04-04T12:00:00Z',
    until: '2026-04-04T18:00:00Z',
    ticks: [
      '2026-04-04T14:15:00Z 2026-04-05T01:15:00 -',
      '2026-04-04T14:45:00Z 2026-04-05T01:45:00 overlap_first',
    ],
  },
  {
    what: 'Lord Howe, every half hour through the repeated half hour',
    zone: 'Australia/Lord_Howe',
    text: '*/30 * * * *',
    after: '2026-04-04T14:00:00Z',
    until: '2026-04-04T15:30:00Z',
    ticks: [
      '2026-04-04T14:30:00Z 2026-04-05T01:30:00 overlap_first',
      '2026-04-04T15:00:00Z 2026-04-05T01:30:00 overlap_last',
      '2026-04-04T15:30:00Z 2026-04-05T02:00:00 -',
    ],
  },
  {
    what: 'Casablanca leaves summer time for Ramadan and comes back',
    zone: 'Africa/Casablanca',
    text: '30 2 15,22 2,3 *',
    after: '2026-01-01T00:00:00Z',
    until: '2026-12-31T00:00:00Z',
    ticks: [
      '2026-02-15T01:30:00Z 2026-02-15T02:30:00 overlap_first',
      '2026-02-22T02:30:00Z 2026-02-22T02:30:00 -',
      '2026-03-15T02:30:00Z 2026-03-15T02:30:00 -',
      '2026-03-22T02:00:00Z 2026-03-22T02:30:00 gap',
    ],
  },
  {
    what: 'Troll moves by two hours',
    zone: 'Antarctica/Troll',
    text: '30 1,2 29,25 3,10 *',
    after: '2026-01-01T00:00:00Z',
    until: '2026-12-31T00:00:00Z',
    ticks: [
      '2026-03-25T01:30:00Z 2026-03-25T01:30:00 -',
      '2026-03-25T02:30:00Z 2026-03-25T02:30:00 -',
      '2026-03-29T01:00:00Z 2026-03-29T01:30:00 gap',
      '2026-10-24T23:30:00Z 2026-10-25T01:30:00 overlap_first',
      '2026-10-25T00:30:00Z 2026-10-25T02:30:00 overlap_first',
      '2026-10-29T01:30:00Z 2026-10-29T01:30:00 -',
      '2026-10-29T02:30:00Z 2026-10-29T02:30:00 -',
    ],
  },
  {
    what: 'in Santiago the day begins at one',
    zone: 'America/Santiago',
    text: '@daily',
    after: '2026-09-05T12:00:00Z',
    until: '2026-09-07T12:00:00Z',
    ticks: [
      '2026-09-06T04:00:00Z 2026-09-06T00:00:00 gap',
      '2026-09-07T03:00:00Z 2026-09-07T00:00:00 -',
    ],
  },
  {
    what: 'in Santiago the last hour of a day comes twice',
    zone: 'America/Santiago',
    text: '30 23 4 4 *',
    after: '2026-04-01T00:00:00Z',
    until: '2026-04-10T00:00:00Z',
    ticks: ['2026-04-05T02:30:00Z 2026-04-04T23:30:00 overlap_first'],
  },
  {
    what: 'in Beirut midnight is left out in spring',
    zone: 'Asia/Beirut',
    text: '0 0 * * *',
    after: '2026-03-28T12:00:00Z',
    until: '2026-03-29T22:00:00Z',
    ticks: [
      '2026-03-28T22:00:00Z 2026-03-29T00:00:00 gap',
      '2026-03-29T21:00:00Z 2026-03-30T00:00:00 -',
    ],
  },
  {
    what: 'in Beirut the last hour of a day comes twice in autumn, and midnight once',
    zone: 'Asia/Beirut',
    text: '0,30 0,23 * * *',
    after: '2026-10-24T12:00:00Z',
    until: '2026-10-24T23:00:00Z',
    ticks: [
      '2026-10-24T20:00:00Z 2026-10-24T23:00:00 overlap_first',
      '2026-10-24T20:30:00Z 2026-10-24T23:30:00 overlap_first',
      '2026-10-24T22:00:00Z 2026-10-25T00:00:00 -',
      '2026-10-24T22:30:00Z 2026-10-25T00:30:00 -',
    ],
  },
  {
    what: 'Lord Howe can be told to run at the second of two equal times',
    zone: 'Australia/Lord_Howe',
    text: '45 1 * * *',
    dst: { overlap: 'last' },
    after: '2026-04-04T12:00:00Z',
    until: '2026-04-04T18:00:00Z',
    ticks: ['2026-04-04T15:15:00Z 2026-04-05T01:45:00 overlap_last'],
  },
  {
    what: 'Casablanca keeps a rhythm through the night on which it leaves summer time for Ramadan',
    zone: 'Africa/Casablanca',
    text: '0 */1 * * *',
    after: '2026-02-15T00:00:00Z',
    until: '2026-02-15T04:00:00Z',
    ticks: [
      '2026-02-15T01:00:00Z 2026-02-15T02:00:00 overlap_first',
      '2026-02-15T02:00:00Z 2026-02-15T02:00:00 overlap_last',
      '2026-02-15T03:00:00Z 2026-02-15T03:00:00 -',
      '2026-02-15T04:00:00Z 2026-02-15T04:00:00 -',
    ],
  },
  {
    what: 'Apia left out a whole day, whose noon runs at its end',
    zone: 'Pacific/Apia',
    text: '0 12 * * *',
    after: '2011-12-29T00:00:00Z',
    until: '2011-12-31T12:00:00Z',
    ticks: [
      '2011-12-29T22:00:00Z 2011-12-29T12:00:00 -',
      '2011-12-30T10:00:00Z 2011-12-30T12:00:00 gap',
      '2011-12-30T22:00:00Z 2011-12-31T12:00:00 -',
    ],
  },
  {
    what: 'Apia: midnight of the day left out is not run beside the midnight after it',
    zone: 'Pacific/Apia',
    text: '0 0 * * *',
    after: '2011-12-29T00:00:00Z',
    until: '2011-12-31T12:00:00Z',
    ticks: [
      '2011-12-29T10:00:00Z 2011-12-29T00:00:00 -',
      '2011-12-30T10:00:00Z 2011-12-31T00:00:00 -',
      '2011-12-31T10:00:00Z 2012-01-01T00:00:00 -',
    ],
  },
  {
    what: 'Apia: a job of that date alone still runs',
    zone: 'Pacific/Apia',
    text: '0 12 30 12 *',
    after: '2011-01-01T00:00:00Z',
    until: '2012-12-31T00:00:00Z',
    ticks: [
      '2011-12-30T10:00:00Z 2011-12-30T12:00:00 gap',
      '2012-12-29T22:00:00Z 2012-12-30T12:00:00 -',
    ],
  },
  {
    what: 'Kiritimati left out the last day of 1994',
    zone: 'Pacific/Kiritimati',
    text: '0 9 31 12 *',
    after: '1994-06-01T00:00:00Z',
    until: '1996-06-01T00:00:00Z',
    ticks: [
      '1994-12-31T10:00:00Z 1994-12-31T09:00:00 gap',
      '1995-12-30T19:00:00Z 1995-12-31T09:00:00 -',
    ],
  },
  {
    what: 'Chatham changes at a quarter to three',
    zone: 'Pacific/Chatham',
    text: '0 3 * * *',
    after: '2026-09-26T00:00:00Z',
    until: '2026-09-27T14:00:00Z',
    ticks: [
      '2026-09-26T14:00:00Z 2026-09-27T03:00:00 gap',
      '2026-09-27T13:15:00Z 2026-09-28T03:00:00 -',
    ],
  },
  {
    what: 'Monrovia moved by 44 minutes and 30 seconds',
    zone: 'Africa/Monrovia',
    text: '30 0 * * *',
    after: '1972-01-06T12:00:00Z',
    until: '1972-01-08T12:00:00Z',
    ticks: [
      '1972-01-07T00:44:30Z 1972-01-07T00:30:00 gap',
      '1972-01-08T00:30:00Z 1972-01-08T00:30:00 -',
    ],
  },
  {
    what: '@every knows no clocks',
    zone: 'Europe/Berlin',
    text: '@every 45m',
    after: '2026-10-25T00:00:00Z',
    until: '2026-10-25T01:30:00Z',
    ticks: [
      '2026-10-25T00:45:00Z 2026-10-25T02:45:00 -',
      '2026-10-25T01:30:00Z 2026-10-25T02:30:00 -',
    ],
  },
];

for (const { what, zone, text, dst, after, until, ticks } of CASES) {
  test(`"${text}" in ${zone}: ${what}`, () => {
    const parsed = parseSchedule(text, { zone, jobId: 'job', dst: dst ?? {} });
    assert.ok(parsed.ok);
    const found = ticksBetween(parsed.schedule, {
      after: Date.parse(after),
      until: Date.parse(until),
      limit: 50,
    });
    assert.deepEqual(
      found.map(
        (tick) =>
          `${new Date(tick.at).toISOString().replace('.000', '')} ${tick.wall} ${tick.adjusted ?? '-'}`,
      ),
      ticks,
    );
  });
}

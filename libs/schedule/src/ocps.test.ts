/**
 * What the Open Cron Pattern Specification asks for, version by version, as facts: a pattern, and what it comes to. Where
 * we depart from it, the row says so; docs/reference/schedules.md lists the same.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseSchedule } from './parse-schedule.js';
import { ticksBetween } from './tick/next-tick.js';

type Vector =
  /** The next ticks after 2026-01-01T00:00:00Z in UTC, without what is the same for all of them. */
  | readonly [text: string, kind: 'ticks', ticks: string]
  | readonly [text: string, kind: 'same as', other: string]
  | readonly [text: string, kind: 'refused']
  /** The specification has it otherwise. */
  | readonly [text: string, kind: 'refused, departing', says: RegExp];

const VERSIONS: Readonly<Record<string, readonly Vector[]>> = {
  '1.0, format: five fields, blanks around and between them do not count': [
    ['15 10 1 10 *', 'ticks', '2026-10-01T10:15'],
    ['  15\t10   1 10 *  ', 'same as', '15 10 1 10 *'],
    ['* * * *', 'refused'],
    ['', 'refused'],
    ['15 10 1 10 * * * *', 'refused'],
    ['1;2 * * * *', 'refused'],
    ['15 10 1 10 $', 'refused'],
    ['5.5 * * * *', 'refused'],
  ],
  '1.0, values: the ends of each field, names in any case, two Sundays': [
    ['0 0 1 1 *', 'ticks', '2027-01-01T00:00'],
    ['59 23 31 12 *', 'ticks', '2026-12-31T23:59'],
    ['0 0 * * 0', 'ticks', '2026-01-04T00:00 2026-01-11T00:00'],
    ['0 0 * * 7', 'same as', '0 0 * * 0'],
    ['0 0 * * sun', 'same as', '0 0 * * 0'],
    ['0 0 * * SaT', 'same as', '0 0 * * 6'],
    ['0 0 1 JAN *', 'same as', '0 0 1 1 *'],
    ['0 0 1 dec *', 'same as', '0 0 1 12 *'],
    ['60 * * * *', 'refused'],
    ['* 24 * * *', 'refused'],
    ['* * 0 * *', 'refused'],
    ['* * 32 * *', 'refused'],
    ['* * * 0 *', 'refused'],
    ['* * * 13 *', 'refused'],
    ['* * * * 8', 'refused'],
    ['* * * JANUARY *', 'refused'],
    ['-1 * * * *', 'refused'],
  ],
  '1.0, special characters: list, range, step, and all of them together': [
    ['0,15,30,45 0 * * *', 'ticks', '2026-01-01T00:15 2026-01-01T00:30 2026-01-01T00:45'],
    ['0 9-11 * * *', 'ticks', '2026-01-01T09:00 2026-01-01T10:00 2026-01-01T11:00'],
    ['5-59/15 0 * * *', 'same as', '5,20,35,50 0 * * *'],
    ['*/20 * * * *', 'same as', '0,20,40 * * * *'],
    ['10-20/3,*/30 * * * *', 'same as', '0,10,13,16,19,30 * * * *'],
    ['*/15 0-4,8-12 * JAN-MAR,DEC MON-FRI', 'same as', '0,15,30,45 0-4,8-12 * 1-3,12 1-5'],
    ['0 0 * * 0-7', 'same as', '0 0 * * *'],
    ['5,5,5 * * * *', 'same as', '5 * * * *'],
    ['5/15 * * * *', 'refused'],
    ['1,,2 * * * *', 'refused'],
    ['1-2-3 * * * *', 'refused'],
  ],
  '1.0, semantics: days are OR, what makes no sense is an error': [
    ['0 12 1 * MON', 'ticks', '2026-01-01T12:00 2026-01-05T12:00 2026-01-12T12:00'],
    ['0 12 1 * *', 'ticks', '2026-01-01T12:00 2026-02-01T12:00'],
    ['0 12 * * MON', 'ticks', '2026-01-05T12:00 2026-01-12T12:00'],
    ['30-10 * * * *', 'refused'],
    ['* * * * FRI-MON', 'refused'],
    ['*/0 * * * *', 'refused'],
    ['0-30/0 * * * *', 'refused'],
    // The specification: no mistake of syntax, but an error when the next time is asked for. Here that is at load.
    ['* * 31 2 *', 'refused, departing', /never fires/],
  ],
  '1.1, nicknames, in any case': [
    ['@yearly', 'same as', '0 0 1 1 *'],
    ['@annually', 'same as', '0 0 1 1 *'],
    ['@monthly', 'same as', '0 0 1 * *'],
    ['@weekly', 'same as', '0 0 * * 0'],
    ['@daily', 'same as', '0 0 * * *'],
    ['@midnight', 'same as', '0 0 * * *'],
    ['@hourly', 'same as', '0 * * * *'],
    ['@Daily', 'same as', '@daily'],
    ['@HOURLY', 'same as', '@hourly'],
    // It may be refused where there is no start-up, with a message that says so.
    ['@reboot', 'refused, departing', /@reboot is not supported/],
  ],
  '1.2, seconds in front, and a year behind': [
    ['30 0 0 * * *', 'ticks', '2026-01-01T00:00:30 2026-01-02T00:00:30'],
    ['*/20 0 0 * * *', 'ticks', '2026-01-01T00:00:20 2026-01-01T00:00:40 2026-01-02T00:00'],
    ['0 0 12 * * *', 'same as', '0 12 * * *'],
    ['@daily', 'same as', '0 0 0 * * *'],
    ['60 0 0 * * *', 'refused'],
    // The specification has a seventh field for the year.
    ['0 0 0 1 1 * 2026', 'refused, departing', /a year cannot be named/],
  ],
  '1.3, L, # and W': [
    ['0 0 L * *', 'ticks', '2026-01-31T00:00 2026-02-28T00:00 2026-03-31T00:00'],
    ['0 0 * * 5L', 'ticks', '2026-01-30T00:00 2026-02-27T00:00'],
    ['0 0 * * FRI#L', 'same as', '0 0 * * 5L'],
    ['0 0 * * 5#L', 'same as', '0 0 * * 5L'],
    ['0 0 * * 2#3', 'ticks', '2026-01-20T00:00 2026-02-17T00:00'],
    ['0 0 * * MON#1', 'ticks', '2026-01-05T00:00 2026-02-02T00:00'],
    ['0 0 * * 7#1', 'same as', '0 0 * * 0#1'],
    ['0 0 * * MON#6', 'refused'],
    ['0 0 * * MON#0', 'refused'],
    // A working day, a Sunday, and (in August) a Saturday.
    ['0 12 15W 1,2,8 *', 'ticks', '2026-01-15T12:00 2026-02-16T12:00 2026-08-14T12:00'],
    ['0 0 1-15W * *', 'refused'],
    ['0 0 1,15W * *', 'refused'],
    ['0 0 * * 1W', 'refused'],
    ['L * * * *', 'refused'],
    ['0 W * * *', 'refused'],
    ['0 0 * 5# *', 'refused'],
  ],
  '1.4, + is AND for the days, ? is another *': [
    ['0 12 1 * +MON', 'ticks', '2026-06-01T12:00 2027-02-01T12:00'],
    ['0 12 1 * MON', 'ticks', '2026-01-01T12:00 2026-01-05T12:00'],
    ['0 12 * * +MON', 'same as', '0 12 * * MON'],
    ['0 12 +1 * MON', 'refused'],
    ['+0 12 1 * MON', 'refused'],
    ['0 12 1 +1 MON', 'refused'],
    ['0 12 1 * MON+', 'refused'],
    ['0 12 1 * MON,+TUE', 'refused'],
    ['0 0 ? * MON', 'same as', '0 0 * * MON'],
    ['0 0 1 * ?', 'same as', '0 0 1 * *'],
    ['? 0 * * *', 'refused'],
    ['0 ? * * *', 'refused'],
    ['0 0 * ? *', 'refused'],
  ],
};

/** The next ticks in a zone that knows no changes of the clocks. */
function ticksOf(text: string, limit: number): readonly string[] {
  const parsed = parseSchedule(text, { zone: 'UTC', jobId: 'job' });
  assert.ok(parsed.ok, `"${text}" should be read`);
  const range = { after: Date.UTC(2026, 0, 1), until: Date.UTC(2036, 0, 1), limit };
  return ticksBetween(parsed.schedule, range).map(({ wall }) => wall.replace(/:00$/, ''));
}

function judge([text, kind, third]: Vector): void {
  switch (kind) {
    case 'ticks': {
      const expected = third.split(' ');
      assert.deepEqual(ticksOf(text, expected.length), expected);
      return;
    }
    case 'same as':
      assert.deepEqual(ticksOf(text, 200), ticksOf(third, 200));
      return;
    case 'refused':
    case 'refused, departing': {
      const parsed = parseSchedule(text, { zone: 'UTC', jobId: 'job' });
      assert.ok(!parsed.ok, `"${text}" should be refused`);
      if (third !== undefined) assert.match(parsed.problems[0]?.message ?? '', third);
      return;
    }
    default:
      kind satisfies never;
  }
}

for (const [version, vectors] of Object.entries(VERSIONS)) {
  suite(`Open Cron Pattern Specification ${version}`, () => {
    for (const vector of vectors) {
      const [text, kind, third] = vector;
      test(`"${text}": ${kind}${third === undefined ? '' : ` ${String(third)}`}`, () => {
        judge(vector);
      });
    }
  });
}

// Version 1.4 recommends skipping a time that falls into a gap. Here it runs once, at the end of the gap, and `gap: skip`
// gives what is recommended; a repeated time runs the first time, as is recommended.
test('changes of the clocks: dst.gap is the one default that is not what version 1.4 recommends', () => {
  const range = { after: Date.UTC(2026, 2, 28, 12), until: Date.UTC(2026, 2, 29, 12), limit: 9 };
  const read = (dst: { gap?: 'skip' }): number => {
    const parsed = parseSchedule('30 2 * * *', { zone: 'Europe/Berlin', jobId: 'job', dst });
    assert.ok(parsed.ok);
    return ticksBetween(parsed.schedule, range).length;
  };
  assert.deepEqual([read({}), read({ gap: 'skip' })], [1, 0]);
});

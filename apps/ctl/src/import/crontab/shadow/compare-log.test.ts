import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { carryCrontabs } from '../carry-crontab.js';
import type { CarriedJob } from '../carried-job.js';
import { cronMinutes } from '../cron-oracle.fixture.js';
import { randomTimes, seededRandom } from '../random-crontab.fixture.js';
import { readCrontab, type CrontabFormat } from '../read-crontab.js';
import { compareLog, type ShadowReport, type Span } from './compare-log.js';
import { readCronLog } from './read-cron-log.js';
import { spanOf } from './span-of.js';

const USER: CrontabFormat = { kind: 'user', user: null };
const DAY = { from: Date.UTC(2027, 4, 3), until: Date.UTC(2027, 4, 4) };

function jobsOf(text: string, format: CrontabFormat = USER): readonly CarriedJob[] {
  const { files, problems } = carryCrontabs([readCrontab({ path: 'c', text, format })], {
    zone: 'UTC',
    node: null,
    workerUser: null,
  });
  assert.deepEqual(problems, []);
  return files.map(({ job }) => job);
}

/** A line of cron, a second and a bit after an instant. */
function started(at: number, command: string, user = 'ann'): string {
  const stamp = new Date(at + 1_000).toISOString().replace('Z', '+00:00');
  return `${stamp} cube1 CRON[42]: (${user}) CMD (${command})`;
}

function compare(
  jobs: readonly CarriedJob[],
  lines: readonly string[],
  span: Span = DAY,
): ShadowReport {
  const log = readCronLog(lines.join('\n'), { zone: 'UTC', latestAt: span.until });
  return compareLog(jobs, log, span);
}

suite("our ticks against cron's log", () => {
  test('agree with what cron would have logged for lines of a seeded generator, and not when it did otherwise', () => {
    const random = seededRandom(99);
    const month = { from: Date.UTC(2027, 1, 1), until: Date.UTC(2027, 2, 1) };
    let matched = 0;
    for (let count = 0; count < 25; count++) {
      const times = randomTimes(random);
      const minutes = cronMinutes(times, month).filter((_, index) => index < 3_000);
      const span = { ...month, until: (minutes[2_999] ?? month.until - 60_000) + 60_000 };
      const lines = minutes.map((at) => started(at, 'true'));
      const [row] = compare(jobsOf(`${times} true`), lines, span).rows;
      assert.deepEqual(
        [row?.matched, row?.missingInCron, row?.missingInOurs],
        [minutes.length, [], []],
        times,
      );
      matched += minutes.length;
      const [lost] = minutes;
      if (lost === undefined) continue;
      const [less] = compare(jobsOf(`${times} true`), lines.slice(1), span).rows;
      assert.deepEqual([less?.missingInCron, less?.missingInOurs], [[lost], []], times);
    }
    assert.ok(matched > 1_000, `${matched} ticks`);
  });

  test('what cron started beside them is missing in ours, also when it started one twice', () => {
    const at = DAY.from + 3_600_000;
    const lines = [started(at, 'a'), started(at, 'a'), started(at + 60_000, 'a')];
    const [row] = compare(jobsOf('0 1 * * * a'), lines).rows;
    assert.deepEqual([row?.matched, row?.missingInOurs], [1, [at, at + 60_000]]);
  });

  test('are told apart by user and command, blanks, tabs, percent and all', () => {
    const jobs = jobsOf(
      ['0 1 * * * ann   a  b', '0 1 * * * bob a b', "0 1 * * * ann echo 'ä\t'%x"].join('\n'),
      { kind: 'system' },
    );
    const at = DAY.from + 3_600_000;
    const lines = [
      started(at, '  a  b', 'ann'),
      started(at, '[4711] a b', 'bob'),
      started(at, "echo '\\303\\244^I'", 'ann'),
      started(at, 'a b', 'eve'),
    ];
    const report = compare(jobs, lines);
    assert.deepEqual(
      report.rows.map(({ matched, missingInCron }) => [matched, missingInCron.length]),
      [
        [1, 0],
        [1, 0],
        [1, 0],
      ],
    );
    assert.deepEqual([...report.others], [['a b', 1]]);
  });

  test('lines that the log cannot tell apart are compared together', () => {
    const [row] = compare(jobsOf('0 1 * * * a\n0 1,2 * * * a'), [
      started(DAY.from + 3_600_000, 'a'),
      started(DAY.from + 3_600_000, 'a'),
      started(DAY.from + 7_200_000, 'a'),
    ]).rows;
    assert.deepEqual([row?.ids, row?.matched, row?.missingInCron], [['a', 'a-2'], 3, []]);
  });

  test('what has no time is left out, and what is outside the time asked for is not looked at', () => {
    const jobs = jobsOf('@reboot b\n~ * * * * c\n0 0 30 2 * d\n-0 2 * * * e\n0 1 * * * a');
    const report = compare(jobs, [started(DAY.from - 60_000, 'a'), started(DAY.until, 'a')]);
    assert.deepEqual(report.leftOut, ['b', 'c', 'd', 'e']);
    assert.deepEqual(
      report.rows.map(({ matched, missingInCron, missingInOurs }) => [
        matched,
        missingInCron.length,
        missingInOurs.length,
      ]),
      [[0, 1, 0]],
    );
    assert.equal(report.coverage, 'whole');
    assert.equal(compare(jobs, [started(DAY.from, 'a')]).coverage, 'part');
  });
});

suite("cron's log", () => {
  const read = (text: string, zone: string, latest = '2027-05-03T12:00:00Z'): string[] =>
    readCronLog(text, { zone, latestAt: Date.parse(latest) }).commands.map(({ at }) =>
      new Date(at).toISOString().replace('.000Z', 'Z'),
    );
  const line = (stamp: string): string => `${stamp} cube1 CRON[1]: (root) CMD (true)`;

  test('is read in each form of time that a journal or a syslog has', () => {
    for (const stamp of [
      '2027-05-03T09:17:01+0200',
      '2027-05-03T09:17:01+02:00',
      '2027-05-03T09:17:01.654321+02:00',
      '2027-05-03T07:17:01Z',
      '2027-05-03 09:17:01',
      'May  3 09:17:01',
      '<78>May  3 09:17:01',
    ]) {
      const [at = ''] = read(line(stamp), 'Europe/Berlin');
      assert.equal(at.slice(0, 19), '2027-05-03T07:17:01', stamp);
    }
  });

  test('without a year is of the last one in which it is not in the future, whatever year began meanwhile', () => {
    const text = [line('Dec 31 23:59:01'), line('Jan  1 00:00:01'), line('Feb 29 01:00:01')];
    assert.deepEqual(read(text.join('\n'), 'UTC', '2027-01-02T00:00:00Z'), [
      '2026-12-31T23:59:01Z',
      '2027-01-01T00:00:01Z',
      '2024-02-29T01:00:01Z',
    ]);
  });

  test('without a zone is of the machine, and an hour that comes twice is read in its order', () => {
    const night = ['Oct 31 02:30:01', 'Oct 31 02:59:01', 'Oct 31 02:30:01', 'Oct 31 03:00:01'];
    assert.deepEqual(read(night.map(line).join('\n'), 'Europe/Berlin', '2027-11-01T00:00:00Z'), [
      '2027-10-31T00:30:01Z',
      '2027-10-31T00:59:01Z',
      '2027-10-31T01:30:01Z',
      '2027-10-31T02:00:01Z',
    ]);
  });

  test('is read of Debian, cronie and SUSE, and nothing else in it is taken for a start', () => {
    const text = [
      '-- Journal begins at Mon 2027-05-03 --',
      'May  3 09:00:01 h CRON[1]: (root) CMD (a)',
      'May  3 09:00:01 h crond[1]: (root) CMD (b (c))',
      'May  3 09:00:01 h /usr/sbin/cron[1]: (root) CMD (d)',
      'May  3 09:00:02 h CRON[1]: pam_unix(cron:session): session opened for user root',
      'May  3 09:00:02 h crond[1]: (root) CMDEND (b)',
      'May  3 09:00:02 h cron[1]: (root) RELOAD (crontabs/root)',
      'May  3 09:00:03 h sshd[1]: (root) CMD (no)',
      'Feb 31 09:00:03 h CRON[1]: (root) CMD (no)',
    ].join('\n');
    const log = readCronLog(text, { zone: 'UTC', latestAt: Date.UTC(2027, 5, 1) });
    assert.deepEqual(
      log.commands.map(({ command }) => command),
      ['a', 'b (c)', 'd'],
    );
  });

  test('is compared for its whole minutes unless a time is asked for', () => {
    const text = [line('2027-05-03T06:25:41Z'), line('2027-05-03T09:00:01Z')].join('\n');
    const log = readCronLog(text, { zone: 'UTC', latestAt: 0 });
    const minute = (time: string): number => Date.parse(`2027-05-03T${time}Z`);
    const none = { since: undefined, until: undefined };
    assert.deepEqual(spanOf(log, none), { from: minute('06:26:00'), until: minute('09:00:00') });
    assert.deepEqual(spanOf(log, { since: 1, until: 2 }), { from: 1, until: 2 });
    assert.equal(spanOf(log, { since: 2, until: 2 }), null);
    assert.equal(spanOf(readCronLog('', { zone: 'UTC', latestAt: 0 }), none), null);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ClockTerm,
  DAY,
  HOUR,
  HOURLY,
  MINUTE,
  scheduleOf,
  SECOND,
  START,
} from './clock-term.fixture.js';
import { HandClock } from './hand-clock.fixture.js';

const JUMPED_A_DAY = 'the clock stepped forward by 1d to 2027-01-11T12:30:00.000Z';

test('P1 a jump of a day forward that nobody confirms decides nothing; when the clock is back, the hour that was missed is caught up', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  clock.pass(30 * SECOND);
  assert.deepEqual(await term.decided(1), ['12:00:00 run']);
  clock.pass(29 * MINUTE + 59 * SECOND);
  clock.step(DAY);
  clock.pass(MINUTE);
  assert.ok((await term.untilHeld()).startsWith('the clock stepped forward by 1d to '));
  await term.passMinutes(40);
  assert.deepEqual((await term.lines()).length, 1, 'not even 13:00 was decided meanwhile');
  clock.step(-DAY);
  clock.pass(5 * SECOND);
  await term.untilTrusted();
  clock.pass(SECOND);
  assert.deepEqual(await term.decided(2), [
    '12:00:00 run',
    '13:00:00 run: caught up 11m4s after it was due, as catchup is latest',
  ]);
  await term.passMinutes(49);
  assert.deepEqual((await term.decided(3)).slice(2), ['14:00:00 run']);
});

test('that test can fail: a leader that does not judge its clock fires what is due tomorrow', async () => {
  const clock = new HandClock(START);
  clock.isBlind = true;
  await using term = await ClockTerm.open(HOURLY, clock);
  clock.pass(30 * SECOND);
  await term.decided(1);
  clock.pass(30 * MINUTE);
  clock.step(DAY);
  clock.pass(MINUTE);
  const lines = await term.decided(25);
  assert.equal(
    lines.at(-1),
    '+1d 12:00:00 run: caught up 31m after it was due, as catchup is latest',
  );
});

test('a jump of a day forward that a time server confirms is time that passed: all of its ticks are decided as after an outage', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  clock.pass(30 * SECOND);
  await term.decided(1);
  clock.pass(30 * MINUTE);
  clock.step(DAY);
  clock.ntp = 'synchronised';
  clock.pass(MINUTE);
  await term.untilTrusted();
  clock.pass(SECOND);
  const newest = 'catchup is latest, so only the newest, 2027-01-11T12:00:00 UTC, may run';
  const missed = (day: string, hour: number, late: string): string =>
    `${day}${String(hour).padStart(2, '0')}:00:00 missed_catchup: decided ${late} after it was due; ${newest}`;
  const today = Array.from({ length: 11 }, (_, index) =>
    missed('', 13 + index, index === 0 ? '23h31m' : `${23 - index}h31m`),
  );
  const tomorrow = Array.from({ length: 12 }, (_, hour) =>
    missed('+1d ', hour, `${12 - hour}h31m`),
  );
  const lines = await term.decided(25);
  assert.deepEqual(
    lines.map((line) => line.replace(/(\dm)\ds/g, '$1')),
    [
      '12:00:00 run',
      ...today,
      ...tomorrow,
      '+1d 12:00:00 run: caught up 31m after it was due, as catchup is latest',
    ],
  );
});

test('an hour back repeats nothing, holds nothing, and the next tick comes when the clock tells its time', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  clock.pass(30 * SECOND);
  await term.decided(1);
  await term.passMinutes(30);
  clock.step(-HOUR);
  await term.passMinutes(89);
  assert.equal(term.watch.isHeld, false);
  assert.deepEqual(await term.lines(), ['12:00:00 run']);
  await term.passMinutes(1);
  assert.deepEqual(await term.decided(2), ['12:00:00 run', '13:00:00 run']);
});

test('an hour back and forward again is a clock that returned: nobody is asked', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  clock.pass(30 * SECOND);
  await term.decided(1);
  clock.step(-HOUR);
  await term.passMinutes(10);
  clock.step(HOUR);
  await term.passMinutes(50);
  assert.deepEqual(await term.decided(2), ['12:00:00 run', '13:00:00 run']);
});

test('a strobe of two seconds, forty times a minute for three minutes: each tick of every ten seconds is decided once, none is left out', async () => {
  await using term = await ClockTerm.open({ schedules: [scheduleOf('*/10 * * * * *')] });
  const { clock } = term;
  for (let step = 0; step < 120; step += 1) {
    clock.step(step % 2 === 0 ? 2 * SECOND : -2 * SECOND);
    clock.pass(1_500);
    await term.settled();
    assert.equal(term.watch.isHeld, false);
  }
  const expected = Array.from(
    { length: 18 },
    (_, index) => `${new Date(START + (index + 1) * 10 * SECOND).toISOString().slice(11, 19)} run`,
  );
  assert.deepEqual(await term.decided(18), expected);
});

test('eight hours of suspend are time that passed: the ticks are decided as after an outage', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  clock.pass(30 * SECOND);
  await term.decided(1);
  clock.pass(30 * MINUTE);
  clock.suspend(8 * HOUR);
  await term.passMinutes(1);
  assert.equal(term.watch.isHeld, false);
  const newest = 'catchup is latest, so only the newest, 2027-01-10T20:00:00 UTC, may run';
  assert.deepEqual(await term.decided(9), [
    '12:00:00 run',
    ...[13, 14, 15, 16, 17, 18, 19].map(
      (hour) =>
        `${hour}:00:00 missed_catchup: decided ${20 - hour}h31m after it was due; ${newest}`,
    ),
    '20:00:00 run: caught up 31m after it was due, as catchup is latest',
  ]);
});

test('a day too many after suspend is held all the same', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  clock.pass(MINUTE);
  await term.decided(1);
  clock.suspend(8 * HOUR);
  clock.step(DAY);
  clock.pass(MINUTE);
  assert.ok((await term.untilHeld()).includes('stepped forward by 1d to'));
  assert.equal((await term.lines()).length, 1);
});

test('a hold ends when a person accepts the clock, and only a held clock is accepted', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  const { watch } = term;
  assert.throws(() => watch.accept('tester'), { code: 'CONFLICT' });
  clock.pass(30 * MINUTE + 30 * SECOND);
  clock.step(DAY);
  clock.pass(MINUTE);
  assert.ok((await term.untilHeld()).startsWith(JUMPED_A_DAY.slice(0, 40)));
  const before = watch.now();
  watch.accept('tester');
  assert.equal(watch.now() - before, DAY, 'while it was held, time went on as it should have');
  await term.untilTrusted();
  clock.pass(SECOND);
  const lines = await term.decided(25);
  assert.match(String(lines.at(-1)), /^\+1d 12:00:00 run: caught up 31m/);
});

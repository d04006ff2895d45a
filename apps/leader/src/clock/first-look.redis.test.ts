import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '@petit/testkit';
import { ClockTerm, DAY, HOUR, HOURLY, MINUTE, SECOND, START } from './clock-term.fixture.js';
import type { HandWorker } from '../term/hand-worker.fixture.js';
import { HandClock } from './hand-clock.fixture.js';

/** A term that has decided the tick of noon, and whose leader is gone then. */
async function afterNoon(): Promise<ClockTerm> {
  const term = await ClockTerm.open();
  term.clock.pass(30 * SECOND);
  await term.decided(1);
  await term.fixture.term[Symbol.asyncDispose]();
  return term;
}

test('other boards that went on as ours should have hold a step, though a time server confirms it; a board that goes along ends it', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  clock.pass(30 * SECOND);
  await term.decided(1);
  const cube2 = await term.otherBoard('cube2');
  clock.pass(10 * MINUTE);
  await term.hear(cube2);
  clock.step(DAY);
  clock.ntp = 'synchronised';
  clock.pass(MINUTE);
  assert.match(await term.untilHeld(), /by cube2 it is 2027-01-10T12:1/);
  cube2.now = () => clock.now();
  await term.hear(cube2);
  clock.pass(5 * SECOND);
  await term.untilTrusted();
  assert.equal((await term.lines()).length, 1);
});

test('another board that tells the same time confirms a step, and the clock of Redis does only from another board', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  clock.pass(MINUTE);
  clock.step(DAY);
  clock.pass(MINUTE);
  assert.match(await term.untilHeld(), /no other board confirms it/);
  const cube2 = await term.otherBoard('cube2');
  cube2.now = () => clock.now();
  await term.hear(cube2);
  clock.pass(5 * SECOND);
  await term.untilTrusted();
});

test('Redis on another board holds a step that it has not made', async () => {
  await using term = await ClockTerm.open();
  const { clock } = term;
  clock.putRedisElsewhere();
  clock.pass(MINUTE);
  clock.step(DAY);
  clock.ntp = 'synchronised';
  clock.pass(MINUTE);
  assert.match(await term.untilHeld(), /by redis it is 2027-01-10T12:0/);
});

test('a leader whose board was not told the time holds from the start, loads no new jobs, and goes on once a time server has set it', async () => {
  await using term = await afterNoon();
  const { clock, fixture } = term;
  clock.reboot('boot-2', 2 * HOUR);
  clock.step(-20 * DAY);
  await fixture.lead('leader-b');
  assert.match(await term.untilHeld(), /19d21h before a leader/);
  await term.passMinutes(90);
  assert.deepEqual(await term.lines(), ['12:00:00 run']);
  clock.step(20 * DAY);
  clock.ntp = 'synchronised';
  clock.pass(5 * SECOND);
  await term.untilTrusted();
  clock.pass(SECOND);
  const lines = await term.decided(4);
  assert.deepEqual(
    lines.map((line) => line.split(':', 3).join(':')),
    ['12:00:00 run', '13:00:00 missed_catchup', '14:00:00 missed_catchup', '15:00:00 run'],
  );
});

test('a clock that is before the date of this version holds whatever a time server says', async () => {
  const clock = new HandClock(12 * SECOND);
  clock.ntp = 'synchronised';
  await using term = await ClockTerm.open(HOURLY, clock);
  assert.match(await term.untilHeld(), /1970-01-01T00:00:12.000Z, and this version/);
  assert.equal(term.fixture.term.directoryWaits, true);
  assert.deepEqual([...term.fixture.term.jobs.ticker.all()], []);
  clock.step(START);
  clock.pass(5 * SECOND);
  await term.untilTrusted();
});

test('a step while no leader ran is seen by the next one on the same machine', async () => {
  await using term = await afterNoon();
  const { clock, fixture } = term;
  clock.pass(30 * MINUTE);
  clock.step(DAY);
  await fixture.lead('leader-b');
  assert.match(await term.untilHeld(), /stepped forward by 1d to/);
  assert.deepEqual(await term.lines(), ['12:00:00 run']);
});

test('an outage of a day is not a step: the next leader on the same machine catches up', async () => {
  await using term = await afterNoon();
  term.clock.pass(DAY + 30 * MINUTE);
  await term.fixture.lead('leader-b');
  assert.equal(term.watch.isHeld, false);
  term.clock.pass(SECOND);
  assert.match(String((await term.decided(25)).at(-1)), /^\+1d 12:00:00 run: caught up 30m/);
});

test('what was held dies with its leader: what a person accepted is what the next one begins with', async () => {
  await using term = await ClockTerm.open();
  const { clock, fixture } = term;
  clock.pass(MINUTE);
  clock.step(DAY);
  clock.pass(MINUTE);
  await term.untilHeld();
  term.watch.accept('tester');
  await waitFor(
    async () => (await fixture.term.context.stores.clock.read()).note?.wallAt === clock.now(),
    { what: 'the accepted clock to be stored' },
  );
  await fixture.term[Symbol.asyncDispose]();
  await fixture.lead('leader-b');
  assert.equal(term.watch.isHeld, false);
});

/** A term with another board, whose leader is gone; the next one is on another machine, a day ahead. */
async function onAnotherMachine(): Promise<{ term: ClockTerm; cube2: HandWorker }> {
  const term = await ClockTerm.open();
  const cube2 = await term.otherBoard('cube2');
  await term.fixture.term[Symbol.asyncDispose]();
  term.clock.reboot('boot-2', MINUTE);
  term.clock.step(DAY);
  return { term, cube2 };
}

test('a leader on another machine that is not synchronised hears the other boards before it decides anything', async () => {
  const { term, cube2 } = await onAnotherMachine();
  await using closing = term;
  await term.fixture.lead('leader-b');
  assert.equal(term.watch.isHeld, true, 'it waits for their clocks');
  assert.equal(term.watch.hold, null, 'and has nothing against its own yet');
  await term.hear(cube2);
  closing.clock.pass(SECOND);
  assert.match(await term.untilHeld(), /by cube2 it is at least 1d earlier/);
  assert.deepEqual(await term.lines(), []);
});

test('it does not wait for them for ever', async () => {
  const { term } = await onAnotherMachine();
  await using closing = term;
  await term.fixture.lead('leader-b');
  assert.equal(term.watch.isHeld, true);
  await waitFor(
    () => {
      closing.clock.pass(250);
      return !term.watch.isHeld;
    },
    { what: 'the clock to be trusted' },
  );
});

test('where a time server keeps its clock it waits for nobody', async () => {
  const { term } = await onAnotherMachine();
  await using closing = term;
  closing.clock.ntp = 'synchronised';
  await term.fixture.lead('leader-b');
  assert.equal(term.watch.isHeld, false);
});

test('who pauses and resumes while the clock is held decides nothing; what was due is decided afterwards', async () => {
  await using term = await ClockTerm.open();
  const { clock, fixture } = term;
  clock.pass(30 * SECOND);
  await term.decided(1);
  clock.step(DAY);
  clock.pass(HOUR + MINUTE);
  await term.untilHeld();
  const { pauses } = fixture.term.jobs;
  const paused = await pauses.pause(fixture.definition.job.id, 'tester');
  const resumed = await pauses.resume(fixture.definition.job.id, 'tester');
  assert.deepEqual([paused.decided, resumed.decided], [[], []]);
  assert.equal((await term.lines()).length, 1);
  clock.step(-DAY);
  clock.pass(5 * SECOND);
  await term.untilTrusted();
  clock.pass(SECOND);
  assert.match(String((await term.decided(2)).at(-1)), /^13:00:00 run: caught up 1m/);
});

test('schedules are reckoned anew with other zone data: it is told, and every tick keeps its one outcome', async () => {
  await using term = await afterNoon();
  const { clock, fixture } = term;
  assert.equal((await fixture.term.context.stores.clock.read()).tzdata, '2026a');
  clock.tzdata = '2026b';
  clock.pass(90 * MINUTE);
  await fixture.lead('leader-b');
  clock.pass(SECOND);
  assert.deepEqual(
    (await term.decided(2)).map((line) => line.split(':', 3).join(':')),
    ['12:00:00 run', '13:00:00 run'],
  );
  assert.equal((await fixture.term.context.stores.clock.read()).tzdata, '2026b');
});

import assert from 'node:assert/strict';
import type { TickRecord } from '@petit/model';
import { waitFor } from '@petit/testkit';
import type { HandWorker } from '../term/hand-worker.fixture.js';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import type { ClockWatch } from './clock-watch.js';
import { HandClock } from './hand-clock.fixture.js';

export const SECOND = 1_000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;
/** Half a minute before noon. */
export const START: number = Date.UTC(2027, 0, 10, 11, 59, 30);

export const HOURLY: Record<string, unknown> = { schedules: [scheduleOf('0 * * * *')] };

export function scheduleOf(text: string): Record<string, unknown> {
  return { id: null, text, zone: null, dst: { gap: null, overlap: null } };
}

/** A term with one job, under a clock that is moved by hand. */
export class ClockTerm implements AsyncDisposable {
  readonly fixture: TermFixture;
  readonly clock: HandClock;

  private constructor(fixture: TermFixture, clock: HandClock) {
    this.fixture = fixture;
    this.clock = clock;
  }

  static async open(
    job: Record<string, unknown> = HOURLY,
    clock: HandClock = new HandClock(START),
  ): Promise<ClockTerm> {
    return new ClockTerm(await TermFixture.open(jobOf([{ id: 'only' }], job), clock), clock);
  }

  /** The judge of the leader that leads. */
  get watch(): ClockWatch {
    return this.fixture.term.context.clock;
  }

  /** What is decided so far, in the order of time. */
  async lines(): Promise<string[]> {
    const [schedule] = [...this.fixture.term.jobs.ticker.all()];
    assert.ok(schedule !== undefined);
    const ticks = await this.fixture.term.context.stores.ticks.list(schedule.id, 500);
    return ticks.toReversed().map(lineOf);
  }

  /** Waits until so many decisions are stored, and gives all of them. */
  decided(count: number): Promise<string[]> {
    return waitFor(
      async () => {
        const found = await this.lines();
        return found.length >= count ? found : null;
      },
      { what: `${count} decisions`, timeoutMs: 20_000 },
    );
  }

  /** Waits until the clock is held, and gives the reason. */
  async untilHeld(): Promise<string> {
    const { reason } = await waitFor(() => this.watch.hold, { what: 'the clock to be held' });
    assert.equal(reason.token, 'clock_held');
    return reason.text;
  }

  async untilTrusted(): Promise<void> {
    await waitFor(() => !this.watch.isHeld, { what: 'the clock to be trusted' });
  }

  /** Waits until nothing is being decided. What is due is taken off the heap, and put back with the next tick. */
  async settled(): Promise<void> {
    const { ticker } = this.fixture.term.jobs;
    const isIdle = (): boolean => [...ticker.all()].every(({ id }) => ticker.nextAt(id) !== null);
    await waitFor(isIdle, { what: 'what is due to be decided', intervalMs: 1 });
  }

  /** Lets minutes pass one by one, each once what the one before made due is decided. */
  async passMinutes(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      this.clock.pass(MINUTE);
      await this.settled();
    }
  }

  /** A worker on another machine, whose clock the leader knows. */
  async otherBoard(name: string): Promise<HandWorker> {
    const worker = await this.fixture.worker(name);
    worker.bootId = `kernel-of-${name}.journal.1-2`;
    worker.now = () => this.clock.trueAt;
    await worker.announce();
    await this.hear(worker);
    return worker;
  }

  /** Lets a worker beat, and waits until the leader has its clock. */
  async hear(worker: HandWorker): Promise<void> {
    const expected = worker.now() - this.clock.now();
    await worker.beat();
    await waitFor(
      async () => {
        const { others } = await this.watch.others();
        return others.some(({ name, aheadMs }) => name === worker.node && aheadMs === expected);
      },
      { what: `the clock of ${worker.node} to be heard` },
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.fixture[Symbol.asyncDispose]();
  }
}

/** `11:00:00 run: reason`, of another day than the first one `+1d 11:00:00`. */
function lineOf({ at, count, outcome, reason }: TickRecord): string {
  const days = Math.floor(at / DAY) - Math.floor(START / DAY);
  const day = days === 0 ? '' : `+${days}d `;
  const time = new Date(at).toISOString().slice(11, 19);
  const many = count === 1 ? '' : ` (${count})`;
  const why = reason === null ? '' : `: ${reason.text}`;
  return `${day}${time}${many} ${outcome}${why}`;
}

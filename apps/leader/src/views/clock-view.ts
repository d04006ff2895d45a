import type { ClockView } from '@petit/protocol';
import type { ClockWatch } from '../clock/clock-watch.js';

/** The leader's clock as the API shows it, beside those that it is held against. */
export async function viewOfClock(clock: ClockWatch): Promise<ClockView> {
  const { now, others } = await clock.others();
  const { ntp, hold } = clock;
  return { wallAt: now.wallAt, ntp, hold, others };
}

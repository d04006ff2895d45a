// For `node --import`: the program that follows runs by a clock that its parent moves, over the channel of `fork`.
// It begins when the parent says from which instant on, and ends with the parent.
import { once } from 'node:events';
import { Calm } from './calm.js';
import { Immediates, turn } from './immediates.js';
import { installVirtualTime } from './install-virtual-time.js';
import { VirtualClock } from './virtual-clock.js';
import type { ClockAnswer, ClockOrder } from './virtual-process.js';

const [first] = (await once(process, 'message')) as [ClockOrder];
/** So much time passes in a turn of the event loop of a process that only waits for time to pass. */
const TURN_MS = 1;
const immediates = new Immediates();
const calm = new Calm(immediates);
const clock = new VirtualClock(first.at);
installVirtualTime(clock, immediates);
process.on('message', (order: ClockOrder) => {
  advance(order.at).then(answer, (error: unknown) => {
    process.stderr.write(`virtual time: ${String(error)}\n`);
    process.kill(process.pid, 'SIGKILL');
  });
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

/** Lets time pass up to an instant: each timer is called at its own, when nothing is left to do from before. */
async function advance(until: number): Promise<void> {
  while (clock.now <= until) {
    const state = await calm.reached();
    const next = clock.nextStop() ?? Infinity;
    const stop = state === 'turns' ? Math.min(next, clock.now + TURN_MS) : next;
    if (stop > until) break;
    await stopAt(stop);
  }
  await stopAt(until);
  await calm.reached();
}

async function stopAt(at: number): Promise<void> {
  clock.moveTo(at);
  for (let timer = clock.takeDue(); timer !== null; timer = clock.takeDue()) {
    timer.callback();
    await turn();
  }
}

function answer(): void {
  process.send?.({ now: clock.now } satisfies ClockAnswer);
}

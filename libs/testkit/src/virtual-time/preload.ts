// For `node --import`: the program that follows runs by a clock that its parent moves, over the channel of `fork`.
// It begins when the parent says from which instant on, and ends with the parent.
import { once } from 'node:events';
import { messageOf } from '@petit/model';
import { Calm, turn } from './calm.js';
import { installVirtualTime } from './install-virtual-time.js';
import { VirtualClock } from './virtual-clock.js';
import type { ClockAnswer, ClockOrder } from './virtual-process.js';

const [first] = (await once(process, 'message')) as [ClockOrder];
const calm = new Calm();
const clock = new VirtualClock(first.at);
installVirtualTime(clock);
process.on('message', (order: ClockOrder) => {
  advance(order.at).then(answer, (error: unknown) => {
    process.stderr.write(`virtual time: ${messageOf(error)}\n`);
    process.kill(process.pid, 'SIGKILL');
  });
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

/** Lets time pass up to an instant: each timer is called at its own, when nothing is left to do from before. */
async function advance(until: number): Promise<void> {
  for (;;) {
    await calm.reached();
    const stop = clock.nextStop();
    if (stop === null || stop > until) break;
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

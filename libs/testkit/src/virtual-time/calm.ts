import { tracingChannel } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers';

/** Turns of the event loop in a row in which nothing was on its way. */
const CALM_TURNS = 2;
/** They wait for what others do: a program that only waits for one of these does nothing. */
const WAITING_COMMANDS: ReadonlySet<string> = new Set(['xread', 'xreadgroup', 'bzpopmin']);

/**
 * Knows when this process has nothing left to do but wait: no command that Redis has not answered (ioredis tells of each
 * on a channel of diagnostics), no file being read or written, no turn of the event loop to come.
 */
export class Calm {
  #onTheWay = 0;
  #answered: () => void = nobodyWaits;

  constructor() {
    const commands = tracingChannel<unknown, { readonly command: string }>('ioredis:command');
    commands.subscribe({
      start: ({ command }) => this.#count(command, 1),
      end: () => undefined,
      asyncStart: () => undefined,
      asyncEnd: ({ command }) => this.#count(command, -1),
      error: () => undefined,
    });
  }

  /** Resolves when nothing is on its way. */
  async reached(): Promise<void> {
    for (let calmTurns = 0; calmTurns < CALM_TURNS;) {
      await turn();
      const isBusy = this.#onTheWay > 0;
      if (isBusy) await new Promise<void>((resolve) => (this.#answered = resolve));
      calmTurns = isBusy || isWithFiles() ? 0 : calmTurns + 1;
    }
  }

  #count(command: string, by: 1 | -1): void {
    if (WAITING_COMMANDS.has(command.toLowerCase())) return;
    this.#onTheWay += by;
    if (this.#onTheWay === 0) this.#answered();
  }
}

/** Resolves in the next turn of the event loop, when all that was due in this one is done. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isWithFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}

function nobodyWaits(): void {}

import { tracingChannel } from 'node:diagnostics_channel';
import { turn, type Immediates } from './immediates.js';

/** Turns of the event loop in a row in which nothing was on its way. */
const CALM_TURNS = 2;
/** They wait for what others do: a program that only waits for one of these does nothing. */
const WAITING_COMMANDS: ReadonlySet<string> = new Set(['xread', 'xreadgroup', 'bzpopmin']);

/** Files that are read or written, sockets that connect, programs that were started. */
const BUSY = /^FSReq|ConnectWrap$|^ProcessWrap$/;

/** What a process does that has nothing more to do now: it waits for a timer, or lets the loop turn until it is time. */
export type CalmState = 'waits' | 'turns';

/**
 * Knows when this process has nothing left to do before its time goes on: no command that Redis has not answered (ioredis
 * tells of each on a channel of diagnostics), no file being read or written, no socket that connects, no child that runs, no turn of the event loop that brings on
 * anything new.
 */
export class Calm {
  readonly #immediates: Immediates;
  #onTheWay = 0;
  #answered: () => void = nobodyWaits;

  constructor(immediates: Immediates) {
    this.#immediates = immediates;
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
  async reached(): Promise<CalmState> {
    for (let calmTurns = 0; calmTurns < CALM_TURNS;) {
      await turn();
      const isBusy = this.#onTheWay > 0;
      if (isBusy) await new Promise<void>((resolve) => (this.#answered = resolve));
      calmTurns = isBusy || isWithOthers() ? 0 : calmTurns + 1;
    }
    return this.#immediates.pending > 0 ? 'turns' : 'waits';
  }

  #count(command: string, by: 1 | -1): void {
    if (WAITING_COMMANDS.has(command.toLowerCase())) return;
    this.#onTheWay += by;
    if (this.#onTheWay === 0) this.#answered();
  }
}

function isWithOthers(): boolean {
  return process.getActiveResourcesInfo().some((name) => BUSY.test(name));
}

function nobodyWaits(): void {}

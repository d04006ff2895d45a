import { setTimeout as pause } from 'node:timers/promises';
import type { PetitClient } from '@petit/client';
import { isRunEnded, PetitError } from '@petit/model';
import type { ClusterEvent } from '@petit/protocol';
import type { CtlContext } from '../../cli/context.js';
import { runLine } from '../../show/run-lines.js';
import { screenOf } from '../../show/screen.js';
import type { Announcer } from './announcer.js';

const ASK_AGAIN_MS = 1_000;
const MAX_REMEMBERED = 1_000;

/** Says of each run that ends how it ended, until `signal` is aborted. */
export async function watchRuns(options: {
  readonly client: PetitClient;
  readonly context: CtlContext;
  readonly announcer: Announcer;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { client, context, announcer, signal } = options;
  const told = new Set<string>();
  while (!signal.aborted) {
    try {
      for await (const event of client.events({ signal })) {
        const line = lineOf(event, told, context);
        if (line !== null) announcer.say(`  ${line}`);
      }
    } catch (error) {
      if (!(error instanceof PetitError)) throw error;
    }
    await pause(ASK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}

function lineOf(event: ClusterEvent, told: Set<string>, context: CtlContext): string | null {
  if (event.kind !== 'run' || !isRunEnded(event.run.state) || told.has(event.run.id)) return null;
  told.add(event.run.id);
  for (const id of told) {
    if (told.size <= MAX_REMEMBERED) break;
    told.delete(id);
  }
  return runLine(event.run, screenOf(context.stdout, context));
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PetitClient } from '@petit/client';
import { PetitError } from '@petit/model';
import type { CtlContext } from '../../cli/context.js';
import type { Board } from './boards.js';
import { boardDir, type House } from './house.js';
import { workerEnvironment } from './program-environment.js';

const MEMBERSHIP_FILE = 'membership.json';

/** Makes a board a member of the cluster, by an invitation, unless it is one from an earlier start. */
export async function joinBoard(options: {
  readonly house: House;
  readonly board: Board;
  readonly client: PetitClient;
  readonly context: CtlContext;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { house, board, client, context, signal } = options;
  if (isMember(house, board)) return;
  const { token } = await client.invite();
  const child = spawn(process.execPath, [house.workerProgram, 'join', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: workerEnvironment(house, { board, outer: context.environment }),
    signal,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  // By stdin, so that the password of Redis in it is in no list of processes.
  child.stdin.end(`${token}\n`);
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new PetitError('INTERNAL_ERROR', `${board.name} could not join: ${complaint.trim()}`);
  }
}

// A data directory that was moved has its socket elsewhere, and its boards join again.
function isMember(house: House, board: Board): boolean {
  try {
    const text = readFileSync(join(boardDir(house, board.name), MEMBERSHIP_FILE), 'utf8');
    return text.includes(JSON.stringify(house.redisSocket).slice(1, -1));
  } catch {
    return false;
  }
}

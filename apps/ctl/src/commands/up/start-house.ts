import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type PetitClient } from '@petit/client';
import { makePrivateDirectory, writePrivateFile, type Closers } from '@petit/daemon';
import { PetitError } from '@petit/model';
import type { CtlContext } from '../../cli/context.js';
import type { Announcer } from './announcer.js';
import { BOARDS } from './boards.js';
import { ChildProgram } from './child-program.js';
import { boardDir, type House } from './house.js';
import { joinBoard } from './join-board.js';
import { leaderEnvironment, V8_FLAGS, workerEnvironment } from './program-environment.js';
import { answersPing, removeSocket, writeRedisConfig } from './redis-child.js';
import { waitUntil } from './wait-until.js';

export interface StartOptions {
  readonly house: House;
  readonly port: number;
  readonly context: CtlContext;
  readonly announcer: Announcer;
  /** Gets what ends each program; closed in reverse it ends boards, leader and Redis in that order. */
  readonly closers: Closers;
  /** Aborted when a stop is asked for, or when a program has been given up, with the error. */
  readonly signal: AbortSignal;
  readonly onGiveUp: (error: PetitError) => void;
  /** Gets every program as it is made, so that a forced stop finds it. */
  readonly programs: ChildProgram[];
}

/** What runs. */
export interface RunningHouse {
  readonly client: PetitClient;
  readonly address: string;
}

const REDIS_TIMEOUT_MS = 120_000;
const LEADER_TIMEOUT_MS = 60_000;
const BOARDS_TIMEOUT_MS = 60_000;
const STOP_REDIS_MS = 10_000;
const STOP_LEADER_MS = 10_000;
// A board gives its tasks their grace, ten seconds unless a job says otherwise, before it ends.
const STOP_BOARD_MS = 20_000;
const CLOSE_SLACK_MS = 2_000;

/** Starts Redis, a leader and the boards, each when the one before is ready. */
export async function startHouse(options: StartOptions): Promise<RunningHouse> {
  makePrivateDirectory(options.house.logsDir);
  await startRedis(options);
  await startLeader(options);
  const { client, address } = await reachLeader(options);
  await startBoards(options, client);
  for (const program of options.programs) program.keep();
  return { client, address };
}

async function startRedis(options: StartOptions): Promise<void> {
  const { house, announcer, context, closers, signal } = options;
  const configPath = writeRedisConfig(house);
  closers.add('redis socket', () => removeSocket(house));
  const redis = childOf(options, {
    name: 'redis',
    argv: [...house.dyingWithParent, house.redisServer, configPath],
    environment: { ...context.environment },
    stopTimeoutMs: STOP_REDIS_MS,
  });
  closers.add('redis', () => redis[Symbol.asyncDispose](), {
    timeoutMs: STOP_REDIS_MS + CLOSE_SLACK_MS,
  });
  await redis.start();
  await waitUntil(async () => (await answersPing(house.redisSocket)) || null, {
    what: `Redis to answer at ${house.redisSocket}`,
    timeoutMs: REDIS_TIMEOUT_MS,
    signal,
  });
  announcer.tell('redis', house.redisSocket);
}

async function startLeader(options: StartOptions): Promise<void> {
  const { house, port, context, closers } = options;
  const leader = childOf(options, {
    name: 'leader',
    argv: [...house.dyingWithParent, process.execPath, ...V8_FLAGS, house.leaderProgram],
    environment: leaderEnvironment(house, { port, outer: context.environment }),
    stopTimeoutMs: STOP_LEADER_MS,
  });
  closers.add('leader', () => leader[Symbol.asyncDispose](), {
    timeoutMs: STOP_LEADER_MS + CLOSE_SLACK_MS,
  });
  await leader.start();
}

async function reachLeader(
  options: StartOptions,
): Promise<{ readonly client: PetitClient; readonly address: string }> {
  const { house, port, context, signal, announcer } = options;
  const address = `http://127.0.0.1:${port}`;
  const client = await waitUntil(() => clientOnceActive(address, house, context), {
    what: `the leader to be active at ${address}`,
    timeoutMs: LEADER_TIMEOUT_MS,
    signal,
  });
  writePrivateFile(
    house.clusterFile,
    `${JSON.stringify({ server: address, tokenFile: house.tokenFile }, null, 2)}\n`,
  );
  announcer.tell('leader', address);
  return { client, address };
}

async function clientOnceActive(
  server: string,
  { tokenFile }: House,
  { clientName: name }: CtlContext,
): Promise<PetitClient | null> {
  try {
    const { role, redis } = await createClient({ server, token: null }).health();
    if (role !== 'active' || redis !== 'ok') return null;
    return createClient({ server, token: readFileSync(tokenFile, 'utf8').trim(), name });
  } catch {
    return null;
  }
}

async function startBoards(options: StartOptions, client: PetitClient): Promise<void> {
  const { house, context, announcer, closers, signal } = options;
  const boards = BOARDS.map((board) =>
    childOf(options, {
      name: board.name,
      argv: [...house.dyingWithParent, process.execPath, ...V8_FLAGS, house.workerProgram, 'run'],
      environment: workerEnvironment(house, { board, outer: context.environment }),
      stopTimeoutMs: STOP_BOARD_MS,
    }),
  );
  closers.add(
    'boards',
    async () => {
      await Promise.all(boards.map((board) => board[Symbol.asyncDispose]()));
    },
    { timeoutMs: STOP_BOARD_MS + CLOSE_SLACK_MS },
  );
  await Promise.all(
    BOARDS.map(async (board, at) => {
      makePrivateDirectory(boardDir(house, board.name));
      await joinBoard({ house, board, client, context, signal });
      await boards[at]?.start();
    }),
  );
  await waitUntil(() => allLive(client), {
    what: `${BOARDS.map(({ name }) => name).join(' and ')} to be live`,
    timeoutMs: BOARDS_TIMEOUT_MS,
    signal,
  });
  announcer.tell(
    'boards',
    BOARDS.map(({ name, labels, slots }) => `${name} (${labels}, ${slots} slots)`).join(', '),
  );
}

async function allLive(client: PetitClient): Promise<true | null> {
  const { nodes } = await client.nodes();
  const live = nodes.filter(({ state }) => state === 'live').map(({ node }) => node);
  return BOARDS.every(({ name }) => live.includes(name)) ? true : null;
}

function childOf(
  { house, announcer, onGiveUp, programs }: StartOptions,
  program: {
    readonly name: string;
    readonly argv: readonly string[];
    readonly environment: NodeJS.ProcessEnv;
    readonly stopTimeoutMs: number;
  },
): ChildProgram {
  const child = new ChildProgram({
    ...program,
    logPath: join(house.logsDir, `${program.name}.log`),
    onDeath: (death) => {
      announcer.death(death);
      if (!death.again)
        onGiveUp(new PetitError('INTERNAL_ERROR', `${death.name} ended by itself (${death.how})`));
    },
  });
  programs.push(child);
  return child;
}

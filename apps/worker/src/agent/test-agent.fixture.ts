import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLog, type Failpoint } from '@petit/daemon';
import { importPublicKey, open, announcementSchema, type Announcement } from '@petit/protocol';
import { makeTempDir, startRedis, waitFor, type RedisServer } from '@petit/testkit';
import type { StopMode } from '../settings/worker-settings.js';
import { Agent } from './agent.js';
import { HandLeader } from './hand-leader.fixture.js';

/** What a test changes of an agent. */
export interface TestAgentOptions {
  readonly slots?: number;
  readonly kernelBootId?: string;
  readonly failpoint?: Failpoint;
}

/** A Redis, a leader by hand, a data directory, and agents on it one after another. */
export interface World extends AsyncDisposable {
  readonly server: RedisServer;
  readonly leader: HandLeader;
  readonly dataDir: string;
  /** Where the commands of a test leave their evidence. */
  readonly evidence: string;
  /** Opens an agent, and resolves when it has announced itself. */
  start(options?: TestAgentOptions): Promise<Agent>;
  /** Opens an agent that need not reach Redis. */
  open(options?: TestAgentOptions): Promise<Agent>;
  stop(agent: Agent, mode?: StopMode): Promise<void>;
  /** A command that notes its start in the evidence file, then does `script`. */
  noting(script: string): readonly [string, ...string[]];
  /** How often commands have started, by the evidence file. */
  starts(): Promise<number>;
}

/** Opens the world of one test. */
export async function openWorld(config: Readonly<Record<string, string>> = {}): Promise<World> {
  const server = await startRedis({ config });
  const leader = new HandLeader(server);
  const home = await makeTempDir('petit-worker-');
  const evidence = join(home.path, 'evidence');
  const dataDir = join(home.path, 'data');
  await mkdir(dataDir);
  const living = new Set<Agent>();
  const openAgent = async (options: TestAgentOptions = {}): Promise<Agent> => {
    const agent = await Agent.open({
      dataDir,
      membership: leader.membership,
      key: leader.workerKey,
      labels: {},
      slots: options.slots ?? 4,
      version: '0.0.0',
      agentId: randomUUID(),
      freshJournalId: randomUUID(),
      kernelBootId: options.kernelBootId ?? 'boot',
      base: { PATH: '/usr/bin:/bin', HOME: '/', LANG: 'C.UTF-8' },
      supervisorPath: null,
      supervisorFailpoint: null,
      now: () => Date.now(),
      monotonicMs: () => performance.now(),
      failpoint: options.failpoint ?? ((): void => undefined),
      log: createLog({
        level: process.env['PETIT_LOG_LEVEL'] === 'info' ? 'info' : 'silent',
        name: 'agent',
      }),
    });
    living.add(agent);
    return agent;
  };
  return {
    server,
    leader,
    dataDir,
    evidence,
    open: openAgent,
    start: async (options) => {
      const before = await announcements(leader);
      const agent = await openAgent(options);
      await waitFor(async () => (await announcements(leader)).length > before.length, {
        what: 'an announcement',
      });
      return agent;
    },
    stop: async (agent, mode = 'leave') => {
      living.delete(agent);
      await agent.close(mode);
    },
    noting: (script) => ['sh', '-c', `echo started >> ${evidence}; ${script}`],
    starts: async () => {
      const text = await readFile(evidence, 'utf8').catch(() => '');
      return text.split('\n').length - 1;
    },
    [Symbol.asyncDispose]: async () => {
      for (const agent of living) await agent.close('end');
      await leader[Symbol.asyncDispose]();
      await server.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Every announcement on the report stream, checked. */
export async function announcements(leader: HandLeader): Promise<readonly Announcement[]> {
  const publicKey = importPublicKey(leader.workerKey.publicText);
  if (publicKey === null) throw new Error('no key');
  const entries = await leader.entries();
  return entries.flatMap((entry) => {
    if (entry.kind !== 'announcement') return [];
    const opened = open(entry.signed, {
      publicKey,
      kind: 'announcement',
      schema: announcementSchema,
    });
    if (!opened.ok) throw new Error(`an announcement that is ${opened.why}`);
    return [opened.value];
  });
}

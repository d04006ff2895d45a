import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { messageOf, PetitError } from '@petit/model';
import {
  Closers,
  createFailpoints,
  createLog,
  hideCredentials,
  lockDirectory,
  makePrivateDirectory,
  notifySystemd,
  onStopSignal,
  writePrivateFile,
  type Log,
} from '@petit/daemon';
import { ensureToken, verifierOf } from './http/access/api-token.js';
import { openHttp, type HttpServer } from './http/open-http.js';
import { Leader } from './leader.js';
import { TermPort } from './leader-port.js';
import {
  readLeaderSettings,
  strayLeaderSettings,
  type LeaderSettings,
} from './settings/leader-settings.js';

const VERSION = '0.1.0';

async function main(): Promise<void> {
  const settings = readLeaderSettings(process.env);
  const log = createLog({ level: settings.logLevel, name: 'leader' });
  for (const variable of strayLeaderSettings(process.env))
    log.warn({ variable }, 'unknown_setting');
  makePrivateDirectory(settings.dataDir);
  await using closers = new Closers({ log });
  closers.use('lock', lockDirectory(settings.dataDir));
  const stop = closers.use('signals', onStopSignal());
  const leader = closers.use('leader', await openLeader(settings, log));
  const running = leader.run(stop.signal);
  const port = new TermPort(leader);
  const http = closers.use('http', await serve(settings, leader, port));
  if (settings.writeInvite !== null) await writeInvitation(settings.writeInvite, port, leader);
  log.info({ address: http.address, jobsDir: settings.jobsDir }, 'leader_started');
  await notifySystemd('READY=1', { notifySocket: process.env['NOTIFY_SOCKET'] });
  await running;
  await notifySystemd('STOPPING=1', { notifySocket: process.env['NOTIFY_SOCKET'] });
}

function openLeader(settings: LeaderSettings, log: Log): Promise<Leader> {
  log.info({ redis: hideCredentials(settings.redisUrl), version: VERSION }, 'leader_starts');
  return Leader.open({
    version: VERSION,
    dataDir: settings.dataDir,
    jobsDir: settings.jobsDir,
    redis: {
      url: settings.redisUrl,
      ca: settings.redisCa === null ? null : readFileSync(settings.redisCa, 'utf8'),
    },
    redisUrlForWorkers: settings.redisUrlForWorkers ?? settings.redisUrl,
    defaultZone: settings.defaultZone,
    clock: {
      now: () => Date.now(),
      setTimeout: (callback, delayMs) => {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    },
    monotonicNow: () => performance.now(),
    failpoint: createFailpoints(settings.failpoint ?? undefined, { log }),
    log,
  });
}

async function serve(
  settings: LeaderSettings,
  leader: Leader,
  port: TermPort,
): Promise<HttpServer> {
  const { log } = leader.options;
  const token = ensureToken({ dataDir: settings.dataDir, random: randomBytes });
  if (token.created) log.info({ file: token.path }, 'api_token_made');
  return openHttp({
    port,
    token: verifierOf(token.token),
    listen: settings.listen,
    boardQueues: () => leader.boardQueues(),
    dashboardDir: settings.dashboardDir ?? findDashboard(),
    log,
    now: () => Date.now(),
    random: randomBytes,
  });
}

/** The page as built beside the program: in the checkout, seen from the bundle or from the compiled files. */
function findDashboard(): string {
  const places = ['../../dashboard/dist/site', '../../../dashboard/dist/site'];
  const found = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find(existsSync);
  return found ?? fileURLToPath(new URL('./site', import.meta.url));
}

/** Leaves an invitation for workers that are started beside this leader, once it leads. */
async function writeInvitation(path: string, port: TermPort, leader: Leader): Promise<void> {
  await leader.firstTerm();
  const { token } = await port.invite();
  writePrivateFile(path, `${token}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`petit-leader: ${messageOf(error)}\n`);
  process.exitCode = error instanceof PetitError ? error.exitCode : 70;
});

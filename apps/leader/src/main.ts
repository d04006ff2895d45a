import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
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
import { openHostClock } from './clock/open-host-clock.js';
import { openHttp, type HttpOptions } from './http/open-http.js';
import { openPetitHttp } from './http/petit/open-petit-http.js';
import { Leader } from './leader.js';
import { TermPort } from './leader-port.js';
import { readCa } from './redis/read-ca.js';
import { askHealth } from './settings/ask-health.js';
import { HELP, parseArguments } from './settings/parse-arguments.js';
import { setPreciseTimeout } from './ticks/precise-timeout.js';
import {
  readLeaderSettings,
  strayLeaderSettings,
  type LeaderSettings,
} from './settings/leader-settings.js';
import { RELEASED_AT, VERSION } from './version.js';

async function main(): Promise<void> {
  const command = parseArguments(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'version':
      process.stdout.write(`petit-leader ${VERSION}\n`);
      return;
    case 'health': {
      const { isHealthy, text } = await askHealth(readLeaderSettings(process.env).listen);
      process.stdout.write(`${isHealthy ? 'healthy' : 'unhealthy'}: ${text}\n`);
      process.exitCode = isHealthy ? 0 : 1;
      return;
    }
    case 'run': {
      const settings = readLeaderSettings(process.env);
      return run({ ...settings, strict: settings.strict || command.strict });
    }
    default:
      command satisfies never;
  }
}

async function run(settings: LeaderSettings): Promise<void> {
  const log = createLog({ level: settings.logLevel, name: 'leader' });
  for (const variable of strayLeaderSettings(process.env))
    log.warn({ variable }, 'unknown_setting');
  makePrivateDirectory(settings.dataDir);
  await using closers = new Closers({ log });
  closers.use('lock', lockDirectory(settings.dataDir));
  const stop = closers.use('signals', onStopSignal());
  const opened = await openLeader(settings, { log, signal: stop.signal });
  if (opened === null) return;
  const leader = closers.use('leader', opened);
  const running = leader.run(stop.signal);
  const port = new TermPort(leader);
  const serving = httpOptionsOf(settings, leader, port);
  const http = closers.use('http', await openHttp(serving));
  if (settings.compat !== null) {
    const compat = await openPetitHttp({ ...serving, ...settings.compat });
    closers.use('petit-http', compat);
    log.info({ compatAddress: compat.address, entry: settings.compat.entry }, 'compat_listens');
  }
  if (settings.writeInvite !== null) await writeInvitation(settings.writeInvite, port, leader);
  log.info({ address: http.address, jobsDir: settings.jobsDir }, 'leader_started');
  log.debug({ routes: http.routes }, 'routes');
  await notifySystemd('READY=1', { notifySocket: process.env['NOTIFY_SOCKET'] });
  await running;
  await notifySystemd('STOPPING=1', { notifySocket: process.env['NOTIFY_SOCKET'] });
}

function openLeader(
  settings: LeaderSettings,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<Leader | null> {
  const host = openHostClock(() => Date.now());
  const { tzdata } = host;
  log.info(
    { redis: hideCredentials(settings.redisUrl), version: VERSION, tzdata },
    'leader_starts',
  );
  const options = {
    version: VERSION,
    dataDir: settings.dataDir,
    jobsDir: settings.jobsDir,
    redis: {
      url: settings.redisUrl,
      ca: settings.redisCa === null ? null : readCa(settings.redisCa),
    },
    redisUrlForWorkers: settings.redisUrlForWorkers ?? settings.redisUrl,
    onExposure: settings.strict ? 'refuse' : 'warn',
    defaultZone: settings.defaultZone,
    clock: {
      now: () => Date.now(),
      setTimeout: (callback: () => void, delayMs: number) =>
        setPreciseTimeout(callback, delayMs, () => performance.now()),
    },
    host,
    releasedAt: RELEASED_AT,
    monotonicNow: () => performance.now(),
    failpoint: createFailpoints(settings.failpoint ?? undefined, { log }),
    log,
  } as const;
  return Leader.open(options, signal);
}

function httpOptionsOf(settings: LeaderSettings, leader: Leader, port: TermPort): HttpOptions {
  const { log } = leader.options;
  const token = ensureToken({ dataDir: settings.dataDir, random: randomBytes });
  if (token.created) log.info({ file: token.path }, 'api_token_made');
  return {
    port,
    token: verifierOf(token.token),
    listen: settings.listen,
    boardQueues: () => leader.boardQueues(),
    dashboardDir: settings.dashboardDir ?? findDashboard(),
    log,
    now: () => Date.now(),
    random: randomBytes,
  };
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

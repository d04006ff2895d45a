import { PetitError } from '@petit/model';
import {
  choiceSetting,
  flagSetting,
  listenSetting,
  LOG_LEVELS,
  optionalListenSetting,
  optionalSetting,
  readSettings,
  textSetting,
  unknownSettings,
  type Environment,
  type ListenAddress,
  type LogLevel,
} from '@petit/daemon';
import { checkTokenlessAddress } from '../http/access/listen-address.js';
import type { Entry } from '../http/access/gate.js';
import { optionalRedisUrlSetting, redisUrlSetting } from './redis-url-setting.js';

const SPEC = {
  /** Keys, token, epoch: private to the leader. */
  dataDir: textSetting('PETIT_DATA_DIR', '/var/lib/petit-leader'),
  jobsDir: textSetting('PETIT_JOBS_DIR', '/etc/petit/jobs'),
  redisUrl: redisUrlSetting('PETIT_REDIS_URL', 'redis://127.0.0.1:6379'),
  /** A file with the certificate authority of a `rediss://` server. */
  redisCa: optionalSetting('PETIT_REDIS_CA'),
  /** What workers are told, where they reach Redis by another address than the leader. */
  redisUrlForWorkers: optionalRedisUrlSetting('PETIT_REDIS_URL_FOR_WORKERS'),
  /** Refuses a Redis that others on the network may use or read; else that is a warning. */
  strict: flagSetting('PETIT_STRICT'),
  listen: listenSetting('PETIT_LISTEN', '127.0.0.1:8565'),
  /** Where petit's routes are by themselves too. */
  compatListen: optionalListenSetting('PETIT_COMPAT_LISTEN'),
  /** Asks for no token there. */
  compatNoToken: flagSetting('PETIT_COMPAT_NO_TOKEN'),
  defaultZone: textSetting('PETIT_DEFAULT_ZONE', 'UTC'),
  /** A file that gets an invitation at each start, for workers that are started beside. */
  writeInvite: optionalSetting('PETIT_WRITE_INVITE'),
  logLevel: choiceSetting('PETIT_LOG_LEVEL', LOG_LEVELS, 'info'),
  failpoint: optionalSetting('PETIT_FAILPOINT'),
  /** Where the page lies, when not beside the program. */
  dashboardDir: optionalSetting('PETIT_DASHBOARD_DIR'),
} as const;

export interface LeaderSettings {
  readonly dataDir: string;
  readonly jobsDir: string;
  readonly redisUrl: string;
  readonly redisCa: string | null;
  readonly redisUrlForWorkers: string | null;
  readonly strict: boolean;
  readonly listen: ListenAddress;
  /** A listener of petit's routes alone, and who comes in there; null is none. */
  readonly compat: { readonly listen: ListenAddress; readonly entry: Entry } | null;
  readonly defaultZone: string;
  readonly writeInvite: string | null;
  readonly logLevel: LogLevel;
  readonly failpoint: string | null;
  readonly dashboardDir: string | null;
}

/** The leader's settings from environment variables. Throws BAD_SETTINGS with every mistake at once. */
export function readLeaderSettings(environment: Environment): LeaderSettings {
  const { compatListen, compatNoToken, ...settings } = readSettings(environment, SPEC);
  checkRedisCa(settings);
  const compat = compatOf(settings.listen, compatListen, compatNoToken ? 'local' : 'token');
  return { ...settings, compat };
}

function checkRedisCa({
  redisCa,
  redisUrl,
  redisUrlForWorkers,
}: Pick<LeaderSettings, 'redisCa' | 'redisUrl' | 'redisUrlForWorkers'>): void {
  const urls = [redisUrl, redisUrlForWorkers ?? ''];
  if (redisCa !== null && !urls.some((url) => url.startsWith('rediss:'))) {
    throw new PetitError(
      'BAD_SETTINGS',
      `PETIT_REDIS_CA=${JSON.stringify(redisCa)}: no address of Redis begins with rediss://, so nothing would be asked for a certificate; write rediss:// in PETIT_REDIS_URL or PETIT_REDIS_URL_FOR_WORKERS`,
    );
  }
}

function compatOf(
  listen: ListenAddress,
  compatListen: ListenAddress | null,
  entry: Entry,
): LeaderSettings['compat'] {
  if (compatListen === null) {
    if (entry === 'token') return null;
    throw new PetitError(
      'BAD_SETTINGS',
      'PETIT_COMPAT_NO_TOKEN is set and PETIT_COMPAT_LISTEN is not, so nothing would listen without a token; set PETIT_COMPAT_LISTEN=127.0.0.1:8565 too',
    );
  }
  const { host, port } = compatListen;
  if (port !== 0 && port === listen.port && host === listen.host) {
    throw new PetitError(
      'BAD_SETTINGS',
      `PETIT_LISTEN and PETIT_COMPAT_LISTEN are both ${host}:${port}; wanted two addresses, such as PETIT_LISTEN=${host}:${port === 65_535 ? port - 1 : port + 1}`,
    );
  }
  if (entry === 'local') checkTokenlessAddress(host);
  return { listen: compatListen, entry };
}

/** Variables that look like settings of ours and are none. */
export function strayLeaderSettings(environment: Environment): readonly string[] {
  return unknownSettings(
    environment,
    'PETIT_',
    Object.values(SPEC).map(({ variable }) => variable),
  );
}

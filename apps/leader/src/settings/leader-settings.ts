import { PetitError } from '@petit/model';
import {
  choiceSetting,
  flagSetting,
  listenSetting,
  LOG_LEVELS,
  optionalSetting,
  readSettings,
  textSetting,
  unknownSettings,
  type Environment,
  type LogLevel,
} from '@petit/daemon';
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
  readonly listen: { readonly host: string; readonly port: number };
  readonly defaultZone: string;
  readonly writeInvite: string | null;
  readonly logLevel: LogLevel;
  readonly failpoint: string | null;
  readonly dashboardDir: string | null;
}

/** The leader's settings from environment variables. Throws BAD_SETTINGS with every mistake at once. */
export function readLeaderSettings(environment: Environment): LeaderSettings {
  const settings = readSettings(environment, SPEC);
  const { redisCa, redisUrl, redisUrlForWorkers } = settings;
  const urls = [redisUrl, redisUrlForWorkers ?? ''];
  if (redisCa !== null && !urls.some((url) => url.startsWith('rediss:'))) {
    throw new PetitError(
      'BAD_SETTINGS',
      `PETIT_REDIS_CA=${JSON.stringify(redisCa)}: no address of Redis begins with rediss://, so nothing would be asked for a certificate; write rediss:// in PETIT_REDIS_URL or PETIT_REDIS_URL_FOR_WORKERS`,
    );
  }
  return settings;
}

/** Variables that look like settings of ours and are none. */
export function strayLeaderSettings(environment: Environment): readonly string[] {
  return unknownSettings(
    environment,
    'PETIT_',
    Object.values(SPEC).map(({ variable }) => variable),
  );
}

import {
  choiceSetting,
  listenSetting,
  LOG_LEVELS,
  optionalSetting,
  readSettings,
  textSetting,
  unknownSettings,
  type Environment,
  type LogLevel,
} from '@petit/daemon';

const SPEC = {
  /** Keys, token, epoch: private to the leader. */
  dataDir: textSetting('PETIT_DATA_DIR', '/var/lib/petit-leader'),
  jobsDir: textSetting('PETIT_JOBS_DIR', '/etc/petit/jobs'),
  redisUrl: textSetting('PETIT_REDIS_URL', 'redis://127.0.0.1:6379'),
  /** A file with the certificate authority of a `rediss://` server. */
  redisCa: optionalSetting('PETIT_REDIS_CA'),
  /** What workers are told, where they reach Redis by another address than the leader. */
  redisUrlForWorkers: optionalSetting('PETIT_REDIS_URL_FOR_WORKERS'),
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
  readonly listen: { readonly host: string; readonly port: number };
  readonly defaultZone: string;
  readonly writeInvite: string | null;
  readonly logLevel: LogLevel;
  readonly failpoint: string | null;
  readonly dashboardDir: string | null;
}

/** The leader's settings from environment variables. Throws BAD_SETTINGS with every mistake at once. */
export function readLeaderSettings(environment: Environment): LeaderSettings {
  return readSettings(environment, SPEC);
}

/** Variables that look like settings of ours and are none. */
export function strayLeaderSettings(environment: Environment): readonly string[] {
  return unknownSettings(
    environment,
    'PETIT_',
    Object.values(SPEC).map(({ variable }) => variable),
  );
}

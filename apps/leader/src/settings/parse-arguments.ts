import { PetitError } from '@petit/model';

/** What the command line asks for. */
export type LeaderCommand =
  | { readonly kind: 'run'; readonly strict: boolean }
  | { readonly kind: 'health' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

export const HELP = `petit-leader: decides what is due and where it runs; serves the page and the API

  petit-leader             lead, or stand by while another leads, until stopped
  petit-leader --strict    and refuse a Redis that others on the network may use or read
  petit-leader health      say how the leader at PETIT_LISTEN does; exit 0 when it leads or stands by

Settings, by environment variable:
  PETIT_DATA_DIR               keys, token and epoch (/var/lib/petit-leader)
  PETIT_JOBS_DIR               the job files (/etc/petit/jobs)
  PETIT_REDIS_URL              unix:/path, redis://:PASSWORD@HOST:PORT or rediss://... (redis://127.0.0.1:6379)
  PETIT_REDIS_URL_FOR_WORKERS  the same Redis as other boards reach it, for invitations
  PETIT_REDIS_CA               a file with the authority that signed the certificate of a rediss:// server
  PETIT_STRICT                 yes: as --strict
  PETIT_LISTEN                 where page and API are (127.0.0.1:8565)
  PETIT_COMPAT_LISTEN          where petit's own routes are by themselves too, as for its clients (nowhere)
  PETIT_COMPAT_NO_TOKEN        yes: asks for no token there, on a loopback address only
  PETIT_DEFAULT_ZONE           the time zone of schedules that name none (UTC)
  PETIT_WRITE_INVITE           a file that gets an invitation at each start
  PETIT_LOG_LEVEL              trace, debug, info (default), warn, error, silent
  PETIT_DASHBOARD_DIR          where the page lies, when not beside the program

SIGTERM and SIGINT stop it; running tasks go on.
`;

/** Reads the command line. Throws BAD_REQUEST, saying what was wanted. */
export function parseArguments(args: readonly string[]): LeaderCommand {
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help' };
  if (args.includes('--version') || args.includes('-V')) return { kind: 'version' };
  if (args.length === 1 && args[0] === 'health') return { kind: 'health' };
  const stray = args.find((arg) => arg !== '--strict');
  if (stray === undefined) return { kind: 'run', strict: args.length > 0 };
  throw new PetitError(
    'BAD_REQUEST',
    `there is no argument ${JSON.stringify(stray)}; wanted health, --strict or nothing; see petit-leader --help`,
  );
}

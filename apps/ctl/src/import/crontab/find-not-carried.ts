import type { CronFieldValue, CrontabEntry, CronTimes } from './crontab-entry.js';
import type { NotCarried } from './not-carried.js';

/** What is not carried of a line as cron has it. `workerUser` is who the workers run as, or null when nobody says. */
export function findNotCarried(
  entry: CrontabEntry,
  workerUser: string | null,
): readonly NotCarried[] {
  return [
    ...ofTimes(entry.times),
    ...ofUser(entry, workerUser),
    ...ofEnvironment(entry),
    ...ofText(entry),
  ];
}

function ofTimes(times: CronTimes): readonly NotCarried[] {
  if (times.kind === 'reboot') {
    const meaning =
      'a cluster has no one start to run at, so the job runs by hand; a unit of systemd is for starts of one machine';
    return [{ kind: 'reboot', what: '@reboot', meaning }];
  }
  if (times.kind === 'word') return [];
  const { minute, hour, dayOfMonth, month, dayOfWeek } = times.fields;
  const fields: readonly CronFieldValue[] = [minute, hour, dayOfMonth, month, dayOfWeek];
  const random = fields.some(({ items }) => items.some((item) => item.kind === 'random'));
  if (!random) return [];
  const meaning =
    'cron draws a value when it loads the line; here it is one that stays, by the job';
  return [{ kind: 'random', what: '~', meaning }];
}

function ofUser({ user }: CrontabEntry, workerUser: string | null): readonly NotCarried[] {
  if (user === null || user === workerUser) return [];
  const as = workerUser === null ? 'the user of the worker' : workerUser;
  const meaning = `it runs as ${as}; where that must not be, use a worker of that user, or sudo in the command`;
  return [{ kind: 'user', what: `user ${user}`, meaning }];
}

function ofEnvironment({ environment }: CrontabEntry): readonly NotCarried[] {
  const mailTo = environment.get('MAILTO') ?? '';
  const zone = environment.get('CRON_TZ');
  const delay = environment.get('RANDOM_DELAY');
  const found: NotCarried[] = [];
  if (mailTo !== '') {
    const meaning = 'nothing is mailed; what a run prints is kept, see petit-ctl logs';
    found.push({ kind: 'mail', what: `MAILTO=${mailTo}`, meaning });
  }
  if (zone !== undefined) {
    const meaning =
      'it is the zone of the schedule, as in cronie; the cron of Debian does not read it';
    found.push({ kind: 'own_zone', what: `CRON_TZ=${zone}`, meaning });
  }
  if (delay !== undefined) {
    const meaning = `runs begin at their tick; write "jitter: ${delay}m" to spread them`;
    found.push({ kind: 'random_delay', what: `RANDOM_DELAY=${delay}`, meaning });
  }
  return found;
}

function ofText({ command, unlogged, ended }: CrontabEntry): readonly NotCarried[] {
  const found: NotCarried[] = [];
  if (unlogged) {
    const meaning = 'it keeps a line out of the log of cron; each run is recorded here';
    found.push({ kind: 'unlogged', what: '- before the minute', meaning });
  }
  if (/^(?:[^%\\]|\\[^\\])*\\\\/.test(command)) {
    const meaning = 'one backslash, as to the cron of Debian; cronie gives both to the shell';
    found.push({ kind: 'backslash', what: '\\\\', meaning });
  }
  if (!ended) {
    const meaning =
      'cron does not take a last line without it, so the line may never have run; here it does';
    found.push({ kind: 'unended', what: 'no newline at the end of the file', meaning });
  }
  return found;
}

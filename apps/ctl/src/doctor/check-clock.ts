import type { DoctorView } from '@petit/protocol';
import { durationText } from '../show/time-text.js';
import { fail, ok, warn, type Check } from './check.js';

/** Clocks that differ by more than this are told of. Milliseconds. */
const NOTICED_MS = 2_000;
/** This machine's clock is known only as well as an answer of the leader is quick. Milliseconds. */
const NOTICED_HERE_MS = 10_000;

/** How the clocks are: whether ticks are held, the time server, other boards, the machine that asks, zone data. */
export function checkClock(
  { clock, leader }: Pick<DoctorView, 'clock' | 'leader'>,
  here: { readonly now: number; readonly tzdata: string },
): readonly Check[] {
  return [
    checkHold(clock, here.now),
    checkNtp(clock),
    ...checkOthers(clock),
    ...checkHere(clock, here.now),
    checkZones(leader.tzdata, here.tzdata),
  ];
}

function checkHold({ hold, wallAt }: DoctorView['clock'], now: number): Check {
  if (hold === null)
    return ok('clock', `ticks are decided; the leader says ${new Date(wallAt).toISOString()}`);
  const since = durationText(Math.abs(now - hold.since));
  return fail(
    'clock',
    `ticks are held for ${since}: ${hold.reason.text}`,
    'set the clock of the leader’s board, or if it is right: petit-ctl clock accept',
  );
}

function checkNtp({ ntp }: DoctorView['clock']): Check {
  switch (ntp) {
    case 'synchronised':
      return ok('time server', 'it keeps the clock of the leader’s board');
    case 'unsynchronised':
      return warn(
        'time server',
        'none keeps the clock of the leader’s board',
        'sudo timedatectl set-ntp true, or install chrony',
      );
    case 'unknown':
      return warn(
        'time server',
        'it could not be found out whether one keeps the clock of the leader’s board',
        'let the leader run perl or timedatectl; in a container: allow adjtimex',
      );
    default:
      return ntp satisfies never;
  }
}

function checkOthers({ others }: DoctorView['clock']): readonly Check[] {
  if (others.length === 0)
    return [ok('other clocks', 'none is known: no worker on another board is alive')];
  const off = others.filter(({ aheadMs }) => Math.abs(aheadMs) > NOTICED_MS);
  const near = others.filter((other) => !off.includes(other));
  const furthest = Math.max(0, ...near.map(({ aheadMs }) => Math.abs(aheadMs)));
  const names = near.map(({ name }) => name).sort();
  const agree =
    near.length === 0
      ? []
      : [
          ok(
            'other clocks',
            `${names.join(', ')}: within ${durationText(furthest)} of the leader’s`,
          ),
        ];
  return [...agree, ...off.map(differing)];
}

function differing({ name, aheadMs }: DoctorView['clock']['others'][number]): Check {
  const side = aheadMs > 0 ? 'ahead of' : 'behind';
  return warn(
    'other clocks',
    `${name} is ${durationText(Math.abs(aheadMs))} ${side} the leader’s board`,
    `let a time server keep both: timedatectl status on ${name}`,
  );
}

function checkHere({ wallAt }: DoctorView['clock'], now: number): readonly Check[] {
  const aheadMs = now - wallAt;
  if (Math.abs(aheadMs) <= NOTICED_HERE_MS) return [];
  const side = aheadMs > 0 ? 'ahead of' : 'behind';
  const text = `this machine is ${durationText(Math.abs(aheadMs))} ${side} the leader’s board`;
  return [warn('this clock', text, 'let a time server keep both; "ago" is reckoned by this one')];
}

function checkZones(leader: string, here: string): Check {
  if (leader === here) return ok('zone data', `${leader}, there and here`);
  return warn(
    'zone data',
    `${leader} on the leader, ${here} here`,
    'use one version of Node.js; schedules go by the leader’s, "petit-ctl next --cron" by this one',
  );
}

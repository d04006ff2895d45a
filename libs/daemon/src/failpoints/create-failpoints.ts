import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PetitError } from '@petit/model';
import {
  parseFailpoints,
  type ArmedPoint,
  type FailAction,
  type ParsedFailpoints,
} from './parse-failpoints.js';

/** Called at a named place; acts there when a test has armed it. Await it only where a stall may be wanted. */
export type Failpoint = (name: string) => void | Promise<void>;

/**
 * Named places at which a test makes this process die, stop or stall. `spec` is a list with commas between:
 * `NAME=ACTION[@HIT]` acts when the place is reached for the HITth time (default the first), once; `log:PATH` names a
 * file that gets one JSON line `{name, pid, at, hit}` just before each act, so that a test can see that it died there;
 * `arm:PATH` names a file that may hold such a list later: it is taken, and removed, at the next pass of any place, and
 * passes are counted anew from there, so that a process that has run for a while can be made to die.
 * Actions: `kill` (SIGKILL to itself), `stop` (SIGSTOP to itself), `kill-pid:PID`, `stall:MS`.
 * Without a spec a failpoint is an empty function. Throws BAD_SETTINGS for a spec that cannot be read.
 */
export function createFailpoints(
  spec: string | undefined,
  options: {
    readonly log?: { warn(fields: Readonly<Record<string, unknown>>, message: string): void };
  } = {},
): Failpoint {
  if (spec === undefined || spec === '') return passBy;
  const { points, logPath, armPath } = read(spec);
  options.log?.warn({ failpoints: points.map(({ name }) => name) }, 'failpoints_armed');
  const hits = new Map<string, number>();
  let inForce = points;
  return (name) => {
    if (armPath !== null && existsSync(armPath)) {
      inForce = read(readFileSync(armPath, 'utf8').trim()).points;
      rmSync(armPath);
      hits.clear();
    }
    const hit = (hits.get(name) ?? 0) + 1;
    hits.set(name, hit);
    const armed = inForce.filter((point) => point.name === name && point.hit === hit);
    return armed.length === 0 ? undefined : actAll(armed, logPath);
  };
}

function read(spec: string): Extract<ParsedFailpoints, { kind: 'parsed' }> {
  const parsed = parseFailpoints(spec);
  if (parsed.kind === 'parsed') return parsed;
  throw new PetitError(
    'BAD_SETTINGS',
    `failpoint ${JSON.stringify(parsed.part)}: ${parsed.wanted}`,
  );
}

function passBy(): void {}

function actAll(armed: readonly ArmedPoint[], logPath: string | null): void | Promise<void> {
  let stall: Promise<void> | undefined;
  for (const point of armed) {
    if (logPath !== null) appendFileSync(logPath, lineOf(point), { mode: 0o600 });
    const waits = act(point.action);
    if (waits !== undefined) stall = stall === undefined ? waits : stall.then(() => waits);
  }
  return stall;
}

function act(action: FailAction): Promise<void> | undefined {
  switch (action.kind) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return undefined;
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      return undefined;
    case 'kill_pid':
      process.kill(action.pid, 'SIGKILL');
      return undefined;
    case 'stall':
      return pause(action.stallMs);
    default:
      return action satisfies never;
  }
}

function lineOf({ name, hit }: ArmedPoint): string {
  const at = Math.round(performance.timeOrigin + performance.now());
  return `${JSON.stringify({ name, pid: process.pid, at, hit })}\n`;
}

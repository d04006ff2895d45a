/** What happens at an armed place. */
export type FailAction =
  | { readonly kind: 'kill' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'kill_pid'; readonly pid: number }
  | { readonly kind: 'stall'; readonly stallMs: number };

/** A place, the pass at which it acts (from 1), and what it does. */
export interface ArmedPoint {
  readonly name: string;
  readonly hit: number;
  readonly action: FailAction;
}

export type ParsedFailpoints =
  | {
      readonly kind: 'parsed';
      readonly points: readonly ArmedPoint[];
      readonly logPath: string | null;
      readonly armPath: string | null;
    }
  | { readonly kind: 'wrong'; readonly part: string; readonly wanted: string };

const POINT = /^([a-z0-9][a-z0-9._-]*)=([a-z-]+)(?::([0-9]{1,9}))?(?:@([1-9][0-9]{0,8}))?$/i;

/** Takes a list of armed places apart; see `createFailpoints` for its form. */
export function parseFailpoints(spec: string): ParsedFailpoints {
  const points: ArmedPoint[] = [];
  let logPath: string | null = null;
  let armPath: string | null = null;
  for (const part of spec.split(',')) {
    if (part.startsWith('log:')) {
      logPath = part.slice('log:'.length);
      continue;
    }
    if (part.startsWith('arm:')) {
      armPath = part.slice('arm:'.length);
      continue;
    }
    const point = parsePoint(part);
    if (point === null) {
      return {
        kind: 'wrong',
        part,
        wanted: 'wanted NAME=kill, stop, kill-pid:PID or stall:MS, each with @HIT or without',
      };
    }
    points.push(point);
  }
  return { kind: 'parsed', points, logPath, armPath };
}

function parsePoint(part: string): ArmedPoint | null {
  const [, name, word, argument, hit = '1'] = POINT.exec(part) ?? [];
  const action = word === undefined ? null : parseAction(word, argument);
  return name === undefined || action === null ? null : { name, hit: Number(hit), action };
}

function parseAction(word: string, argument: string | undefined): FailAction | null {
  const number = argument === undefined ? null : Number(argument);
  switch (word) {
    case 'kill':
    case 'stop':
      return number === null ? { kind: word } : null;
    case 'kill-pid':
      return number === null || number < 2 ? null : { kind: 'kill_pid', pid: number };
    case 'stall':
      return number === null ? null : { kind: 'stall', stallMs: number };
    default:
      return null;
  }
}

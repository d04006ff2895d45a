import { nodeNameSchema, type Labels, type NodeName } from '@petit/model';
import {
  choiceSetting,
  integerSetting,
  labelsSetting,
  LOG_LEVELS,
  optionalSetting,
  readSettings,
  textSetting,
  unknownSettings,
  type Environment,
  type LogLevel,
  type Setting,
} from '@petit/daemon';

/** What a stopping agent does with the tasks that run: leaves them to their supervisor, or ends them. */
export const STOP_MODES = ['leave', 'end'] as const;
export type StopMode = (typeof STOP_MODES)[number];

/** How a worker is set up, by environment variables. */
export interface WorkerSettings {
  /** `PETIT_DATA_DIR` */
  readonly dataDir: string;
  /** `PETIT_NODE`: the name to join with. */
  readonly node: NodeName;
  /** `PETIT_LABELS`: set by hand, over those detected. */
  readonly labels: Labels;
  /** `PETIT_SLOTS`: how many one-slot tasks run at once. */
  readonly slots: number;
  /** `PETIT_JOIN_FILE`: holds an invitation, now or later. */
  readonly joinFile: string | null;
  /** `PETIT_LOG_LEVEL` */
  readonly logLevel: LogLevel;
  /** `PETIT_ON_STOP` */
  readonly onStop: StopMode;
  /** `PETIT_FAILPOINT`: for tests. */
  readonly failpoint: string | null;
  /** `PETIT_FAILPOINT_SUPERVISOR`: the same for the supervisors that it starts. */
  readonly supervisorFailpoint: string | null;
  /** Variables that begin with `PETIT_` and mean nothing here. */
  readonly unknown: readonly string[];
}

/** What the defaults are worked out from. */
export interface BoardFacts {
  readonly hostname: string;
  readonly cpuCount: number;
  readonly isRoot: boolean;
  readonly homeDir: string;
}

/** Reads the settings of a worker. Throws BAD_SETTINGS with every mistake at once. */
export function readWorkerSettings(environment: Environment, board: BoardFacts): WorkerSettings {
  const spec = {
    dataDir: textSetting('PETIT_DATA_DIR', defaultDataDir(environment, board)),
    node: nodeSetting('PETIT_NODE', nameOfHost(board.hostname)),
    labels: labelsSetting('PETIT_LABELS'),
    slots: integerSetting('PETIT_SLOTS', { min: 1, max: 10_000, fallback: board.cpuCount }),
    joinFile: optionalSetting('PETIT_JOIN_FILE'),
    logLevel: choiceSetting('PETIT_LOG_LEVEL', LOG_LEVELS, 'info'),
    onStop: choiceSetting('PETIT_ON_STOP', STOP_MODES, 'leave'),
    failpoint: optionalSetting('PETIT_FAILPOINT'),
    supervisorFailpoint: optionalSetting('PETIT_FAILPOINT_SUPERVISOR'),
  };
  const settings = readSettings(environment, spec);
  const known = Object.values(spec).map(({ variable }) => variable);
  return { ...settings, unknown: unknownSettings(environment, 'PETIT_', known) };
}

function nodeSetting(variable: string, fallback: string): Setting<NodeName> {
  return {
    variable,
    parse: (text = fallback) => {
      const parsed = nodeNameSchema.safeParse(text);
      return parsed.success
        ? { kind: 'value', value: parsed.data }
        : { kind: 'wrong', wanted: `it ${parsed.error.issues[0]?.message ?? 'must be a name'}` };
    },
  };
}

/** A host's name as a node name: what may not stand in one becomes a dash. */
export function nameOfHost(hostname: string): string {
  const [first = ''] = hostname.split('.');
  const name = first
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
  return name === '' ? 'worker' : name;
}

function defaultDataDir(environment: Environment, { isRoot, homeDir }: BoardFacts): string {
  if (isRoot) return '/var/lib/petit-worker';
  const dataHome = environment['XDG_DATA_HOME'];
  const base = dataHome === undefined || dataHome === '' ? `${homeDir}/.local/share` : dataHome;
  return `${base}/petit-worker`;
}

import { NAME_RULE, nodeNameSchema, PetitError, type NodeName } from '@petit/model';

/** What the command line asks for. */
export type WorkerCommand =
  | { readonly kind: 'join'; readonly token: string; readonly name: NodeName | null }
  | { readonly kind: 'run' }
  | { readonly kind: 'drain' }
  | { readonly kind: 'health' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

export const HELP = `petit-worker: the agent of one board

  petit-worker join TOKEN [--name NAME]   become a member of a cluster
  petit-worker run                        take tasks and run them, until stopped
  petit-worker drain                      let the running agent finish what it has, then end
  petit-worker health                     say how the running agent does; exit 0 when it does well

TOKEN is what "petit-ctl nodes invite" prints; "-" reads it from standard input, so that it is in
no shell history and no list of processes. NAME is the host's name unless given.

  petit-worker join petit-join-1.eyJ2Ijox... --name cube3

Settings, by environment variable:
  PETIT_DATA_DIR   where the worker keeps its key, its journal and what its tasks print
  PETIT_NODE       the name to join with
  PETIT_LABELS     labels set by hand: disk=ssd,room=cellar
  PETIT_SLOTS      how many tasks run at once; the number of processors unless set
  PETIT_JOIN_FILE  a file with an invitation: "run" waits for it and joins by itself
  PETIT_ON_STOP    leave (default) or end the running tasks when stopped
  PETIT_LOG_LEVEL  trace, debug, info (default), warn, error, silent

SIGTERM and SIGINT stop it, SIGUSR2 drains it.
`;

/** Reads the command line. Throws BAD_REQUEST, saying what was wanted. */
export function parseArguments(args: readonly string[]): WorkerCommand {
  const [command, ...rest] = args;
  if (command === undefined || command === 'help' || rest.concat(command).some(isHelp))
    return { kind: 'help' };
  switch (command) {
    case 'join':
      return parseJoin(rest);
    case 'run':
    case 'drain':
    case 'health':
      if (rest.length > 0) throw wrong(`"${command}" takes no arguments, got "${rest.join(' ')}"`);
      return { kind: command };
    case 'version':
    case '--version':
    case '-V':
      return { kind: 'version' };
    default:
      throw wrong(`there is no command "${command}"; wanted join, run, drain or health`);
  }
}

function parseJoin(args: readonly string[]): WorkerCommand {
  const words = args.flatMap((arg) =>
    arg.startsWith('--name=') ? ['--name', arg.slice('--name='.length)] : [arg],
  );
  const at = words.indexOf('--name');
  const name = at < 0 ? null : words[at + 1];
  if (name === undefined || name === '') throw wrong('--name wants the name of this board');
  const others = at < 0 ? words : words.toSpliced(at, 2);
  const [token, ...surplus] = others;
  if (token === undefined)
    throw wrong('"join" wants the token that "petit-ctl nodes invite" prints');
  const stray = [token, ...surplus].find((word) => word.startsWith('-') && word !== '-');
  if (stray !== undefined) throw wrong(`"join" has no option "${stray}"; wanted --name NAME`);
  if (surplus.length > 0) throw wrong(`"join" takes one token, got also "${surplus.join(' ')}"`);
  return { kind: 'join', token, name: name === null ? null : parseName(name) };
}

function parseName(text: string): NodeName {
  const parsed = nodeNameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw wrong(`--name ${JSON.stringify(text)}: a node's name is ${NAME_RULE}`);
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h';
}

function wrong(message: string): PetitError {
  return new PetitError('BAD_REQUEST', `${message}; see petit-worker --help`);
}

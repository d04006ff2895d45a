import { Command, CommanderError } from 'commander';
import { ERROR_TABLE } from '@petit/model';
import { COMMANDS, type CommandEntry } from '../commands/command-list.js';
import type { CtlContext } from './context.js';
import { reportError } from './report-error.js';

const USAGE_EXIT_CODE = ERROR_TABLE.BAD_REQUEST.exitCode;

/** Runs petit-ctl and resolves with its exit code. */
export async function runCtl(context: CtlContext): Promise<number> {
  try {
    const program = await buildProgram(context);
    await program.parseAsync(context.args, { from: 'user' });
    return 0;
  } catch (error) {
    // commander has said what is wrong, or has printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
    return reportError(error, context);
  }
}

async function buildProgram(context: CtlContext): Promise<Command> {
  const { stdout, stderr } = context;
  const program = new Command('petit-ctl')
    .description('Trigger, watch and explain the jobs of a Petit cluster.')
    .version(context.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      outputError: (text, write) => write(text.replace(/^error:/, 'petit-ctl:')),
    })
    .addHelpText('after', EPILOGUE);
  const wanted = commandIn(context.args);
  for (const entry of COMMANDS) {
    if (wanted.includes(entry.name)) (await entry.load())(program, context);
    else program.command(entry.name).summary(entry.summary).description(entry.summary);
  }
  return program;
}

// The command is the first word; "help runs" needs that of `runs` too.
function commandIn(args: readonly string[]): readonly CommandEntry['name'][] {
  return args.filter((arg) => !arg.startsWith('-')).slice(0, 2);
}

const EPILOGUE = `
RUN is a run id, at least its first 4 characters, "last", or "JOB:last".

Exit codes: 0 well, 1 the run failed (or lint --strict, doctor or import --shadow found something), 2 wrong usage or job
file, 3 not found, 4 no leader, 5 not allowed, 6 not possible now, 7 the wait timed out.

Examples:
  petit-ctl up examples
  petit-ctl trigger backup --wait
  petit-ctl logs backup:last --follow`;

import type { CtlContext } from '../cli/context.js';
import { LogPrinter } from './log-printer.js';
import { paletteFor } from './palette.js';

/** A printer of logs to stdout that says on stderr when something is missing in front of what it prints. */
export function openLogPrinter(options: {
  readonly context: CtlContext;
  readonly named: boolean;
}): LogPrinter {
  const { context, named } = options;
  const { stdout, stderr } = context;
  const notes = paletteFor(stderr, context);
  return new LogPrinter({
    output: stdout,
    palette: paletteFor(stdout, context),
    named,
    onGap: ({ key, stream }, missingBytes) => {
      const text = `${key}, ${stream}: ${missingBytes} bytes before this are on the board only`;
      stderr.write(`${notes.dim(`(${text})`)}\n`);
    },
  });
}

import type { CtlContext } from '../../cli/context.js';
import { paletteFor, type Palette } from '../../show/palette.js';
import type { RunProgress } from '../../show/run-progress.js';
import { cutToWidth } from '../../show/text-width.js';
import type { ChildDeath } from './child-program.js';
import { readableLogLine } from './log-line.js';

const LABEL_WIDTH = 11;

/** What `up` says beside the run that it draws. */
export class Announcer {
  readonly palette: Palette;
  readonly #context: CtlContext;
  /** While a run is drawn, what is said goes above it. */
  progress: RunProgress | null = null;

  constructor(context: CtlContext) {
    this.#context = context;
    this.palette = paletteFor(context.stdout, context);
  }

  say(line: string): void {
    if (this.progress === null) this.#context.stdout.write(`${line}\n`);
    else this.progress.note(line);
  }

  /** A line with a name in front, as `  leader    http://…`. */
  tell(label: string, text: string): void {
    this.say(`  ${this.palette.dim(label.padEnd(LABEL_WIDTH))}${text}`);
  }

  /** As `tell`, for text without colours that is cut to the width of the terminal. */
  tellCut(label: string, text: string): void {
    const width = this.#context.stdout.columns ?? Number.POSITIVE_INFINITY;
    this.tell(label, cutToWidth(text, width - LABEL_WIDTH - 2));
  }

  death({ name, how, lastLines, logPath, again }: ChildDeath): void {
    const { palette } = this;
    const next = again ? 'it is started again' : 'it is not started again';
    this.say(`  ${palette.red(name.padEnd(LABEL_WIDTH))}ended by itself (${how}); ${next}`);
    const width = this.#context.stdout.columns ?? Number.POSITIVE_INFINITY;
    for (const line of lastLines) {
      this.say(palette.dim(`  ┆ ${cutToWidth(readableLogLine(line), width - 4)}`));
    }
    this.say(palette.dim(`  ┆ all of it: ${logPath}`));
  }
}

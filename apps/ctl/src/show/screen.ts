import type { CtlContext, Output } from '../cli/context.js';
import { paletteFor, type Palette } from './palette.js';

/** What a thing is drawn for: colours, width, and the instant that "ago" counts from. */
export interface Screen {
  readonly palette: Palette;
  /** Columns of the terminal; null is no terminal, nothing is cut. */
  readonly width: number | null;
  readonly now: number;
}

/** The screen of an output, as it is now. */
export function screenOf(output: Output, context: CtlContext): Screen {
  return {
    palette: paletteFor(output, context),
    width: output.isTerminal ? output.columns : null,
    now: context.now(),
  };
}

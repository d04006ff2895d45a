import pc from 'picocolors';
import type { CtlContext, Output } from '../cli/context.js';

export type Paint = (text: string) => string;

/** The colours of an output and the marks it can show; without colours every paint leaves the text as it is. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
  readonly magenta: Paint;
  /** Whether marks beyond ASCII are shown as they should be. */
  readonly unicode: boolean;
}

/** The palette for an output: colours only on a terminal, and not where `NO_COLOR` is set (https://no-color.org). */
export function paletteFor(output: Output, context: CtlContext): Palette {
  const { environment } = context;
  const dumb = environment['TERM'] === 'dumb';
  const forced = (environment['FORCE_COLOR'] ?? '0') !== '0';
  const plain = (environment['NO_COLOR'] ?? '') !== '' || dumb || !(output.isTerminal || forced);
  const { bold, dim, red, green, yellow, blue, cyan, magenta } = pc.createColors(!plain);
  return { bold, dim, red, green, yellow, blue, cyan, magenta, unicode: hasUnicode(context) };
}

function hasUnicode({ environment }: CtlContext): boolean {
  if (['linux', 'dumb'].includes(environment['TERM'] ?? '')) return false;
  const locale = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  // A bare container sets no locale, and its terminal is one of today; who sets "C" means it.
  return locale === undefined || /utf-?8/i.test(locale);
}

import type { Check } from '../doctor/check.js';
import type { Paint, Palette } from './palette.js';
import type { Screen } from './screen.js';
import { visibleLine } from './visible-text.js';
import { wrapText } from './wrap-text.js';

const ABOUT_WIDTH = 14;
const LEVEL_WIDTH = 6;
const INDENT = ' '.repeat(LEVEL_WIDTH + ABOUT_WIDTH);

/** Checks as lines: how it is, what it is about, what was found, and below that what to do. */
export function showChecks(checks: readonly Check[], screen: Screen): readonly string[] {
  return checks.flatMap((check) => checkLines(check, screen));
}

function checkLines({ level, about, text, advice }: Check, screen: Screen): readonly string[] {
  const { palette, width } = screen;
  const room = width === null ? null : Math.max(20, width - INDENT.length);
  const [first = '', ...rest] = wrapText(visibleLine(text), room);
  const head = paintOf(level, palette)(level.padEnd(LEVEL_WIDTH));
  return [
    `${head}${palette.bold(about.padEnd(ABOUT_WIDTH))}${first}`,
    ...rest.map((line) => `${INDENT}${line}`),
    ...(advice === null
      ? []
      : wrapText(visibleLine(`→ ${advice}`), room, '  ').map(
          (line) => `${INDENT}${palette.dim(palette.unicode ? line : line.replace('→', '>'))}`,
        )),
  ];
}

function paintOf(level: Check['level'], palette: Palette): Paint {
  switch (level) {
    case 'ok':
      return palette.green;
    case 'warn':
      return palette.yellow;
    case 'fail':
      return palette.red;
    default:
      return level satisfies never;
  }
}

import type { Finding } from '../lint/finding.js';
import type { FindingPlace } from '../lint/lint-source.js';
import type { Screen } from './screen.js';
import { visibleLine } from './visible-text.js';
import { wrapText } from './wrap-text.js';

/** A finding where it stands. */
export interface PlacedFinding extends Finding {
  readonly place: FindingPlace;
}

const INDENT = '  ';
const LABEL_WIDTH = 7;

/** Findings as lines: place, rule and what was found, then why that matters and what to write instead. */
export function showFindings(
  findings: readonly PlacedFinding[],
  screen: Screen,
): readonly string[] {
  return findings.flatMap((finding, index) => [
    ...(index === 0 ? [] : ['']),
    ...findingLines(finding, screen),
  ]);
}

function findingLines(finding: PlacedFinding, screen: Screen): readonly string[] {
  const { palette } = screen;
  const paint = finding.level === 'warning' ? palette.yellow : palette.cyan;
  const head = `${palette.bold(visibleLine(placeText(finding.place)))}  ${paint(finding.level)}  ${palette.dim(finding.rule)}`;
  return [
    head,
    ...labelled('', finding.what, screen),
    ...labelled('why', finding.why, screen),
    ...labelled('write', finding.suggestion, screen),
  ];
}

function labelled(label: string, text: string, { palette, width }: Screen): readonly string[] {
  const space = label === '' ? 0 : LABEL_WIDTH;
  const room = width === null ? null : Math.max(20, width - INDENT.length - space);
  return wrapText(visibleLine(text), room).map((line, index) => {
    const before =
      index === 0 ? palette.dim(label) + ' '.repeat(space - label.length) : ' '.repeat(space);
    return `${INDENT}${before}${line}`;
  });
}

/** `jobs/backup.yaml:4:12`, or the job's id. */
function placeText(place: FindingPlace): string {
  return place.kind === 'file' ? `${place.path}:${place.line}:${place.column}` : place.jobId;
}

import { cutToWidth } from '../../show/text-width.js';
import { visibleLine } from '../../show/visible-text.js';
import { wrapText } from '../../show/wrap-text.js';
import type { CarriedJob } from './carried-job.js';
import type { NotCarried, NotCarriedKind } from './not-carried.js';
import { yamlBlock, yamlText } from './yaml-text.js';

const NAME_WIDTH = 60;
const COMMENT_WIDTH = 110;

/**
 * The job file of a carried line, as a person would have written it. Where cron's line says something that the file
 * cannot carry, a comment stands at that place.
 */
export function renderJob(job: CarriedJob): string {
  const lines = [
    ...origin(job),
    `id: ${yamlText(job.id)}`,
    `name: ${yamlText(titleOf(job))}`,
    ...description(job),
    '',
    ...timing(job),
    '',
    'tasks:',
    '  - id: run',
    ...action(job),
  ];
  return `${lines.join('\n')}\n`;
}

function origin({ entry, notCarried }: CarriedJob): readonly string[] {
  const named = comments(notCarried, ['unlogged', 'backslash', 'unended'], '');
  return [
    `# From line ${entry.line} of ${visibleLine(entry.path)}:`,
    '#',
    `#   ${visibleLine(entry.raw.replaceAll('\t', ' '))}`,
    ...(named.length === 0 ? [] : ['#', ...named]),
  ];
}

/** The command on one line, cut where it is long. */
function titleOf({ run }: CarriedJob): string {
  return cutToWidth(visibleLine(run.command).replace(/\s+/g, ' ').trim(), NAME_WIDTH);
}

function description({ entry }: CarriedJob): readonly string[] {
  if (entry.comment.length === 0) return [];
  return [`description: ${yamlBlock(entry.comment.join('\n'), '  ')}`];
}

function timing({ schedule, timezone, notCarried }: CarriedJob): readonly string[] {
  const named = comments(
    notCarried,
    ['reboot', 'never_due', 'random', 'random_delay', 'own_zone'],
    '',
  );
  if (schedule === null) return named;
  const dst =
    schedule.dst === null
      ? []
      : [`  dst: { gap: ${schedule.dst.gap}, overlap: ${schedule.dst.overlap} }`];
  return [
    ...named,
    'schedule:',
    `  cron: ${yamlText(schedule.text)}`,
    `  timezone: ${yamlText(timezone)}`,
    ...dst,
    '',
    '# Cron starts a command whether or not its last run has ended, and makes up for nothing that it missed.',
    'overlap: allow',
    'catchup: none',
  ];
}

function action({ shell, environment, notCarried, node }: CarriedJob): readonly string[] {
  const args = shell.args.map((text) => `      - ${yamlBlock(text, '        ')}`);
  const variables = [...environment].flatMap(([name, value]) => [
    ...(name === 'MAILTO' ? comments(notCarried, ['mail'], '      ') : []),
    `      ${keyText(name)}: ${yamlText(value)}`,
  ]);
  return [
    ...comments(notCarried, ['user'], '    '),
    '    type: command',
    `    command: ${yamlText(shell.program)}`,
    '    args:',
    ...args,
    '    environment:',
    ...variables,
    ...(node === null ? [] : [`    runs_on: { node: ${yamlText(node)} }`]),
  ];
}

/** A name that no reader of YAML takes for something else stands without quotes. */
function keyText(name: string): string {
  return /^[A-Z][A-Z0-9]*_[A-Z0-9_]*$|^(?:SHELL|PATH|HOME|LOGNAME|USER|MAILTO|LANG|TZ)$/.test(name)
    ? name
    : `'${name.replaceAll("'", "''")}'`;
}

function comments(
  all: readonly NotCarried[],
  kinds: readonly NotCarriedKind[],
  indent: string,
): readonly string[] {
  return all
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ what, meaning }) => {
      const text = `Not carried: ${visibleLine(what)}. ${sentence(visibleLine(meaning))}`;
      return wrapText(text, COMMENT_WIDTH - indent.length).map((line) => `${indent}# ${line}`);
    });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

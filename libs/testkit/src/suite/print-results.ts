import { countOf, type FileResult } from './test-result.js';

/** One line per file, as it ends. */
export function progressLine({ file, results, durationMs }: FileResult): string {
  const isFailed = countOf(results, 'failed') > 0;
  const seconds = (durationMs / 1000).toFixed(1);
  return `${isFailed ? 'FAIL' : 'ok  '} ${file}  ${results.length} in ${seconds} s`;
}

/** The failures with their messages, the skips with their reasons, and the one line of totals. */
export function summary(files: readonly FileResult[]): string {
  const results = files.flatMap((file) => file.results);
  const skips = countOf(results, 'skipped');
  const totals = [
    `${countOf(results, 'passed')} passed`,
    `${countOf(results, 'failed')} failed`,
    ...(skips > 0 ? [`${skips} skipped`] : []),
  ];
  return [...files.flatMap(failuresOf), ...skipTable(files), totals.join(', ')].join('\n');
}

function failuresOf({ file, results, output }: FileResult): readonly string[] {
  const failures = results.flatMap(({ title, outcome }) =>
    outcome.kind === 'failed'
      ? [`\nFAILED ${title}\n  ${file}\n${indent(outcome.message.trimEnd())}`]
      : [],
  );
  if (failures.length === 0 || output.trim() === '') return failures;
  return [...failures, `\n  ${file} printed:\n${indent(output.trimEnd())}`];
}

function skipTable(files: readonly FileResult[]): readonly string[] {
  const rows = files.flatMap(({ file, results }) =>
    results.flatMap(({ title, outcome }) =>
      outcome.kind === 'skipped' ? [`  ${file}  ${title}: ${outcome.reason}`] : [],
    ),
  );
  return rows.length === 0 ? [] : ['\nnot run:', ...rows];
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

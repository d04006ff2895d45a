import { ERROR_TABLE } from '@petit/model';
import { markdownTable } from './markdown-table.js';

/** `docs/reference/errors.md`: every code a person or a program can meet, from the table that the code acts by. */
export function renderErrors(): string {
  const rows = Object.entries(ERROR_TABLE);
  const codes = rows.map(([code, row]) => [
    `\`${code}\``,
    String(row.httpStatus),
    String(row.exitCode),
    row.retryable ? 'yes' : 'no',
    row.meaning,
  ]);
  const exitCodes = [...new Set(rows.map(([, row]) => row.exitCode))].sort((a, b) => a - b);
  const byExitCode = exitCodes.map((exitCode) => [
    String(exitCode),
    rows
      .filter(([, row]) => row.exitCode === exitCode)
      .map(([code]) => `\`${code}\``)
      .join(', '),
  ]);
  return `# Errors

<!-- Written by libs/testkit/bin/docs.mjs from libs/model/src/errors/error-table.ts. -->

What the API answers with, what \`petit-ctl\` ends with, and whether the same thing is worth another try.
An answer of the API is \`{"error": "<a sentence>", "code": "<the code>"}\`.

${markdownTable(['code', 'HTTP status', 'exit code', 'try again', 'meaning'], codes)}
## Exit codes

\`petit-ctl\` ends with 0 when it did what was asked.

${markdownTable(['exit code', 'codes'], [...byExitCode])}`;
}

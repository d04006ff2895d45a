/** A table in Markdown, columns padded so that it can be read as it stands. */
export function table(header, rows) {
  const all = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column].length), 3));
  const line = (row) => `| ${row.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`;
  const [first, ...rest] = all.map(line);
  return [first, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest].join('\n');
}

/** The document of all that was measured. */
export function document(sections, { title, intro }) {
  const goals = sections.flatMap((section) => section.goals);
  const parts = [`# ${title}`, intro];
  if (goals.length > 0) parts.push('## Goals', goalTable(goals));
  for (const section of sections) parts.push(`## ${section.title}`, section.text);
  return `${parts.join('\n\n')}\n`;
}

/** Goals beside what was measured. A goal is `{what, wanted, measured, isMet}`. */
export function goalTable(goals) {
  return table(
    ['goal', 'wanted', 'measured', ''],
    goals.map(({ what, wanted, measured, isMet }) => [
      what,
      wanted,
      measured,
      isMet ? 'met' : '**missed**',
    ]),
  );
}

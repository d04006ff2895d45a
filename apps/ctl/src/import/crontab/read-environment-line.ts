/** A variable that a line sets. */
export interface EnvironmentLine {
  readonly name: string;
  readonly value: string;
}

/**
 * Reads `NAME = value` as `load_env` of Vixie's cron does, or answers null when the line is none: blanks around `=` do
 * not count, name and value may each stand in quotes of either kind, in which everything is itself; without quotes the
 * blanks at the end are dropped. Nothing is expanded: `PATH=$HOME/bin` holds a dollar sign.
 */
export function readEnvironmentLine(line: string): EnvironmentLine | null {
  const [, name, value = ''] = ASSIGNMENT.exec(line) ?? [];
  if (name === undefined) return null;
  const read = valueOf(value);
  const bare = withoutQuotes(name);
  return read === null || bare === '' ? null : { name: bare, value: read };
}

const ASSIGNMENT = /^[ \t]*("[^"=]*"|'[^'=]*'|[^\s="'][^\s=]*)[ \t]*=[ \t]*(.*)$/s;

/** Null for what cron does not take: a quote that does not end, or something after it. */
function valueOf(text: string): string | null {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text.trimEnd();
  const end = text.indexOf(quote, 1);
  return end < 0 || text.slice(end + 1).trim() !== '' ? null : text.slice(1, end);
}

function withoutQuotes(name: string): string {
  return /^(["']).*\1$/s.test(name) ? name.slice(1, -1) : name;
}

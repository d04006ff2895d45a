/**
 * Which numbers and truth values may stand where a text is wanted, since each is taken as it is written: all of them,
 * those that do not begin with "-", or none.
 */
export type Scalars = 'all' | 'not_negative' | 'none';

/** What is known of a text beside that it is one: for the JSON Schema, which is made of it. */
export interface TextMeta extends Record<string, unknown> {
  readonly title: string;
  readonly pattern: string;
  readonly 'x-scalars': Scalars;
}

/** What a text whose pattern is known says of itself. */
export function patternMeta({
  title,
  pattern,
  scalars,
}: {
  readonly title: string;
  readonly pattern: RegExp;
  readonly scalars: Scalars;
}): TextMeta {
  // The numbers of the groups mean nothing to a reader of the schema.
  return { title, pattern: pattern.source.replaceAll('([', '(?:['), 'x-scalars': scalars };
}

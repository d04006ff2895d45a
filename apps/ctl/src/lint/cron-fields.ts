/** The fields of a cron text, as their names in messages. */
export type FieldName = 'second' | 'minute' | 'hour' | 'day of month' | 'month' | 'day of week';

/** One field of a cron text as it is written. */
export interface TextField {
  readonly name: FieldName;
  readonly text: string;
  /** Which of the fields it is, from 0. */
  readonly index: number;
}

const NAMES: readonly FieldName[] = [
  'second',
  'minute',
  'hour',
  'day of month',
  'month',
  'day of week',
];

/** The fields of a text of five or six; empty for a shortcut such as `@daily`. */
export function cronFields(text: string): readonly TextField[] {
  const pieces = text.split(/\s+/).filter((piece) => piece !== '');
  if (text.startsWith('@')) return [];
  const skipped = NAMES.length - pieces.length;
  return pieces.flatMap((piece, index) => {
    const name = NAMES[index + skipped];
    return name === undefined ? [] : [{ name, text: piece, index }];
  });
}

/** A text with some of its fields written otherwise. */
export function withFields(
  text: string,
  changes: Partial<Readonly<Record<FieldName, string>>>,
): string {
  return cronFields(text)
    .map((field) => changes[field.name] ?? field.text)
    .join(' ');
}

/** The field of that name, or null. */
export function fieldOf(text: string, name: FieldName): TextField | null {
  return cronFields(text).find((field) => field.name === name) ?? null;
}

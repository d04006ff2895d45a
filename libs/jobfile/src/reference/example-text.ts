import type { JsonValue } from '@petit/model';

/** Text that YAML reads as it stands, also between braces. */
const PLAIN = /^[A-Za-z/][\w/.@ -]*$/;
const WORDS_OF_YAML = /^(?:true|false|null|yes|no|on|off)$/i;

/** An example as a person would write it in a file, in one line. */
export function exampleText(value: JsonValue): string {
  if (typeof value === 'string') return scalarText(value);
  if (Array.isArray(value)) return `[${value.map(exampleText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const pairs = Object.entries(value).map(([key, one]) => `${key}: ${exampleText(one)}`);
  return `{ ${pairs.join(', ')} }`;
}

function scalarText(text: string): string {
  const isPlain = (PLAIN.test(text) && !WORDS_OF_YAML.test(text)) || /^[0-9]+[a-z]+$/.test(text);
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`;
}

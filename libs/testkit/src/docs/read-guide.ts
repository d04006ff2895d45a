import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const GUIDES = fileURLToPath(new URL('../../../../docs/guide/', import.meta.url));

/**
 * The lines of all blocks of one language (`sh`, `conf`, `env`) in a page of `docs/guide`, so that a test does what the
 * page says and not what its author remembers. `replacements` puts what is true in the test for what stands in the page.
 * Throws when there is no such block.
 */
export function guideLines(
  page: string,
  language: string,
  replacements: Readonly<Record<string, string>> = {},
): readonly string[] {
  const text = readFileSync(`${GUIDES}${page}.md`, 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  const lines = blocks
    .filter(([, found]) => found === language)
    .flatMap(([, , body = '']) => body.split('\n').filter((line) => line !== ''));
  if (lines.length === 0) throw new Error(`docs/guide/${page}.md has no block of ${language}`);
  return lines.map((line) =>
    Object.entries(replacements).reduce((done, [from, to]) => done.replaceAll(from, to), line),
  );
}

/** Lines of the form `name value` or `NAME=value` as a record. */
export function asSettings(
  lines: readonly string[],
  separator: ' ' | '=',
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(separator);
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

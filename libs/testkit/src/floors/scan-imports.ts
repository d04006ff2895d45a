/** An import, re-export or `import()` as it stands in a source text. */
export interface FoundImport {
  readonly specifier: string;
  /** 1-based. */
  readonly line: number;
}

const QUOTED = String.raw`'[^'\n]*'|"[^"\n]*"`;
// In this order: what is found earlier hides what stands inside it.
const TOKENS = new RegExp(
  [
    String.raw`//.*`,
    String.raw`/\*[^]*?\*/`,
    // A regular expression stands where a value may begin; its quotes open no string.
    String.raw`(?<=[(=,:[!&|?{};]\s*|\breturn\s+)/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+/`,
    String.raw`\bimport\s*\(\s*(?<dynamic>${QUOTED})`,
    String.raw`\b(?:import|export)\b(?:[^'"\`;=()]*?\bfrom)?\s*(?<fixed>${QUOTED})`,
    String.raw`'(?:\\.|[^'\\\n])*'`,
    String.raw`"(?:\\.|[^"\\\n])*"`,
    '`(?:\\\\.|[^`\\\\])*`',
  ].join('|'),
  'g',
);

/**
 * Finds the imports of a TypeScript text, types included, by its tokens and not by a full grammar:
 * one inside a comment or a string is none. (A template nested in a template hides what follows it
 * up to the next one; imports stand above such code.)
 */
export function scanImports(text: string): readonly FoundImport[] {
  return [...text.matchAll(TOKENS)].flatMap(({ groups, index }) => {
    const quoted = groups?.['fixed'] ?? groups?.['dynamic'];
    if (quoted === undefined) return [];
    return [{ specifier: quoted.slice(1, -1), line: text.slice(0, index).split('\n').length }];
  });
}

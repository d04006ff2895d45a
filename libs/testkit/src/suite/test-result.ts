/** How one test ended. A skip carries its reason; a failure what a person reads to mend it. */
export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'skipped'; readonly reason: string };

/** One test of one file, or one check of the whole tree (lint, format, ...). */
export interface TestResult {
  readonly title: string;
  readonly outcome: Outcome;
}

/** What running one test file, or one check, gave. */
export interface FileResult {
  readonly file: string;
  readonly results: readonly TestResult[];
  readonly durationMs: number;
  /** What the file printed, the last part of it; shown when something failed. */
  readonly output: string;
}

/** How many of the results ended so. */
export function countOf(results: readonly TestResult[], kind: Outcome['kind']): number {
  return results.filter(({ outcome }) => outcome.kind === kind).length;
}

/**
 * What a job file may be at most. They are there for hostile files: each was chosen so that a file just within them is
 * read in about a second on a small board and within 100 MB, while a graph of 10,000 tasks still loads.
 */
export const FILE_LIMITS = {
  sizeBytes: 1_048_576,
  /** Pieces that the text is cut into: indicators, words, blanks. Time and memory grow with these, not with the size. */
  lexemes: 400_000,
  /** Scalars, and twice the lists and maps: what takes memory. A graph of 10,000 tasks has 160,000. */
  values: 170_000,
  /** Entries of one list or map. */
  entries: 20_000,
  /** Entries that only signs make, such as the second one of `[a,,b]`: each is a mistake. */
  emptyEntries: 1_000,
  /** Levels of the parser's own stack, which grows by up to three for one level of nesting. */
  parserDepth: 200,
  /** Lists and maps within one another. */
  depth: 50,
  aliases: 200,
  /** Values that may come to be through aliases, all together. */
  aliasedValues: 20_000,
  /** Problems that are told of one file; the rest is counted. */
  problems: 100,
} as const;

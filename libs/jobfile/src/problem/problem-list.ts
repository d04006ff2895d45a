import { FILE_LIMITS } from '../text/limits.js';
import type { LineIndex, Position } from '../text/line-index.js';
import { showText } from './quote.js';
import type { Note, NoteCode, Problem, ProblemCode } from './problem.js';

/** A mistake as it is found: at an offset of the text. */
export interface Finding {
  readonly offset: number;
  readonly code: ProblemCode;
  readonly message: string;
  readonly found?: string;
  readonly wanted?: string;
}

/** Gathers what is found in one file. Beyond a stated number the mistakes are only counted. */
export class ProblemList {
  readonly #path: string;
  readonly #lines: LineIndex;
  readonly #problems: Problem[] = [];
  readonly #notes: Note[] = [];
  readonly #seen = new Set<string>();
  #more = 0;

  constructor(path: string, lines: LineIndex) {
    this.#path = path;
    this.#lines = lines;
  }

  get isEmpty(): boolean {
    return this.#problems.length === 0;
  }

  /** The place of an offset of the text. */
  positionOf(offset: number): Position {
    return this.#lines.positionOf(offset);
  }

  /** Adds a mistake; the same one at the same place is told once, and one that is only counted is never worked out. */
  add(finding: Finding | (() => Finding)): void {
    this.addAt(() => {
      const { offset, ...rest } = typeof finding === 'function' ? finding() : finding;
      return { ...this.#lines.positionOf(offset), ...rest };
    });
  }

  /** The same, of a mistake whose place is a line and a column. */
  addAt(find: () => Omit<Problem, 'path'>): void {
    if (this.#problems.length >= FILE_LIMITS.problems) {
      this.#more += 1;
      return;
    }
    const found = find();
    // Whoever made the message: what of the file is in it must not act on a terminal.
    const problem = { path: this.#path, ...found, message: showText(found.message) };
    const key = `${problem.line}:${problem.column} ${problem.message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#problems.push(problem);
  }

  /** Adds a mistake whose place is known already. */
  addPlaced(problem: Problem): void {
    this.#problems.push(problem);
  }

  addNote(note: {
    readonly offset: number;
    readonly code: NoteCode;
    readonly message: string;
  }): void {
    const { offset, code, message } = note;
    const place = this.#lines.positionOf(offset);
    this.#notes.push({ path: this.#path, ...place, code, message: showText(message) });
  }

  get notes(): Note[] {
    return [...this.#notes].sort(byPlace);
  }

  /** The mistakes in the order of their places; when some were only counted, the last one says how many. */
  get problems(): Problem[] {
    const sorted = [...this.#problems].sort(byPlace);
    const last = sorted.at(-1);
    if (this.#more === 0 || last === undefined) return sorted;
    const message = `${this.#more} more mistakes in this file are not listed`;
    const { path, line, column } = last;
    return [...sorted, { path, line, column, code: 'more_problems', message }];
  }
}

function byPlace(a: Problem | Note, b: Problem | Note): number {
  return a.line - b.line || a.column - b.column;
}

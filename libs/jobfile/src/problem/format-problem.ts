import type { Note, Problem } from './problem.js';
import { showText } from './quote.js';

const MAX_LINE = 100;

/**
 * A mistake or a note for people: `jobs/backup.yaml:7:13  schedule "61 * * * *": minute must be 0-59`, and below it the
 * line of `sourceText` with a caret, when the text is at hand.
 */
export function formatProblem(problem: Problem | Note, sourceText: string | null): string {
  const { path, line, column, message } = problem;
  const head = `${showText(path)}:${line}:${column}  ${message}`;
  const source = sourceText?.split('\n', line)[line - 1]?.replace(/\r$/, '');
  if (source === undefined) return head;
  const { text, before } = window(source, column - 1);
  const number = String(line);
  const gutter = ' '.repeat(number.length);
  return `${head}\n  ${number} | ${text}\n  ${gutter} | ${' '.repeat(before)}^`;
}

/** The part of a line around a place, and how many characters of it stand before the place. */
function window(line: string, at: number): { readonly text: string; readonly before: number } {
  const from = line.length <= MAX_LINE ? 0 : Math.max(0, at - MAX_LINE / 2);
  const to = Math.min(line.length, from + MAX_LINE);
  const left = `${from > 0 ? '…' : ''}${show(line.slice(from, Math.min(at, to)))}`;
  const right = `${show(line.slice(Math.min(at, to), to))}${to < line.length ? '…' : ''}`;
  return { text: left + right, before: Array.from(left).length };
}

/** A tab is one blank wide here, so that the caret stands where it should. */
function show(text: string): string {
  return showText(text.replaceAll('\t', ' '));
}

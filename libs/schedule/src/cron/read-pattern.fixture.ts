import assert from 'node:assert/strict';
import { wallText } from '../calendar.js';
import type { ScheduleProblem } from '../problem.js';
import { nextMatch } from './match.js';
import { parseCron } from './parse-cron.js';
import type { CronPattern } from './pattern.js';

/** A pattern that has to be read. */
export function patternOf(text: string, jobId = 'job'): CronPattern {
  const parsed = parseCron(text, jobId);
  assert.ok(parsed.ok, `"${text}" should be read, got ${JSON.stringify(parsed)}`);
  return parsed.pattern;
}

/** What is wrong with a pattern that has to be refused. */
export function problemsOf(text: string): readonly ScheduleProblem[] {
  const parsed = parseCron(text, 'job');
  assert.ok(!parsed.ok, `"${text}" should be refused`);
  return parsed.problems;
}

/** The next `count` wall times that a pattern names, from the start of 2026 on. */
export function wallsOf(
  pattern: CronPattern,
  count: number,
  from: number = Date.UTC(2026, 0, 1),
): readonly string[] {
  const found: string[] = [];
  let at = from;
  while (found.length < count) {
    const wall = nextMatch(pattern, at);
    if (wall === null) break;
    found.push(wallText(wall));
    at = wall + 1_000;
  }
  return found;
}

/** The days of the next `count` ticks of a pattern with those day fields, at midnight; `from` is a date. */
export function daysOf(fields: string, count: number, from = '2026-01-01'): readonly string[] {
  const walls = wallsOf(patternOf(`0 0 ${fields}`), count, Date.parse(from));
  return walls.map((wall) => wall.slice(0, 10));
}

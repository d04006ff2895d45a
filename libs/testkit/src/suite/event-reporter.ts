import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';
import type { Outcome, TestResult } from './test-result.js';

/** One line of what the reporter writes, as JSON. */
export type ReportLine =
  | { readonly kind: 'started'; readonly title: string }
  | { readonly kind: 'ended'; readonly title: string; readonly result: TestResult | null };

/**
 * A reporter for `node --test-reporter`: a line when a test starts and one when it has ended. Suites
 * are not tests, and a test that failed only because one inside it did is not a second failure.
 */
// Node loads a reporter by its default export.
// oxlint-disable-next-line import/no-default-export
export default async function* reportResults(
  events: AsyncIterable<TestEvent>,
): AsyncGenerator<string, void> {
  for await (const event of events) {
    const line = toLine(event);
    if (line !== undefined) yield `${JSON.stringify(line)}\n`;
  }
}

function toLine(event: TestEvent): ReportLine | undefined {
  if (event.type === 'test:dequeue') return { kind: 'started', title: event.data.name };
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return undefined;
  return { kind: 'ended', title: event.data.name, result: toResult(event) };
}

function toResult(
  event: Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>,
): TestResult | null {
  const { name, details, skip, todo, file, line } = event.data;
  const excuse = skip ?? todo;
  if (excuse !== undefined && excuse !== false) return { title: name, outcome: skipped(excuse) };
  if (event.type === 'test:pass' && details.type === 'suite') return null;
  if (event.type === 'test:pass') return { title: name, outcome: { kind: 'passed' } };
  const { error } = event.data.details;
  if (failureType(error) === 'subtestsFailed') return null;
  const place = file === undefined ? '' : `${file}:${line}\n`;
  return { title: name, outcome: { kind: 'failed', message: place + describe(error) } };
}

// `true` or an empty text is a skip that gives no reason: nobody could ever say it is not needed.
function skipped(excuse: string | true): Outcome {
  if (excuse === true || excuse.trim() === '') {
    return { kind: 'failed', message: 'skipped without a reason; give one: t.skip("needs ...")' };
  }
  return { kind: 'skipped', reason: excuse };
}

function failureType(error: unknown): unknown {
  return error instanceof Error && 'failureType' in error ? error.failureType : undefined;
}

// The runner wraps what a test threw; its own frames in the stack say nothing about the test.
function describe(error: unknown): string {
  const thrown = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const text = thrown instanceof Error ? inspect(thrown, { depth: 4 }) : String(thrown);
  return text
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:internal/.test(line))
    .join('\n');
}

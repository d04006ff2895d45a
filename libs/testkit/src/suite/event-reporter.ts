import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';
import type { Outcome, TestResult } from './test-result.js';

/**
 * A reporter for `node --test-reporter`: one line of JSON per test, a `TestResult`. Suites are not
 * tests, and a test that failed only because one inside it did is not a second failure.
 */
// Node loads a reporter by its default export.
// oxlint-disable-next-line import/no-default-export
export default async function* reportResults(
  events: AsyncIterable<TestEvent>,
): AsyncGenerator<string, void> {
  for await (const event of events) {
    const result = toResult(event);
    if (result !== undefined) yield `${JSON.stringify(result)}\n`;
  }
}

function toResult(event: TestEvent): TestResult | undefined {
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return undefined;
  const { name, details, skip, todo, file, line } = event.data;
  const excuse = skip ?? todo;
  if (excuse !== undefined && excuse !== false) return { title: name, outcome: skipped(excuse) };
  if (event.type === 'test:pass' && details.type === 'suite') return undefined;
  if (event.type === 'test:pass') return { title: name, outcome: { kind: 'passed' } };
  const { error } = event.data.details;
  if (failureType(error) === 'subtestsFailed') return undefined;
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

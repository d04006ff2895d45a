import type { z } from 'zod';
import type { ProblemCode } from '../problem/problem.js';
import type { Path } from '../text/place.js';
import type { Plain } from '../text/read-tree.js';

/** What zod found, in the few kinds that a message is made of. */
export type ShapeIssue =
  /** The value is of none of these kinds, or is not there. */
  | { readonly kind: 'type'; readonly path: Path; readonly expected: readonly string[] }
  | { readonly kind: 'choice'; readonly path: Path; readonly values: readonly string[] }
  | {
      readonly kind: 'rule';
      readonly path: Path;
      readonly wanted: string;
      readonly code: RuleCode;
    }
  /** The key that `path` ends with is not allowed there. */
  | { readonly kind: 'key_rule'; readonly path: Path; readonly wanted: string }
  | { readonly kind: 'unknown_key'; readonly path: Path }
  /** `path` ends with the key that says what kind of map it is in. */
  | { readonly kind: 'variant'; readonly path: Path; readonly values: readonly string[] };

/** What a value that a rule refuses is told under. */
export type RuleCode = Extract<ProblemCode, 'wrong_value' | 'too_long'>;

type ZodIssue = z.core.$ZodIssue;

/** Every issue of a failed parse of `plain`, with paths from the top of the file, where `prefix` is its place. */
export function shapeIssues(issues: readonly ZodIssue[], plain: Plain, prefix: Path): ShapeIssue[] {
  return issues.flatMap((issue) => {
    const inner = toPath(issue.path);
    return readIssue({ issue, path: [...prefix, ...inner], value: valueAt(plain, inner) });
  });
}

/** The value at `path`, or undefined when there is none. */
export function valueAt(plain: Plain, path: Path): Plain | undefined {
  let value: Plain | undefined = plain;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (isMap(value) && typeof step === 'string' && Object.hasOwn(value, step))
      value = value[step];
    else return undefined;
  }
  return value;
}

/** Whether a value is a map. */
export function isMap(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Step {
  readonly issue: ZodIssue;
  readonly path: Path;
  readonly value: Plain | undefined;
}

function readIssue({ issue, path, value }: Step): ShapeIssue[] {
  switch (issue.code) {
    case 'invalid_type':
      return [{ kind: 'type', path, expected: [issue.expected] }];
    case 'invalid_value':
      return [{ kind: 'choice', path, values: issue.values.map(String) }];
    case 'too_small':
      return [ruleIssue(path, bound('at least', issue.origin, issue.minimum))];
    case 'too_big':
      return [ruleIssue(path, bound('at most', issue.origin, issue.maximum))];
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ kind: 'unknown_key', path: [...path, key] }));
    case 'invalid_key':
      return [{ kind: 'key_rule', path, wanted: wantedOf(issue.issues[0]) }];
    case 'invalid_union':
      return readUnion(issue, { path, value });
    case 'custom':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
      return [{ ...ruleIssue(path, wantedOf(issue)), code: codeOf(issue) }];
    default:
      return issue satisfies never;
  }
}

/** The issues of the alternative that the value was meant to be: the one of its kind. */
function readUnion(
  issue: Extract<ZodIssue, { code: 'invalid_union' }>,
  { path, value }: { readonly path: Path; readonly value: Plain | undefined },
): ShapeIssue[] {
  if ('options' in issue && issue.options !== undefined)
    return [{ kind: 'variant', path, values: issue.options.map(String) }];
  const branches = issue.errors;
  const inside = branches.find((branch) => !branch.some(isOfOtherKind));
  const choice = branches.find((branch) => branch.some((one) => one.code === 'invalid_value'));
  const meant = inside ?? (typeof value === 'string' ? choice : undefined);
  if (meant !== undefined) return shapeIssues(meant, value ?? null, path);
  const expected = branches.flatMap((branch) =>
    branch.flatMap((one) => (one.code === 'invalid_type' ? [one.expected] : ['string'])),
  );
  return [{ kind: 'type', path, expected: [...new Set(expected)] }];
}

function isOfOtherKind(issue: ZodIssue): boolean {
  return (
    issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
  );
}

function ruleIssue(path: Path, wanted: string): Extract<ShapeIssue, { kind: 'rule' }> {
  return { kind: 'rule', path, wanted, code: 'wrong_value' };
}

function codeOf(issue: ZodIssue): RuleCode {
  return issue.code === 'custom' && issue.params?.['code'] === 'too_long'
    ? 'too_long'
    : 'wrong_value';
}

function wantedOf(issue: ZodIssue | undefined): string {
  const wanted: unknown = issue?.code === 'custom' ? issue.params?.['wanted'] : undefined;
  return typeof wanted === 'string' ? wanted : (issue?.message ?? 'something else');
}

function bound(word: 'at least' | 'at most', origin: string, limit: number | bigint): string {
  return origin === 'array' ? `a list of ${word} ${limit}` : `${word} ${limit}`;
}

function toPath(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

import { SAME_MEANING } from '../compile/check-keys.js';
import type { JsonSchema } from './json-schema.js';
import type { Level } from './levels.js';

/** The rules of a level that are about more than one key, as `checkKeys` and `checkTiming` have them. */
export function rulesBetweenKeys(level: Level, keys: readonly string[]): JsonSchema[] {
  const pairs = SAME_MEANING.filter((pair) => pair.every((key) => keys.includes(key)));
  return [...pairs.map(notBoth), ...ownRules(level)];
}

function ownRules(level: Level): JsonSchema[] {
  switch (level) {
    case 'job':
      return [withoutCatchup(), unmetNeedsJobs()];
    case 'command task':
    case 'python task':
      return [failureNeedsTasks()];
    case 'job dependency':
      return [
        {
          description: 'The job that is waited for must be named.',
          anyOf: [{ ...set('job') }, { ...set('job_id') }],
        },
      ];
    case 'schedule':
    case 'dst':
    case 'condition of a job dependency':
    case 'window in seconds':
    case 'retry':
    case 'needs':
    case 'defaults':
      return [];
    default:
      return level satisfies never;
  }
}

function withoutCatchup(): JsonSchema {
  return {
    description: '`catchup: none` leaves nothing for `catchup_window` and `max_catchup` to say.',
    ...when(
      { required: ['catchup'], properties: { catchup: { const: 'none' } } },
      { properties: { catchup_window: { type: 'null' }, max_catchup: { type: 'null' } } },
    ),
  };
}

function unmetNeedsJobs(): JsonSchema {
  return {
    description: '`on_unmet` needs `depends_on`: it is about jobs that this one waits for.',
    ...when(set('on_unmet'), someDependency()),
  };
}

function failureNeedsTasks(): JsonSchema {
  return {
    description: '`condition: on_failure` needs `depends_on`: it is about what failed before.',
    ...when(
      { required: ['condition'], properties: { condition: { const: 'on_failure' } } },
      someDependency(),
    ),
  };
}

function someDependency(): JsonSchema {
  return {
    required: ['depends_on'],
    properties: { depends_on: { type: 'array', minItems: 1 } },
  };
}

function notBoth([one, other]: readonly [string, string]): JsonSchema {
  const { required = [], properties = {} } = set(one, other);
  return {
    description: `\`${one}\` and \`${other}\` mean the same: write one.`,
    not: { required, properties },
  };
}

/** The keys are there, and have a value. */
function set(...keys: string[]): JsonSchema {
  return {
    required: keys,
    properties: Object.fromEntries(keys.map((key) => [key, { not: { type: 'null' } }])),
  };
}

function when(condition: JsonSchema, rule: JsonSchema): JsonSchema {
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  return { if: condition, then: rule };
}

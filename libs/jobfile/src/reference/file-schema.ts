import { z } from 'zod';
import { rulesBetweenKeys } from './between-keys.js';
import { exampleText } from './example-text.js';
import type { JsonSchema } from './json-schema.js';
import type { KeyText } from './key-text.js';
import { LEVEL_TABLE, LEVELS, levelOf, type Level } from './levels.js';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** The level that zod's object was, until the schema is finished. */
const LEVEL_MARK = 'x-level';
/** See `Scalars`: which numbers and truth values may stand for a text. */
const SCALARS_MARK = 'x-scalars';

/** A value of any form. `__proto__` is a key that no map of a file may have. */
const ANY_VALUE: JsonSchema = {
  type: ['string', 'number', 'boolean', 'null', 'array', 'object'],
  items: { $ref: '#/$defs/value' },
  propertyNames: { not: { const: '__proto__' } },
  additionalProperties: { $ref: '#/$defs/value' },
};

/** The JSON Schema of a job file, or of the file of defaults. */
export function fileSchema(level: Extract<Level, 'job' | 'defaults'>): JsonSchema {
  const made = z.toJSONSchema(LEVEL_TABLE[level].shape, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const found = levelOf(zodSchema);
      if (found !== null && found !== level) jsonSchema[LEVEL_MARK] = found;
    },
  });
  const finisher = new Finisher();
  // What zod makes is made of the keywords that our shapes lead to, and these are in the type.
  const finished = finisher.finishLevel(made as Marked, level);
  return {
    $schema: DRAFT,
    title: level === 'job' ? 'Job file of Petit' : 'File of defaults of Petit',
    description:
      level === 'job'
        ? 'A job: when it is due, and what it does. As a page: docs/reference/job-file.md.'
        : 'What all jobs of a directory share, in a file called defaults.yaml.',
    ...without(finished, '$schema', '$defs', 'title'),
    $defs: { value: ANY_VALUE, ...finisher.definitions },
  };
}

/** The name under which a level stands in `$defs`. */
export function definitionName(level: Level): string {
  return level.replaceAll(' ', '-');
}

/** A schema of zod's with our marks. */
interface Marked extends JsonSchema {
  readonly [LEVEL_MARK]?: string;
  readonly [SCALARS_MARK]?: string;
}

/** Makes of zod's schema one that says also what our rules mean; the maps in it become definitions. */
class Finisher {
  readonly definitions: Record<string, JsonSchema> = {};

  /** A map whose keys are known: each with its text, keys that begin with `x-`, and what holds between them. */
  finishLevel(schema: Marked, level: Level): JsonSchema {
    const { texts } = LEVEL_TABLE[level];
    const properties = Object.entries(schema.properties ?? {}).map(([key, property]) => {
      const text = texts[key];
      const told = text === undefined ? {} : annotations(text);
      return [key, { ...told, ...this.#finish(property) }] as const;
    });
    const keys = properties.map(([key]) => key);
    const rules = rulesBetweenKeys(level, keys);
    return {
      title: level,
      ...without(schema, LEVEL_MARK),
      properties: Object.fromEntries(properties),
      patternProperties: { '^x-': { $ref: '#/$defs/value' } },
      ...(rules.length === 0 ? {} : { allOf: rules }),
    };
  }

  #finish(schema: Marked): JsonSchema {
    if (schema.$ref !== undefined) return { $ref: '#/$defs/value' };
    const level = LEVELS.find((one) => one === schema[LEVEL_MARK]);
    if (level !== undefined) return this.#define(schema, level);
    if (schema.anyOf !== undefined)
      return { ...without(schema, 'anyOf'), ...joined(this.#optionsOf(schema)) };
    if (isText(schema)) return finishText(schema);
    const { items, oneOf, additionalProperties: values, ...others } = schema;
    if (others.maximum === Number.MAX_SAFE_INTEGER) delete others.maximum;
    return {
      ...others,
      ...(items === undefined ? {} : { items: this.#finish(items) }),
      ...(oneOf === undefined ? {} : { oneOf: oneOf.map((one) => this.#finish(one)) }),
      ...(typeof values === 'object' ? this.#finishRecord(others, values) : {}),
    };
  }

  #define(schema: Marked, level: Level): JsonSchema {
    const name = definitionName(level);
    this.definitions[name] ??= this.finishLevel(schema, level);
    return { $ref: `#/$defs/${name}` };
  }

  /** What a value may be, without the choices within choices that optional keys make. */
  #optionsOf(schema: Marked): JsonSchema[] {
    return schema.anyOf?.flatMap((one) => this.#optionsOf(one)) ?? [this.#finish(schema)];
  }

  /** A map with names of a person's own choice. */
  #finishRecord({ propertyNames }: JsonSchema, values: JsonSchema): JsonSchema {
    const pattern = propertyNames?.pattern ?? '^';
    return {
      propertyNames: { pattern: pattern.replace('^', '^(?!__proto__$)') },
      additionalProperties: this.#finish(values),
    };
  }
}

/** A choice, where "or nothing" is said by the type of a single other option. */
function joined(options: readonly JsonSchema[]): JsonSchema {
  const some = options.filter(({ type }) => type !== 'null');
  const [only] = some;
  if (some.length === options.length || only === undefined) return { anyOf: [...options] };
  if (some.length > 1) return { anyOf: [...some, { type: 'null' }] };
  if (only.type === undefined) return { anyOf: [only, { type: 'null' }] };
  return {
    ...only,
    type: [only.type, 'null'].flat(),
    ...(only.enum === undefined ? {} : { enum: [...only.enum, null] }),
  };
}

function isText({ type, enum: values, const: value }: JsonSchema): boolean {
  return [type].flat().includes('string') && values === undefined && value === undefined;
}

/** Numbers and truth values are taken as text, as they are written, where that can fit. */
function finishText(schema: Marked): JsonSchema {
  const types = [schema.type ?? []].flat();
  const scalars = schema[SCALARS_MARK] ?? 'all';
  const others = types.filter((type) => type !== 'string');
  const text: JsonSchema = {
    ...without(schema, SCALARS_MARK, 'type'),
    type: ['string', ...(scalars === 'none' ? [] : ['number', 'boolean']), ...others],
  };
  return scalars === 'not_negative' ? { ...text, minimum: 0 } : text;
}

/** The hover text of a key. */
function annotations({ text, absent, example }: KeyText): JsonSchema {
  const or = absent === null ? 'Required.' : `Default: ${absent}.`;
  return {
    description: `${text} ${or} Example: ${exampleText(example)}`,
    examples: [example],
  };
}

function without(schema: Marked, ...keys: readonly (keyof Marked)[]): JsonSchema {
  const kept = Object.entries(schema).filter(([key]) => !keys.some((one) => one === key));
  return Object.fromEntries(kept);
}

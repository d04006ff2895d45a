import type { JsonValue } from '@petit/model';
import type { JsonSchema } from '../reference/json-schema.js';
import { chance, pick, pickNumber, type Random } from './random.fixture.js';
import { randomText, textLike } from './random-text.fixture.js';

/** How often a key that need not be there is. */
const OPTIONAL = 0.3;
const MAX_DEPTH = 4;

/** Some document that each keyword of a schema fits by itself; what lies between keys is left to chance. */
export function randomDocument(root: JsonSchema, random: Random): JsonValue {
  return new DocumentMaker(root, random).make(root);
}

/** A value of any form. */
export function randomValue(random: Random, depth = 0): JsonValue {
  const kinds = depth < MAX_DEPTH ? 7 : 5;
  switch (pickNumber(random, 0, kinds - 1)) {
    case 0:
      return null;
    case 1:
      return chance(random, 0.5);
    case 2:
      return pick(random, [0, 1, -1, 1.5, 2 ** 31, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e-7]);
    case 3:
    case 4:
      return randomText(random);
    case 5:
      return someOf(random, 3, () => randomValue(random, depth + 1));
    default:
      return asMap(
        someOf(random, 3, () => [freeKey(random), randomValue(random, depth + 1)] as const),
      );
  }
}

/** A key of a map that may have any: all but the one that no file may have, which is left to those who spoil. */
function freeKey(random: Random): string {
  const key = randomText(random);
  return key === '__proto__' ? 'proto' : key;
}

/** A map, also with the key `__proto__`. */
export function asMap(entries: readonly (readonly [string, JsonValue])[]): {
  [key: string]: JsonValue;
} {
  return Object.fromEntries(entries);
}

class DocumentMaker {
  readonly #root: JsonSchema;
  readonly #random: Random;

  constructor(root: JsonSchema, random: Random) {
    this.#root = root;
    this.#random = random;
  }

  make(schema: JsonSchema): JsonValue {
    const random = this.#random;
    if (schema.$ref !== undefined) return this.#referred(schema.$ref);
    const options = schema.anyOf ?? schema.oneOf;
    if (options !== undefined) return this.make(pick(random, options));
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return pick(random, schema.enum);
    const types = [schema.type ?? []].flat();
    const [first = 'null'] = types;
    // The first is what is meant; what else is taken comes now and then.
    return this.#ofType(chance(random, 0.8) ? first : pick(random, types), schema);
  }

  #referred(ref: string): JsonValue {
    const name = ref.replace('#/$defs/', '');
    const schema = this.#root.$defs?.[name];
    if (schema === undefined) throw new Error(`the schema has no ${ref}`);
    return name === 'value' ? randomValue(this.#random, 2) : this.make(schema);
  }

  #ofType(type: string, schema: JsonSchema): JsonValue {
    const random = this.#random;
    switch (type) {
      case 'string':
        return textLike(random, schema.pattern);
      case 'integer':
        return integerLike(random, schema);
      case 'number':
        return pick(random, [
          0,
          1,
          5,
          1.5,
          8_080,
          1e-7,
          ...(schema.minimum === 0 ? [] : [-1, -2.5]),
        ]);
      case 'boolean':
        return chance(random, 0.5);
      case 'array':
        return this.#array(schema);
      case 'object':
        return this.#object(schema);
      default:
        return null;
    }
  }

  #array({ items = {}, minItems = 0, maxItems = 4 }: JsonSchema): JsonValue {
    const length = pickNumber(this.#random, minItems, Math.min(maxItems, minItems + 3));
    return Array.from({ length }, () => this.make(items));
  }

  #object(schema: JsonSchema): JsonValue {
    const random = this.#random;
    const { properties, propertyNames, additionalProperties } = schema;
    if (properties === undefined) {
      const values = typeof additionalProperties === 'object' ? additionalProperties : {};
      return asMap(
        someOf(random, 3, () => [textLike(random, propertyNames?.pattern), this.make(values)]),
      );
    }
    const kept = Object.entries(properties).filter(
      ([key]) => (schema.required?.includes(key) ?? false) || chance(random, OPTIONAL),
    );
    const free = chance(random, 0.1) ? [['x-free', randomValue(random, 2)] as const] : [];
    return asMap([...kept.map(([key, value]) => [key, this.make(value)] as const), ...free]);
  }
}

function integerLike(random: Random, { minimum = 0, maximum = 2 ** 31 }: JsonSchema): number {
  return pick(random, [minimum, maximum, pickNumber(random, minimum, Math.min(maximum, 50))]);
}

function someOf<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: pickNumber(random, 0, most) }, make);
}

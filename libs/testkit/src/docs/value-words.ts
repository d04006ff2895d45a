import type { JsonSchema } from '@petit/jobfile';
import type { JsonValue } from '@petit/model';

/** What a value may be, in words; a map of the page is linked. */
export function valueWords(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return referredWords(schema.$ref);
  if (schema.anyOf !== undefined) return either(schema.anyOf);
  if (schema.oneOf !== undefined) return either(schema.oneOf);
  if (schema.const !== undefined) return constant(schema.const);
  if (schema.enum !== undefined)
    return schema.enum.flatMap((one) => (one === null ? [] : [constant(one)])).join(', ');
  const [type = 'any'] = [schema.type ?? []].flat();
  switch (type) {
    case 'string':
      return schema.title ?? 'text, also empty';
    case 'integer':
      return `whole number, ${boundsWords(schema)}`;
    case 'boolean':
      return '`true`, `false`';
    case 'array':
      return `list of ${valueWords(schema.items ?? {})}`;
    case 'object':
      return mapWords(schema);
    default:
      return 'anything';
  }
}

function constant(value: JsonValue): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function either(options: readonly JsonSchema[]): string {
  const words = options.filter(({ type }) => type !== 'null').map(valueWords);
  return [...new Set(words)].join(' or ');
}

function referredWords(ref: string): string {
  const name = ref.replace('#/$defs/', '');
  return name === 'value' ? 'anything' : `[${name.replaceAll('-', ' ')}](#${name})`;
}

function boundsWords({ minimum, maximum }: JsonSchema): string {
  const from = (minimum ?? 0).toLocaleString('en-US');
  return maximum === undefined
    ? `${from} or more`
    : `${from} to ${maximum.toLocaleString('en-US')}`;
}

function mapWords({ additionalProperties: values }: JsonSchema): string {
  return `map of ${typeof values === 'object' ? valueWords(values) : 'anything'}`;
}

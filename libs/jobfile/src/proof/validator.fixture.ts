import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../reference/json-schema.js';

/** A validator of JSON Schema that we did not write; it refuses schemas with keywords that it does not know. */
export function validatorOf(schema: JsonSchema): ValidateFunction {
  return new Ajv2020({ strict: true, strictTypes: false, allErrors: false }).compile(schema);
}

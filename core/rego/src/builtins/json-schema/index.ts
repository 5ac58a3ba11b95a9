import { marshal, parseJson } from '../../json.ts';
import { isArray, isObject, objectFrom } from '../../values.ts';
import type { Value } from '../../values.ts';
import type { BuiltinContext, BuiltinTable } from '../types.ts';
import { parseSchema } from './parse.ts';
import { SchemaError } from './schema.ts';
import type { Schema } from './schema.ts';
import { Validator } from './validate.ts';

/** Schemas that were parsed are kept up to this number, by their text. */
const CACHE_SIZE = 64;

/** `json.match_schema` and `json.verify_schema`. Nothing is fetched: a reference to another document is an error. */
export function jsonSchemaBuiltins(ctx: BuiltinContext): BuiltinTable {
  const cache = new Map<string, Schema>();
  // Also makes objects of their own, with texts as keys and lists for sets.
  const document = (v: Value | undefined): { text: string; json: Value } => {
    if (typeof v !== 'string' && !isArray(v) && (v === undefined || !isObject(v)))
      throw new SchemaError('wrong type, expected string or object');
    const text = typeof v === 'string' ? v : marshal(v);
    ctx.charge(1 + (text.length >> 4));
    const json = parseJson(text);
    if (json === undefined) throw new SchemaError('invalid JSON string');
    return { text, json };
  };
  const schemaOf = (v: Value | undefined): Schema => {
    const { text, json } = document(v);
    const known = cache.get(text);
    if (known !== undefined) return known;
    const made = parseSchema(json, ctx.charge);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(text, made);
    return made;
  };
  return {
    'json.verify_schema': {
      arity: 1,
      fn: (schema) => {
        try {
          schemaOf(schema);
          return [true, null];
        } catch (error) {
          if (error instanceof SchemaError) return [false, `jsonschema: ${error.message}`];
          throw error;
        }
      },
    },
    'json.match_schema': {
      arity: 2,
      fn: (v, schema) => {
        try {
          const { json } = document(v);
          const findings = new Validator(ctx.charge).validate(schemaOf(schema), json);
          const rows = findings.map(({ type, field, desc }) =>
            objectFrom(Object.entries({ error: `${field}: ${desc}`, type, field, desc })),
          );
          return [findings.length === 0, rows];
        } catch (error) {
          if (error instanceof SchemaError) return ctx.fail.error(error.message);
          throw error;
        }
      },
    },
  };
}

import { moduleJson } from '../ast-json/module.ts';
import { RegoError } from '../errors.ts';
import type { Value } from '../values.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** `rego.parse_module(filename, rego)`: a module as data, always read as Rego 1. */
export function parseModuleBuiltins({ fail, charge }: BuiltinContext): BuiltinTable {
  const parse = (file: Value | undefined, source: Value | undefined): Value | undefined => {
    if (typeof file !== 'string') return fail.type(1, 'string', file);
    if (typeof source !== 'string') return fail.type(2, 'string', source);
    // The output is several times as large as the text.
    charge(source.length);
    try {
      return moduleJson(file, source, 'v1');
    } catch (error) {
      if (error instanceof RangeError) return fail.error(`${file}: the module nests too deeply`);
      if (!(error instanceof RegoError)) throw error;
      return fail.error(`1 error occurred: ${file}:${error.row}: ${error.code}: ${error.reason}`);
    }
  };
  return { 'rego.parse_module': { arity: 2, fn: parse } };
}

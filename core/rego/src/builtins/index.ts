import { collectionBuiltins } from './collections.ts';
import { encodingBuiltins } from './encoding.ts';
import { jsonPathBuiltins } from './jsonpaths.ts';
import { miscBuiltins } from './misc.ts';
import { netBuiltins } from './net.ts';
import { numberBuiltins } from './numbers.ts';
import { patternBuiltins } from './patterns.ts';
import { stringBuiltins } from './strings.ts';
import { timeBuiltins } from './time.ts';
import { typeBuiltins } from './types-builtins.ts';
import type { Builtin, BuiltinContext } from './types.ts';

/** All built-ins by name, for one instance of a program. */
export function createBuiltins(ctx: BuiltinContext): ReadonlyMap<string, Builtin> {
  const tables = [
    typeBuiltins(),
    numberBuiltins(ctx),
    collectionBuiltins(ctx),
    stringBuiltins(ctx),
    encodingBuiltins(ctx),
    jsonPathBuiltins(),
    patternBuiltins(ctx),
    netBuiltins(ctx),
    timeBuiltins(ctx),
    miscBuiltins(ctx),
  ];
  return new Map(tables.flatMap((table) => Object.entries(table)));
}

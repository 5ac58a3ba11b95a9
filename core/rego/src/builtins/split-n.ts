import type { Value } from '../values.ts';
import { integer } from './numbers.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** `strings.split_n`: the first n parts of a text, or the last with a negative n. */
export function splitNBuiltins(ctx: BuiltinContext): BuiltinTable {
  const split = (text?: Value, delimiter?: Value, n?: Value): Value | undefined => {
    if (typeof text !== 'string') return ctx.fail.type(1, 'string', text);
    if (typeof delimiter !== 'string') return ctx.fail.type(2, 'string', delimiter);
    const count = integer(n);
    if (count === undefined) return ctx.fail.type(3, 'integer', n);
    ctx.charge(text.length >> 4);
    const parts = delimiter === '' ? [...text] : text.split(delimiter);
    ctx.charge(parts.length);
    const size = Number(count);
    return size >= 0 ? parts.slice(0, size) : parts.slice(Math.max(parts.length + size, 0));
  };
  return { 'strings.split_n': { arity: 3, fn: split } };
}

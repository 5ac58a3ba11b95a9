import { ANY } from './type.ts';
import type { Maybe } from './type.ts';

/** Parts of a type that is still looked at. */
const MAX_PARTS = 2000;

/**
 * The type, or anything when it has too many parts: types of values that hold others several times over, which hold more in
 * turn, grow with every step and are never compared to the end.
 */
export function bounded<T extends Maybe>(type: T): T | typeof ANY {
  return partsOf(type, MAX_PARTS) < 0 ? ANY : type;
}

/** What is left of the number; below zero when there were more parts. */
function partsOf(type: Maybe, left: number): number {
  if (type === null || left < 0) return left - 1;
  const all = (types: Iterable<Maybe>): number => {
    let rest = left - 1;
    for (const one of types) if ((rest = partsOf(one, rest)) < 0) return rest;
    return rest;
  };
  switch (type.t) {
    case 'any':
      return all(type.of);
    case 'array':
      return all([...type.items, type.rest]);
    case 'set':
      return all([type.of]);
    case 'object':
      return all([...type.props.map(({ value }) => value), type.rest?.key ?? null, type.rest?.value ?? null]);
    case 'function':
      return all([...type.args, type.result]);
    default:
      return left - 1;
  }
}

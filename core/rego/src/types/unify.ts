import { selectKey } from './type.ts';
import type { Maybe, Type } from './type.ts';

/** Can a value of one type be equal to a value of the other? Unknown types never can. */
export function unifies(a: Maybe, b: Maybe): boolean {
  if (a === null || b === null) return false;
  if (a.t === 'any' && unifiesAny(a.of, b)) return true;
  if (b.t === 'any' && unifiesAny(b.of, a)) return true;
  if (a.t === 'array') return b.t === 'array' && arraysUnify(a, b);
  if (a.t === 'object') return b.t === 'object' && objectsUnify(a, b);
  if (a.t === 'set') return b.t === 'set' && (a.of === null || b.of === null || unifies(a.of, b.of));
  if (a.t === 'function')
    return (
      b.t === 'function' &&
      a.args.length === b.args.length &&
      a.args.every((arg, i) => unifies(arg, b.args[i] ?? null))
    );
  return a.t !== 'any' && a.t === b.t;
}

function unifiesAny(of: readonly Type[], other: Type): boolean {
  return other.t !== 'function' && (of.length === 0 || of.some((one) => unifies(one, other)));
}

type ArrayType = Extract<Type, { t: 'array' }>;
type ObjectType = Extract<Type, { t: 'object' }>;

function arraysUnify(a: ArrayType, b: ArrayType): boolean {
  const itemOf = (array: ArrayType, i: number): Maybe =>
    i < array.items.length ? (array.items[i] ?? null) : array.rest;
  for (let i = 0; i < Math.max(a.items.length, b.items.length); i += 1)
    if (!unifies(itemOf(a, i), itemOf(b, i))) return false;
  return a.rest === null || b.rest === null || unifies(a.rest, b.rest);
}

function objectsUnify(a: ObjectType, b: ObjectType): boolean {
  if (!propertiesUnify(a, b) || !propertiesUnify(b, a)) return false;
  return a.rest === null || b.rest === null || unifies(a.rest.value, b.rest.value);
}

/** Known keys that the other side does not have may be among its unknown ones. */
function propertiesUnify(a: ObjectType, b: ObjectType): boolean {
  return a.props.every(({ key, value }) => {
    const other = selectKey(b, key);
    return other === null ? a.rest !== null || b.rest !== null : unifies(value, other);
  });
}

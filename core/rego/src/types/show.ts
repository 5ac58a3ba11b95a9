import { display } from '../json.ts';
import type { FunctionType, Maybe } from './type.ts';

/** A type as messages spell it: `array<number, string>[any]`, `any<boolean, string>`. */
export function showType(type: Maybe): string {
  if (type === null) return '???';
  switch (type.t) {
    case 'any':
      return `any${angles(type.of.map(showType))}`;
    case 'array':
      return `array${angles(type.items.map(showType))}${type.rest === null ? '' : `[${showType(type.rest)}]`}`;
    case 'set':
      return `set[${showType(type.of)}]`;
    case 'object': {
      const props = type.props.map(({ key, value }) => `${display(key)}: ${showType(value)}`);
      const rest = type.rest === null ? '' : `[${showType(type.rest.key)}: ${showType(type.rest.value)}]`;
      return `object${angles(props)}${rest}`;
    }
    case 'function':
      return `${showTypes(type.args)} => ${showType(type.result)}`;
    default:
      return type.t;
  }
}

function angles(parts: readonly string[]): string {
  return parts.length === 0 ? '' : `<${parts.join(', ')}>`;
}

/** Types in parentheses, as those of arguments. */
export function showTypes(types: readonly Maybe[]): string {
  return `(${types.map(showType).join(', ')})`;
}

/** What a function takes, its result as a last argument when `withResult`. */
export function showWanted(fn: FunctionType, withResult: boolean): string {
  const types = withResult && fn.result !== null ? [...fn.args, fn.result] : fn.args;
  const parts = types.map((type, i) => {
    const name = fn.names?.[i] ?? '';
    return name === '' ? showType(type) : `${name}: ${showType(type)}`;
  });
  if (fn.variadic !== null) parts.push(`${showType(fn.variadic)}...`);
  return `(${parts.join(', ')})`;
}

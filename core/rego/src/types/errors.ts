import { display } from '../json.ts';
import type { Scalar, Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import { showType, showTypes, showWanted } from './show.ts';
import { keysOf } from './type.ts';
import type { FunctionType, Maybe } from './type.ts';

/** Two values that can never be equal. */
export function matchError(left: Maybe, right: Maybe, at: Location): RegoError {
  return new RegoError('rego_type_error', 'match error', at, undefined, [
    `left  : ${showType(left)}`,
    `right : ${showType(right)}`,
  ]);
}

/** Arguments that a function does not take. `what`: `invalid argument(s)` or `arity mismatch`. */
export function argumentError(
  name: string,
  what: string,
  have: readonly Maybe[],
  want: FunctionType,
  at: Location,
): RegoError {
  return new RegoError('rego_type_error', `${name}: ${what}`, at, undefined, [
    `have: ${showTypes(have)}`,
    `want: ${showWanted(want, what !== 'arity mismatch')}`,
  ]);
}

/** A reference to a member that the value before it cannot have. `position`: index of the key in `path`. */
export function referenceError(ref: Term, position: number, below: Maybe, have: Maybe): RegoError {
  const path = ref.k === 'ref' ? ref.path : [];
  const key = path[position];
  const keys = keysOf(below);
  const details =
    keys === null
      ? [`have: ${showType(below)}`]
      : [
          have === null
            ? `have: ${key === undefined ? '' : showTerm(key)}`
            : `have (type): ${showType(have)}`,
          wanted(below, keys),
        ];
  return new RegoError(
    'rego_type_error',
    `undefined ref: ${showTerm(ref)}`,
    startOf(ref),
    undefined,
    details,
  );
}

function wanted(below: Maybe, keys: Maybe): string {
  const known = knownKeys(below);
  return known.length === 0
    ? `want (type): ${showType(keys)}`
    : `want (one of): [${known.map((key) => JSON.stringify(key)).join(' ')}]`;
}

/** The keys that a value is known to have, for messages. */
export function knownKeys(type: Maybe): Scalar[] {
  if (type?.t === 'object') return type.props.map((prop) => prop.key);
  return type?.t === 'any' ? [...new Set(type.of.flatMap(knownKeys))] : [];
}

/** Where a term begins: an infix call is located at its operator. */
export function startOf(term: Term): Location {
  if (term.k === 'ref') return startOf(term.head);
  if (term.k !== 'call') return term.at;
  const [first] = term.args;
  if (first === undefined) return term.at;
  const start = startOf(first);
  return start.row < term.at.row || (start.row === term.at.row && start.col < term.at.col) ? start : term.at;
}

/** A term as messages spell it: `data.test.q[0].x`, `f(1).y`. */
export function showTerm(term: Term): string {
  switch (term.k) {
    case 'scalar':
      return display(term.v, false);
    case 'var':
    case 'local':
    case 'root':
      return term.name;
    case 'ref':
      return term.path.reduce((text, key) => text + showKey(key), showTerm(term.head));
    case 'array':
      return `[${term.items.map(showTerm).join(', ')}]`;
    case 'set':
      return term.items.length === 0 ? 'set()' : `{${term.items.map(showTerm).join(', ')}}`;
    case 'object':
      return `{${term.items.map(([key, value]) => `${showTerm(key)}: ${showTerm(value)}`).join(', ')}}`;
    case 'call':
      return `${calleeName(term.fn)}(${term.args.map(showTerm).join(', ')})`;
    case 'comp':
      return term.of === 'array' ? '[… | …]' : '{… | …}';
    case 'template':
      return '$"…"';
    default:
      term satisfies never;
      return '';
  }
}

function showKey(key: Term): string {
  return key.k === 'scalar' && typeof key.v === 'string' && /^[A-Za-z_]\w*$/.test(key.v)
    ? `.${key.v}`
    : `[${showTerm(key)}]`;
}

/** The name of what is called: `count`, `data.test.f`. */
export function calleeName(fn: Extract<Term, { k: 'call' }>['fn']): string {
  if (fn.c === 'builtin') return fn.name;
  const path = fn.c === 'name' ? fn.path : ['data', ...(JSON.parse(fn.path) as string[])];
  const [head = '', ...rest] = path;
  return rest.reduce(
    (text, key) => text + (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`),
    head,
  );
}

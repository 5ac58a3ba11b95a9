import type { ModuleAst, Term } from '../ast.ts';

const SYMBOLS: Readonly<Record<string, string>> = {
  assign: ':=',
  eq: '=',
  equal: '==',
  neq: '!=',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  plus: '+',
  minus: '-',
  mul: '*',
  div: '/',
  rem: '%',
  and: '&',
  or: '|',
  'internal.member_2': 'in',
  'internal.member_3': 'in',
};

/** A call as an operator between its operands. */
export interface Infix {
  readonly symbol: string;
  readonly operands: readonly Term[];
  /** `plus(x, y, z)`, which is `z = x + y`. */
  readonly result: Term | null;
}

/** The operator that a call stands for, also when it was written as a call; null for other calls. */
export function infixOf(own: ReadonlySet<string>, term: Extract<Term, { k: 'call' }>): Infix | null {
  const { fn, args } = term;
  if (fn.c === 'func') return null;
  const name = fn.c === 'builtin' ? fn.name : fn.path.join('.');
  if (!Object.hasOwn(SYMBOLS, name)) return null;
  const symbol = SYMBOLS[name];
  if (symbol === undefined || (fn.c === 'name' && own.has(name))) return null;
  const arity = name === 'internal.member_3' ? 3 : 2;
  if (args.length === arity) return { symbol, operands: args, result: null };
  const result = args.at(-1);
  if (args.length !== arity + 1 || result === undefined || symbol === 'in') return null;
  return { symbol, operands: args.slice(0, -1), result };
}

/** The names of a module's rules and imports: they take the place of built-ins. */
export function ownNames({ rules, imports }: ModuleAst): ReadonlySet<string> {
  const names = rules.map(({ head: { ref } }) =>
    ref[0]?.k === 'scalar' && typeof ref[0].v === 'string' ? ref[0].v : '',
  );
  return new Set([...names, ...imports.map(({ alias }) => alias)]);
}

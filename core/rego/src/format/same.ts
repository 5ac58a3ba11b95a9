import type { Rule, Term } from '../ast.ts';
import { infixOf } from './infix.ts';

/** What a rule says, without places and without how it was written; equal texts mean equal rules. */
export function meaningOf(rule: Rule, own: ReadonlySet<string>): string {
  return JSON.stringify(rule, (key, value: unknown) => {
    if (key === 'at' || key === 'text') return undefined;
    if (typeof value === 'bigint') return `${value}n`;
    return isCall(value) ? spelledOut(value, own) : unified(value, own);
  });
}

type Call = Extract<Term, { k: 'call' }>;

function isCall(value: unknown): value is Call {
  return typeof value === 'object' && value !== null && 'k' in value && value.k === 'call';
}

/** `plus(x, y)` is `x + y`. */
function spelledOut(call: Call, own: ReadonlySet<string>): unknown {
  const infix = infixOf(own, call);
  if (infix === null || infix.result !== null) return call;
  return { operator: infix.symbol, operands: call.args };
}

/** On its own, `plus(x, y, z)` is `z = x + y`. */
function unified(value: unknown, own: ReadonlySet<string>): unknown {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('x' in value) ||
    value.x !== 'term' ||
    !('term' in value)
  )
    return value;
  const { term } = value;
  if (!isCall(term)) return value;
  const infix = infixOf(own, term);
  if (infix === null) return value;
  const { symbol, operands, result } = infix;
  if (result !== null) return { x: 'unify', left: result, right: { operator: symbol, operands } };
  if (symbol === '=' || symbol === ':=')
    return { x: symbol === '=' ? 'unify' : 'assign', left: operands[0], right: operands[1] };
  return value;
}

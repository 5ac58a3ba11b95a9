import type { Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import { canEval, canMatch, orderBy, pairDirection, splitPair } from '../safety.ts';
import type { Pair } from '../safety.ts';
import { emitAll, equality } from './atoms.ts';
import type { Emitter, Env } from './emit.ts';

type Done = () => void;

/** Emits `left = right`: takes equal shapes apart, then computes one side of each pair and matches the other against it. */
export function emitUnify(e: Emitter, left: Term, right: Term, env: Env, then: Done): void {
  const pairs = splitPair(left, right);
  if (pairs === null) {
    // Shapes that can never be equal. The continuation is still checked, but never runs.
    bindAll(left, env);
    bindAll(right, env);
    e.block('if (false)', then);
    return;
  }
  emitPairs(e, pairs, env, then);
}

function bindAll(term: Term, env: Env): void {
  if (term.k === 'local' && !env.has(term.id)) env.set(term.id, 'undefined');
  else if (term.k === 'array') for (const item of term.items) bindAll(item, env);
  else if (term.k === 'object') for (const [, value] of term.items) bindAll(value, env);
  else if (term.k === 'ref') for (const key of term.path) bindAll(key, env);
}

function emitPairs(e: Emitter, pairs: readonly Pair[], env: Env, then: Done): void {
  if (pairs.length === 0) {
    then();
    return;
  }
  const bound = new Set(env.keys());
  const at = pairs.findIndex((pair) => pairDirection(pair, new Set(bound)) !== null);
  const pair = pairs[at];
  if (pair === undefined)
    throw new RegoError(
      'rego_unsafe_var_error',
      'expression is unsafe',
      pairs[0]?.[0].at ?? { file: '', row: 1, col: 1 },
    );
  const rest = pairs.filter((_, i) => i !== at);
  const [source, pattern] = pairDirection(pair, bound) === 'left' ? pair : ([pair[1], pair[0]] as const);
  e.gen.term(e, source, env, (atom) => emitMatch(e, pattern, atom, env, () => emitPairs(e, rest, env, then)));
}

/** Emits the match of a pattern against a known value. */
export function emitMatch(e: Emitter, pattern: Term, atom: string, env: Env, then: Done): void {
  if (pattern.k === 'local' && !env.has(pattern.id)) {
    env.set(pattern.id, atom);
    then();
    return;
  }
  const composite =
    (pattern.k === 'array' || pattern.k === 'object') && !canEval(pattern, new Set(env.keys()));
  if (composite && pattern.k === 'array') {
    e.block(`if (isArray(${atom}) && ${atom}.length === ${pattern.items.length})`, () => {
      matchItems(e, pattern.items, (i) => `${atom}[${i}]`, env, then);
    });
    return;
  }
  if (composite && pattern.k === 'object') {
    const keys = pattern.items.map(([key]) => key);
    emitAll(e, keys, env, (atoms) => {
      e.block(`if (hasSize(${atom}, ${pattern.items.length}))`, () => {
        matchItems(
          e,
          pattern.items.map(([, value]) => value),
          (i) => `get(${atom}, ${atoms[i] ?? ''})`,
          env,
          then,
        );
      });
    });
    return;
  }
  e.gen.term(e, pattern, env, (value) => e.block(`if (${equality(e, value, atom)})`, then));
}

function matchItems(
  e: Emitter,
  items: readonly Term[],
  read: (i: number) => string,
  env: Env,
  then: Done,
): void {
  const order = orderBy(items, new Set(env.keys()), canMatch);
  if (order === null)
    throw new RegoError(
      'rego_unsafe_var_error',
      'expression is unsafe',
      items[0]?.at ?? { file: '', row: 1, col: 1 },
    );
  const step = (n: number): void => {
    const at = order[n];
    if (at === undefined) {
      then();
      return;
    }
    e.defined(read(at), (value) => emitMatch(e, items[at] as Term, value, env, () => step(n + 1)));
  };
  step(0);
}

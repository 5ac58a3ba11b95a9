import type { Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import { orderTerms, unsafeVar } from '../safety.ts';
import type { Emitter, Env } from './emit.ts';

/** Emits all terms, in an order in which each can be computed; `then` gets their atoms in source order. */
export function emitAll(
  e: Emitter,
  terms: readonly Term[],
  env: Env,
  then: (atoms: readonly string[]) => void,
): void {
  const order = orderTerms(terms, new Set(env.keys()));
  if (order === null) throw firstUnsafe(terms, env);
  const atoms: string[] = terms.map(() => '');
  const step = (i: number): void => {
    const at = order[i];
    if (at === undefined) {
      then(atoms);
      return;
    }
    e.gen.term(e, terms[at] as Term, env, (atom) => {
      atoms[at] = atom;
      step(i + 1);
    });
  };
  step(0);
}

function firstUnsafe(terms: readonly Term[], env: Env): RegoError {
  for (const term of terms) if (term.k === 'local' && !env.has(term.id)) return unsafeVar(term);
  return new RegoError(
    'rego_unsafe_var_error',
    'expression is unsafe',
    terms[0]?.at ?? { file: '', row: 1, col: 1 },
  );
}

const COMPARISONS: Readonly<Record<string, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };

/** A JavaScript condition for a comparison of two atoms, or null when the built-in is not a comparison. */
export function condition(e: Emitter, name: string, a: string, b: string): string | null {
  if (name === 'equal') return equality(e, a, b);
  if (name === 'neq') return `!(${equality(e, a, b)})`;
  const op = COMPARISONS[name];
  return op === undefined ? null : `compare(${a}, ${b}) ${op} 0`;
}

/** Strings, booleans, null and small numbers equal only what is identical to them; anything else asks the runtime. */
export function equality(e: Emitter, a: string, b: string): string {
  const simple = (atom: string): boolean =>
    /^(?:"|\d|\(-|true$|false$|null$)/.test(atom) && !atom.includes('n)') && !/^\d+n$/.test(atom);
  if (!e.abstract && (simple(a) || simple(b))) return `${a} === ${b}`;
  return `equal(${a}, ${b})`;
}

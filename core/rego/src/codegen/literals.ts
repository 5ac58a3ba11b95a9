import type { Body, Expr, Literal, Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import { withReferencesTaken } from '../negation.ts';
import { literalReady, orderBody } from '../safety.ts';
import { condition, emitAll } from './atoms.ts';
import type { Emitter, Env } from './emit.ts';
import { emitLoop } from './refs.ts';
import { emitTerm } from './terms.ts';
import { emitReadElement, emitStep } from './trace.ts';
import type { Site } from './trace.ts';
import { emitMatch, emitUnify } from './unify.ts';
import { emitWith } from './with.ts';

type Done = () => void;

/** Emits a body in evaluation order; `then` is the code that runs once per solution. `site`: it is the body of a rule. */
export function emitBody(e: Emitter, body: Body, env: Env, then: Done, site: Site | null = null): void {
  const order = e.info.ordered(body) ?? orderBody(body, new Set(env.keys()));
  const step = (i: number): void => {
    const next = order[i];
    if (next === undefined) then();
    else emitStep(e, site, i, next, env, () => emitLiteral(e, next, env, () => step(i + 1)));
  };
  step(0);
}

/** Emits one literal. */
export function emitLiteral(e: Emitter, literal: Literal, env: Env, then: Done): void {
  if (literal.withs.length === 0) {
    emitExpr(e, literal.expr, env, then);
    return;
  }
  const after = new Set(env.keys());
  if (!literalReady(literal, after))
    throw new RegoError('rego_unsafe_var_error', 'expression is unsafe', literal.at);
  const outputs = [...after].filter((id) => !env.has(id));
  emitWith(e, literal.withs, env, outputs, (inner, done) => emitExpr(e, literal.expr, inner, done), then);
}

function emitExpr(e: Emitter, expr: Expr, env: Env, then: Done): void {
  switch (expr.x) {
    case 'term':
      emitTest(e, expr, env, then);
      return;
    case 'unify':
      emitUnify(e, expr.left, expr.right, env, then);
      return;
    case 'assign':
      emitTerm(e, expr.right, env, (atom) => emitMatch(e, expr.left, atom, env, then));
      return;
    case 'some':
      then();
      return;
    case 'somein':
      emitTerm(e, expr.coll, env, (coll) => {
        emitLoop(e, coll, (key, value) => {
          const matchValue = (): void =>
            e.defined(value(), (atom) => emitMatch(e, expr.value, atom, env, then));
          if (expr.key === null) matchValue();
          else emitMatch(e, expr.key, key(), env, matchValue);
        });
      });
      return;
    case 'every':
      emitEvery(e, expr, env, then);
      return;
    case 'not':
      emitNot(e, expr.body, env, then);
      return;
    default:
      expr satisfies never;
  }
}

/** Reads the references among the operands first: without a value for each of them a negation does not hold. */
function emitNot(e: Emitter, negated: Literal, env: Env, then: Done): void {
  const taken: { readonly id: number; readonly ref: Term }[] = [];
  const expr = withReferencesTaken(negated.expr, (ref) => {
    const id = e.freshLocal();
    taken.push({ id, ref });
    return { k: 'local', id, name: '_', at: ref.at };
  });
  const inner = new Map(env);
  const step = (i: number): void => {
    const next = taken[i];
    if (next !== undefined) {
      emitTerm(e, next.ref, inner, (atom) => {
        inner.set(next.id, atom);
        step(i + 1);
      });
      return;
    }
    const failed = e.fresh('u');
    const label = e.fresh('L');
    e.line(`let ${failed} = true;`);
    e.block(`${label}:`, () => {
      emitLiteral(e, { ...negated, expr }, inner, () => {
        e.line(`${failed} = false; break ${label};`);
      });
    });
    e.block(`if (${failed})`, then);
  };
  step(0);
}

/** A term as an expression holds when it is defined and not false. */
function emitTest(e: Emitter, expr: Extract<Expr, { x: 'term' }>, env: Env, then: Done): void {
  const { term } = expr;
  if (term.k === 'call' && term.fn.c === 'builtin' && term.args.length === 2) {
    const { name } = term.fn;
    const inline =
      name === 'equal' ||
      name === 'neq' ||
      (!e.abstract && (name === 'lt' || name === 'lte' || name === 'gt' || name === 'gte'));
    if (inline) {
      emitAll(e, term.args, env, ([a = '', b = '']) => {
        e.block(`if (${condition(e, name, a, b) ?? ''})`, then);
      });
      return;
    }
  }
  emitTerm(e, term, env, (atom) => e.block(`if (${atom} !== false)`, then));
}

/** Holds when the body has a solution for every element; does not hold for what is not a collection. */
function emitEvery(e: Emitter, expr: Extract<Expr, { x: 'every' }>, env: Env, then: Done): void {
  emitTerm(e, expr.coll, env, (coll) => {
    const holds = e.fresh('u');
    const label = e.fresh('L');
    e.line(`let ${holds} = isCollection(${coll});`);
    e.block(`${label}:`, () => {
      emitLoop(e, coll, (key, value) => {
        const inner = new Map(env);
        const found = e.fresh('u');
        const one = e.fresh('L');
        e.line(`let ${found} = false;`);
        e.block(`${one}:`, () => {
          const body = (): void =>
            emitBody(e, expr.body, inner, () => e.line(`${found} = true; break ${one};`));
          const matchValue = (): void => {
            const atom = value();
            emitReadElement(e, expr.value, atom);
            emitMatch(e, expr.value, atom, inner, body);
          };
          if (expr.key === null) matchValue();
          else emitMatch(e, expr.key, key(), inner, matchValue);
        });
        e.line(`if (!${found}) { ${holds} = false; break ${label}; }`);
      });
    });
    e.block(`if (${holds})`, then);
  });
}

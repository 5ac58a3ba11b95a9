import type { Body, Callee, Literal, Term, With } from '../ast.ts';
import type { Signatures } from '../builtins/signatures.ts';
import type { RegoError } from '../errors.ts';
import { dataPath } from '../paths.ts';
import { argumentError, calleeName, matchError, startOf } from './errors.ts';
import type { Inference } from './infer.ts';
import { checkReference } from './references.ts';
import type { TypeNode } from './rule-types.ts';
import { ANY, isOpen, keysOf, valuesOf } from './type.ts';
import type { FunctionType, Maybe, Type } from './type.ts';
import { unifies } from './unify.ts';

type Call = Extract<Term, { k: 'call' }>;

/** Checks bodies and terms of rules, in the order in which their variables get values. */
export class BodyChecker {
  private readonly rules: TypeNode;
  private readonly signatures: Signatures;
  private readonly functions = new Map<string, FunctionType | null>();
  private readonly ordered: (body: Body) => Body | null;
  /** Errors of the rule at hand. */
  errors: RegoError[] = [];
  types: Inference;

  constructor(
    rules: TypeNode,
    signatures: Signatures,
    ordered: (body: Body) => Body | null,
    types: Inference,
  ) {
    this.rules = rules;
    this.signatures = signatures;
    this.ordered = ordered;
    this.types = types;
  }

  private insideEvery = 0;

  body(body: Body): void {
    for (const literal of this.ordered(body) ?? body) this.literal(literal);
  }

  private literal(literal: Literal): void {
    for (const w of literal.withs) this.replacement(w);
    const was = this.types.relaxed;
    if (literal.withs.some((w) => w.callee === undefined && !isInput(w.target))) this.types.relaxed = true;
    this.expression(literal);
    this.types.relaxed = was;
  }

  /** A function may take the place of another one, which it must be able to stand for. */
  private replacement(w: With): void {
    const given = w.replacement === undefined ? null : this.typeOfCallee(w.replacement);
    const named =
      w.replacement?.c === 'func' && this.types.isFunction(JSON.parse(w.replacement.path) as string[]);
    if (given === null && !named) {
      this.term(w.value);
      return;
    }
    const path = dataPath(w.target);
    const callee: Callee | undefined = w.callee ?? (path === null ? undefined : { c: 'func', path });
    const target = callee === undefined ? null : this.typeOfCallee(callee);
    // OPA does not look at replacements here.
    if (this.insideEvery > 0) return;
    if (callee === undefined || target === null || given === null || unifies(target, given)) return;
    this.errors.push(argumentError(calleeName(callee), 'arity mismatch', given.args, target, w.at));
  }

  private expression({ expr, at }: Literal): void {
    switch (expr.x) {
      case 'term':
        if (expr.term.k === 'call') this.call(expr.term, at, null);
        else this.term(expr.term);
        return;
      case 'unify':
        if (expr.output === true && expr.left.k === 'call') this.call(expr.left, at, expr.right);
        else this.equation(expr.left, expr.right, at);
        return;
      case 'assign':
        this.equation(expr.left, expr.right, at);
        return;
      case 'some':
        return;
      case 'somein':
        this.iteration(expr, at);
        return;
      case 'every':
        this.term(expr.coll);
        this.insideEvery += 1;
        this.body(expr.body);
        this.insideEvery -= 1;
        return;
      case 'not':
        this.literal({ ...expr.body, at });
        return;
      default:
        expr satisfies never;
    }
  }

  private equation(left: Term, right: Term, at: Literal['at']): void {
    const before = this.errors.length;
    this.term(left);
    this.term(right);
    const [a, b] = [this.types.of(left), this.types.of(right)];
    if (this.types.unifyTerms(left, right)) return;
    if (this.errors.length > before && (isOpen(a) || isOpen(b))) return;
    this.errors.push(matchError(a, b, at));
  }

  /** `some k, v in xs` selects with the key, and what it selects equals the value. */
  private iteration(expr: Extract<Literal['expr'], { x: 'somein' }>, at: Literal['at']): void {
    const { key, value, coll } = expr;
    if (key !== null) this.term(key);
    this.term(value);
    if (coll.k === 'scalar' || coll.k === 'root' || isEmptyArray(coll)) {
      // Nothing is selected from a scalar or from nothing, which is no error either; anything may be selected from a document.
      this.types.unify(value, ANY);
      if (key !== null) this.types.unify(key, ANY);
      return;
    }
    const [head, path] = coll.k === 'ref' ? [coll.head, coll.path] : [coll, []];
    const anyKey: Term = { k: 'local', id: -1, name: '_', at };
    this.types.setLocal(-1, null);
    const selected: Term = { k: 'ref', head, path: [...path, key ?? anyKey], at: coll.at };
    this.equation(value, selected, at);
  }

  /** Checks everything inside a term. */
  term(term: Term): void {
    switch (term.k) {
      case 'ref':
        if (term.head.k !== 'local' && term.head.k !== 'root') this.term(term.head);
        for (const key of term.path) if (key.k !== 'scalar' && key.k !== 'local') this.term(key);
        this.reference(term);
        return;
      case 'array':
      case 'set':
        for (const item of term.items) this.term(item);
        return;
      case 'object':
        for (const [key, value] of term.items) {
          this.term(key);
          this.term(value);
        }
        return;
      case 'call':
        this.call(term, startOf(term), undefined);
        return;
      case 'comp':
        this.comprehension(term);
        return;
      case 'template':
        for (const part of term.parts) if (typeof part !== 'string') this.literal(part);
        return;
      default:
    }
  }

  private reference(term: Extract<Term, { k: 'ref' }>): void {
    const error = checkReference(term, this.types, this.rules);
    if (error !== null) this.errors.push(error);
  }

  private comprehension(term: Extract<Term, { k: 'comp' }>): void {
    const before = this.errors.length;
    this.body(term.body);
    if (term.key !== null) this.term(term.key);
    this.term(term.value);
    const value = this.types.of(term.value);
    let type: Type;
    if (term.of === 'array') type = { t: 'array', items: [], rest: value };
    else if (term.of === 'set') type = { t: 'set', of: value };
    else
      type = {
        t: 'object',
        props: [],
        rest: { key: term.key === null ? null : this.types.of(term.key), value },
      };
    this.types.note(term, this.errors.length > before ? null : type);
  }

  /** A call; `output` is the term that its result must equal, undefined where the call stands for its result. */
  private call(term: Call, at: Literal['at'], output: Term | null | undefined): void {
    const before = this.errors.length;
    for (const arg of term.args) this.term(arg);
    if (output) this.term(output);
    const type = this.typeOfCallee(term.fn);
    if (type === null) {
      this.types.note(term, ANY);
      if (output) this.types.unify(output, ANY);
      return;
    }
    const { fn } = term;
    const args = output ? [...term.args, output] : term.args;
    if (fn.c === 'builtin') {
      const [first, second] = args;
      if (fn.name === 'equal' && output === null && first && second) {
        this.compared(first, second, at, before);
        return;
      }
      if (fn.name.startsWith('internal.member') && !this.membership(args, at)) return;
    }
    const pre = args.map((arg) => this.types.of(arg));
    const wanted = [...type.args, ...(type.result === null ? [] : [type.result])];
    const fits = args.every((arg, i) => {
      const want = i < wanted.length ? (wanted[i] ?? null) : type.variadic;
      const have = pre[i] ?? null;
      return (isOpen(have) || unifies(have, want)) && this.types.unify(arg, want);
    });
    this.types.note(term, fits ? type.result : null);
    if (fits || (this.errors.length > before && pre.some(isOpen))) return;
    const have = output === undefined ? [...pre, null] : pre;
    this.errors.push(argumentError(calleeName(fn), 'invalid argument(s)', have, type, at));
  }

  private compared(left: Term, right: Term, at: Literal['at'], before: number): void {
    const [a, b] = [this.types.of(left), this.types.of(right)];
    if (this.types.unifyTerms(left, right)) return;
    if (this.errors.length > before && (isOpen(a) || isOpen(b))) return;
    this.errors.push(matchError(a, b, at));
  }

  /** `x in xs`, `k, x in xs`: could it be a member of what is known of the collection? */
  private membership(args: readonly Term[], at: Literal['at']): boolean {
    const collection = args.at(-1);
    if (collection === undefined) return true;
    const type = this.types.of(collection);
    const members = valuesOf(type);
    if (members === null) return true;
    const wanted = args.length === 3 ? [keysOf(type), members] : [members];
    return wanted.every((want, i) => {
      const term = args[i];
      if (want === null || isOpen(want) || term === undefined) return true;
      const have = this.types.of(term);
      if ((isOpen(have) || unifies(have, want)) && this.types.unify(term, want)) return true;
      this.errors.push(matchError(have, want, at));
      return false;
    });
  }

  /** null: it may be anything. */
  private typeOfCallee(fn: Callee): FunctionType | null {
    if (fn.c === 'builtin') return this.signatures.get(fn.name)?.type ?? null;
    if (fn.c === 'name' || this.types.relaxed) return null;
    let found = this.functions.get(fn.path);
    if (found === undefined) {
      const type: Maybe = this.rules.at(JSON.parse(fn.path) as string[])?.value ?? null;
      found = type?.t === 'function' ? type : null;
      if (found !== null) this.functions.set(fn.path, found);
    }
    return found;
  }
}

function isInput(target: Term): boolean {
  const head = target.k === 'ref' ? target.head : target;
  return head.k === 'root' && head.name === 'input';
}

function isEmptyArray(term: Term): boolean {
  return term.k === 'array' && term.items.length === 0;
}

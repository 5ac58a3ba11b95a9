import type { Callee, Expr, Literal, Term, With } from '../ast.ts';
import { objectFrom } from '../values.ts';
import type { Value } from '../values.ts';
import { compareTerms } from './order.ts';

/** Turns terms and bodies, as the parser made them, into the JSON that OPA gives for them. One for each module. */
export class TermWriter {
  private wildcards = 0;

  term(term: Term): Value {
    switch (term.k) {
      case 'scalar':
        return scalar(term);
      case 'var':
        return this.variable(term.name);
      case 'local':
      case 'root':
        throw new Error('a resolved name in a parsed module');
      case 'ref':
        return typed('ref', [this.head(term.head), ...term.path.map((key) => this.term(key))]);
      case 'array':
        return typed(
          'array',
          term.items.map((item) => this.term(item)),
        );
      case 'set':
        return typed('set', this.sorted(term.items.map((item) => [item, this.term(item)])));
      case 'object':
        return typed('object', this.entries(term.items));
      case 'comp':
        return this.comprehension(term);
      case 'call':
        return typed('call', this.call(term));
      case 'template':
        return typed(
          'templatestring',
          record({ multi_line: term.raw === true, parts: this.parts(term.parts) }),
        );
      default:
        return term satisfies never;
    }
  }

  body(body: readonly Literal[]): Value {
    return body.map((literal, i) => this.literal(literal, i));
  }

  /** Of each kind of expression its parts, a call as a list that begins with what is called. */
  private literal(literal: Literal, index: number): Value {
    const negated = literal.expr.x === 'not';
    const expr = literal.expr.x === 'not' ? literal.expr.body.expr : literal.expr;
    return record({
      index,
      ...(negated ? { negated: true } : {}),
      terms: this.expression(expr),
      ...(literal.withs.length === 0 ? {} : { with: literal.withs.map((one) => this.modifier(one)) }),
    });
  }

  private expression(expr: Expr): Value {
    switch (expr.x) {
      case 'term':
        return expr.term.k === 'call' ? this.call(expr.term) : this.term(expr.term);
      case 'unify':
      case 'assign':
        return [named([expr.x === 'unify' ? 'eq' : 'assign']), this.term(expr.left), this.term(expr.right)];
      case 'some':
        return record({ symbols: expr.vars.map((term) => this.term(term)) });
      case 'somein': {
        const args = expr.key === null ? [expr.value] : [expr.key, expr.value];
        const member = ['internal', `member_${args.length + 1}`];
        const call = [named(member), ...[...args, expr.coll].map((term) => this.term(term))];
        return record({ symbols: [typed('call', call)] });
      }
      case 'every':
        return record({
          key: expr.key === null ? null : this.term(expr.key),
          value: this.term(expr.value),
          domain: this.term(expr.coll),
          body: this.body(expr.body),
        });
      case 'not':
        throw new Error('a negation of a negation');
      default:
        return expr satisfies never;
    }
  }

  private modifier({ target, value }: With): Value {
    return record({ target: this.term(target), value: this.term(value) });
  }

  private comprehension(term: Extract<Term, { readonly k: 'comp' }>): Value {
    const head =
      term.key === null
        ? { term: this.term(term.value) }
        : { key: this.term(term.key), value: this.term(term.value) };
    return typed(`${term.of}comprehension`, record({ ...head, body: this.body(term.body) }));
  }

  private call({ fn, args }: Extract<Term, { readonly k: 'call' }>): Value[] {
    return [named(calledPath(fn)), ...args.map((arg) => this.term(arg))];
  }

  /** Texts and constants are terms, all else is an expression. */
  private parts(parts: readonly (string | Literal)[]): Value {
    if (parts.length === 0) return null;
    return parts.map((part) => {
      if (typeof part === 'string') return typed('string', part);
      const { expr, withs } = part;
      if (expr.x === 'term' && expr.term.k === 'scalar' && withs.length === 0) return scalar(expr.term);
      return this.literal(part, 0);
    });
  }

  private entries(items: readonly (readonly [Term, Term])[]): Value {
    const written = items.map(([key, value]) => [key, [this.term(key), this.term(value)] as Value] as const);
    return written.toSorted(([a], [b]) => compareTerms(a, b)).map(([, shown]) => shown);
  }

  private sorted(items: readonly (readonly [Term, Value])[]): Value {
    const ordered = items.toSorted(([a], [b]) => compareTerms(a, b));
    return ordered
      .filter(([term], i) => {
        const before = ordered[i - 1]?.[0];
        return (
          before === undefined || term.k !== before.k || term.k === 'comp' || compareTerms(before, term) !== 0
        );
      })
      .map(([, shown]) => shown);
  }

  private head(term: Term): Value {
    return term.k === 'var' && term.name !== '_' ? typed('var', term.name) : this.term(term);
  }

  private variable(name: string): Value {
    if (name === 'input' || name === 'data') return typed('ref', [typed('var', name)]);
    if (name !== '_') return typed('var', name);
    const number = this.wildcards;
    this.wildcards += 1;
    return typed('var', `$${number}`);
  }
}

function calledPath(fn: Callee): readonly string[] {
  if (fn.c === 'name') return fn.path;
  return fn.c === 'builtin' ? fn.name.split('.') : [fn.path];
}

function scalar({ v }: Extract<Term, { readonly k: 'scalar' }>): Value {
  if (v === null) return typed('null', record({}));
  return typed(typeof v === 'string' || typeof v === 'boolean' ? typeof v : 'number', v);
}

/** `["time", "now_ns"]` as a reference. */
function named(path: readonly string[]): Value {
  return typed('ref', pathJson(path));
}

/** A name and the strings below it. */
export function pathJson(path: readonly string[]): Value[] {
  return path.map((name, i) => typed(i === 0 ? 'var' : 'string', name));
}

export function typed(type: string, value: Value): Value {
  return record({ type, value });
}

export function record(fields: Readonly<Record<string, Value>>): Value {
  return objectFrom(Object.entries(fields));
}

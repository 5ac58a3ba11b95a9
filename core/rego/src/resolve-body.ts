import { stringTerm } from './ast.ts';
import type { Body, Callee, Expr, Import, Literal, ModuleAst, Owned, Term, With } from './ast.ts';
import { isKnownBuiltin } from './builtins/names.ts';
import { RegoError } from './errors.ts';
import type { Location } from './errors.ts';
import { dataPath, packageKey } from './paths.ts';
import { bodyTerms, declared, eachVar, Scope, spelling } from './scope.ts';

/** Hands out variable ids, unique over all modules of a compilation. */
export interface Ids {
  next: number;
}

/** Resolves the names inside bodies and terms of one module. */
export class BodyResolver {
  private readonly ast: ModuleAst;
  private readonly names: ReadonlySet<string>;
  readonly imports: ReadonlyMap<string, Import>;
  private readonly ids: Ids;

  constructor(ast: ModuleAst, names: ReadonlySet<string>, ids: Ids) {
    this.ast = ast;
    this.names = names;
    this.ids = ids;
    this.imports = new Map(ast.imports.map((found) => [found.alias, found]));
  }

  fresh(): number {
    const id = this.ids.next;
    this.ids.next += 1;
    return id;
  }

  /** A scope for a body, with the variables that it uses without declaring and that nobody around it has. */
  open(body: Body, alongside: readonly Term[], parent: Scope, fixed: ReadonlySet<string> = new Set()): Scope {
    const scope = new Scope(parent, fixed);
    for (const literal of body) for (const v of declared(literal.expr)) scope.pending.add(v.name);
    for (const term of [...bodyTerms(body), ...alongside]) {
      eachVar(term, (v) => {
        if (
          v.name !== '_' &&
          !scope.pending.has(v.name) &&
          scope.find(v.name) === undefined &&
          !this.isGlobal(v.name)
        )
          scope.vars.set(v.name, this.fresh());
      });
    }
    return scope;
  }

  private declareVar(v: Extract<Term, { k: 'var' }>, scope: Scope): void {
    if (v.name === '_') return;
    if (v.name === 'input' || v.name === 'data')
      throw new RegoError(
        'rego_compile_error',
        `variables must not shadow ${v.name} (use a different variable name)`,
        v.at,
      );
    if (scope.fixed.has(v.name)) throw new RegoError('rego_compile_error', `arg ${v.name} redeclared`, v.at);
    if (scope.vars.has(v.name))
      throw new RegoError(
        'rego_compile_error',
        `var ${v.name} assigned above`,
        v.at,
        'each name can be declared once in a body',
      );
    scope.pending.delete(v.name);
    scope.vars.set(v.name, this.fresh());
  }

  private declareAll(expr: Expr, scope: Scope): void {
    for (const v of declared(expr)) this.declareVar(v, scope);
  }

  private isGlobal(name: string): boolean {
    return name === 'input' || name === 'data' || this.names.has(name) || this.imports.has(name);
  }

  body(body: Body, scope: Scope): Body {
    return body.map((literal) => this.literal(literal, scope));
  }

  private literal(literal: Literal, scope: Scope): Literal {
    return {
      expr: this.expr(literal.expr, scope),
      withs: literal.withs.map((w) => this.withClause(w, scope)),
      at: literal.at,
      ...(literal.text === undefined ? {} : { text: literal.text }),
    };
  }

  private expr(expr: Expr, scope: Scope): Expr {
    switch (expr.x) {
      case 'term':
        return { x: 'term', term: this.term(expr.term, scope) };
      case 'unify':
        return { x: 'unify', left: this.term(expr.left, scope), right: this.term(expr.right, scope) };
      case 'assign': {
        const right = this.term(expr.right, scope);
        this.declareAll(expr, scope);
        return { x: 'assign', left: this.term(expr.left, scope), right };
      }
      case 'some':
        this.declareAll(expr, scope);
        return { x: 'some', vars: expr.vars.map((v) => this.term(v, scope)) };
      case 'somein': {
        const coll = this.term(expr.coll, scope);
        this.declareAll(expr, scope);
        return {
          x: 'somein',
          key: expr.key === null ? null : this.term(expr.key, scope),
          value: this.term(expr.value, scope),
          coll,
        };
      }
      case 'every':
        return this.every(expr, scope);
      case 'not':
        return { x: 'not', body: this.literal(expr.body, scope) };
      default:
        expr satisfies never;
        return expr;
    }
  }

  private every(expr: Extract<Expr, { x: 'every' }>, scope: Scope): Expr {
    const coll = this.term(expr.coll, scope);
    const from = this.ids.next;
    const head = new Scope(scope);
    for (const v of [expr.key, expr.value]) if (v?.k === 'var') this.declareVar(v, head);
    const key = expr.key === null ? null : this.term(expr.key, head);
    const value = this.term(expr.value, head);
    const body = this.body(expr.body, this.open(expr.body, [], head));
    return { x: 'every', key, value, coll, body, own: [from, this.ids.next] };
  }

  private withClause(w: With, scope: Scope): With {
    const { at } = w;
    const head = w.target.k === 'ref' ? w.target.head : w.target;
    if (head.k !== 'var')
      throw new RegoError(
        'rego_type_error',
        'with keyword target must reference existing input, data, or a function',
        at,
      );
    const callee = this.isGlobal(head.name) ? null : spelling(w.target);
    if (callee !== null) {
      if (!isKnownBuiltin(callee))
        throw new RegoError(
          'rego_type_error',
          `with keyword target must reference existing input, data, or a function: ${callee}`,
          at,
        );
      return { target: w.target, callee: { c: 'builtin', name: callee }, ...this.withValue(w, scope) };
    }
    return { target: this.term(w.target, scope), ...this.withValue(w, scope) };
  }

  /** The value of a `with`; when it spells a built-in or may spell a function, that too. */
  private withValue(w: With, scope: Scope): Pick<With, 'value' | 'replacement' | 'at'> {
    const head = w.value.k === 'ref' ? w.value.head : w.value;
    const plain = head.k === 'var' && scope.find(head.name) === undefined;
    const spelled = plain ? spelling(w.value) : null;
    if (
      head.k === 'var' &&
      plain &&
      spelled !== null &&
      !this.isGlobal(head.name) &&
      isKnownBuiltin(spelled)
    ) {
      return {
        value: { k: 'scalar', v: null, at: w.at },
        replacement: { c: 'builtin', name: spelled },
        at: w.at,
      };
    }
    const value = this.term(w.value, scope);
    const path = dataPath(value);
    return path === null ? { value, at: w.at } : { value, replacement: { c: 'func', path }, at: w.at };
  }

  term(term: Term, scope: Scope): Term {
    const { at } = term;
    switch (term.k) {
      case 'scalar':
      case 'local':
      case 'root':
        return term;
      case 'var':
        return this.variable(term, scope);
      case 'ref': {
        const path = term.path.map((key) => this.term(key, scope));
        const head = this.term(term.head, scope);
        return head.k === 'ref'
          ? { k: 'ref', head: head.head, path: [...head.path, ...path], at }
          : { k: 'ref', head, path, at };
      }
      case 'array':
      case 'set':
        return { k: term.k, items: term.items.map((item) => this.term(item, scope)), at };
      case 'object':
        return {
          k: 'object',
          items: term.items.map(([key, value]) => [this.term(key, scope), this.term(value, scope)] as const),
          at,
        };
      case 'call':
        return {
          k: 'call',
          fn: this.callee(term.fn, scope, at),
          args: term.args.map((arg) => this.term(arg, scope)),
          at,
        };
      case 'comp': {
        const from = this.ids.next;
        const alongside = term.key === null ? [term.value] : [term.key, term.value];
        const inner = this.open(term.body, alongside, scope);
        const body = this.body(term.body, inner);
        const key = term.key === null ? null : this.term(term.key, inner);
        const value = this.term(term.value, inner);
        return { k: 'comp', of: term.of, key, value, body, own: [from, this.ids.next] satisfies Owned, at };
      }
      case 'template':
        return {
          k: 'template',
          parts: term.parts.map((part) => (typeof part === 'string' ? part : this.templatePart(part, scope))),
          at,
        };
      default:
        term satisfies never;
        return term;
    }
  }

  private templatePart(part: Literal, scope: Scope): Literal {
    const from = this.ids.next;
    const resolved = this.literal(part, this.open([part], [], scope));
    return { ...resolved, own: [from, this.ids.next] };
  }

  private variable(term: Extract<Term, { k: 'var' }>, scope: Scope): Term {
    const { name, at } = term;
    if (name === '_') return { k: 'local', id: this.fresh(), name, at };
    if (scope.pending.has(name))
      throw new RegoError(
        'rego_compile_error',
        `var ${name} referenced above`,
        at,
        'it is declared further down in this body',
      );
    const id = scope.find(name);
    if (id !== undefined) return { k: 'local', id, name, at };
    if (name === 'input' || name === 'data') return { k: 'root', name, at };
    if (this.names.has(name)) return globalRef(['data', ...this.ast.package, name], at);
    const found = this.imports.get(name);
    if (found !== undefined) return globalRef(found.path, at);
    throw new RegoError('rego_unsafe_var_error', `var ${name} is unsafe`, at);
  }

  private callee(fn: Callee, scope: Scope, at: Location): Callee {
    if (fn.c !== 'name') return fn;
    const [head, ...rest] = fn.path;
    if (head === undefined) throw new Error('call without name');
    if (scope.find(head) !== undefined && rest.length === 0)
      throw new RegoError('rego_type_error', `${head} is a variable and not a function`, at);
    if (head === 'data') return { c: 'func', path: packageKey(rest) };
    if (this.names.has(head)) return { c: 'func', path: packageKey([...this.ast.package, head, ...rest]) };
    const found = this.imports.get(head);
    if (found !== undefined && found.path[0] === 'data')
      return { c: 'func', path: packageKey([...found.path.slice(1), ...rest]) };
    return { c: 'builtin', name: fn.path.join('.') };
  }
}

function globalRef(path: readonly string[], at: Location): Term {
  const [root, ...rest] = path;
  const head: Term = { k: 'root', name: root === 'input' ? 'input' : 'data', at };
  return rest.length === 0 ? head : { k: 'ref', head, path: rest.map((name) => stringTerm(name, at)), at };
}

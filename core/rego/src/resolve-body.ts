import { stringTerm } from './ast.ts';
import type { Body, Callee, Expr, Import, Literal, ModuleAst, Owned, Term } from './ast.ts';
import { Declarations } from './declarations.ts';
import type { Reports } from './declarations.ts';
import { RegoError } from './errors.ts';
import type { Location } from './errors.ts';
import { jsonTerm } from './metadata/chain.ts';
import { withCallsBefore } from './negation.ts';
import { packageKey } from './paths.ts';
import { resolveWith } from './resolve-with.ts';
import { bodyTerms, declared, eachVar, Scope } from './scope.ts';
import type { Declaration } from './scope.ts';
import type { Json } from './values.ts';

/** Hands out variable ids, unique over all modules of a compilation. */
export interface Ids {
  next: number;
}

/** What the rule at hand can ask about itself. */
export type Metadata = (name: 'rule' | 'chain') => Json;

/** Resolves the names inside bodies and terms of one module. */
export class BodyResolver {
  private readonly ast: ModuleAst;
  private readonly names: ReadonlySet<string>;
  readonly imports: ReadonlyMap<string, Import>;
  private readonly ids: Ids;
  readonly declarations: Declarations;
  /** Names of the imports that something refers to. */
  readonly usedImports = new Set<string>();
  constructor(ast: ModuleAst, names: ReadonlySet<string>, ids: Ids, reports: Reports) {
    this.ast = ast;
    this.names = names;
    this.ids = ids;
    this.declarations = new Declarations(reports, () => this.fresh());
    this.imports = new Map(ast.imports.map((found) => [found.alias, found]));
  }

  private metadata: Metadata | null = null;

  /** Call it before each rule. */
  begin(metadata: Metadata | null): void {
    this.metadata = metadata;
    this.declarations.begin();
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

  private declareAll(expr: Expr, scope: Scope, by: Declaration['by'], at: Location): void {
    for (const v of declared(expr)) this.declarations.declare(v, scope, by, at);
  }

  /** Resolves what declares variables, which is no use of them. */
  private declaring(term: Term, scope: Scope): Term {
    const mine = [...scope.declared.values()].filter(({ id }) => !this.declarations.used.has(id));
    const resolved = this.term(term, scope);
    for (const { id } of mine) this.declarations.used.delete(id);
    return resolved;
  }

  /** Is it the name of a document, a rule or an import? */
  isGlobal(name: string): boolean {
    return name === 'input' || name === 'data' || this.names.has(name) || this.imports.has(name);
  }

  body(body: Body, scope: Scope): Body {
    return body.flatMap((literal) => withCallsBefore(this.literal(literal, scope), () => this.fresh()));
  }

  private literal(literal: Literal, scope: Scope): Literal {
    return {
      expr: this.expr(literal.expr, scope, literal.at),
      withs: literal.withs.map((w) => resolveWith(this, w, scope)),
      at: literal.at,
      ...(literal.text === undefined ? {} : { text: literal.text }),
    };
  }

  private expr(expr: Expr, scope: Scope, at: Location): Expr {
    switch (expr.x) {
      case 'term':
        return { x: 'term', term: this.shadowed(expr.term, scope) ?? this.term(expr.term, scope) };
      case 'unify':
        return { x: 'unify', left: this.term(expr.left, scope), right: this.term(expr.right, scope) };
      case 'assign': {
        this.declarations.checkAssignable(expr.left);
        const right = this.term(expr.right, scope);
        this.declareAll(expr, scope, 'assigned', at);
        return { x: 'assign', left: this.declaring(expr.left, scope), right };
      }
      case 'some':
        this.declareAll(expr, scope, 'declared', at);
        return { x: 'some', vars: expr.vars.map((v) => this.declaring(v, scope)) };
      case 'somein': {
        this.declarations.checkIterated(expr, at);
        const early = new Set(scope.early);
        const coll = this.term(expr.coll, scope);
        // What it iterates over has been compared with what it declares already.
        for (const name of scope.early) if (!early.has(name)) scope.early.delete(name);
        this.declareAll(expr, scope, 'bound', at);
        return {
          x: 'somein',
          key: expr.key === null ? null : this.term(expr.key, scope),
          value: this.term(expr.value, scope),
          coll,
        };
      }
      case 'every':
        return this.every(expr, scope, at);
      case 'not':
        if (expr.body.expr.x === 'assign')
          this.declarations.fail('rego_compile_error', 'cannot assign vars inside negated expression', at);
        return { x: 'not', body: this.literal(expr.body, scope) };
      default:
        expr satisfies never;
        return expr;
    }
  }

  /** An expression that calls a variable: it stays a name, which no function has. */
  private shadowed(term: Term, scope: Scope): Term | null {
    if (term.k !== 'call' || term.fn.c !== 'name' || scope.find(term.fn.path[0] ?? '') === undefined)
      return null;
    return { ...term, args: term.args.map((arg) => this.term(arg, scope)) };
  }

  private every(expr: Extract<Expr, { x: 'every' }>, scope: Scope, at: Location): Expr {
    const coll = this.term(expr.coll, scope);
    const from = this.ids.next;
    const head = new Scope(scope);
    const first = expr.body[0]?.at ?? at;
    for (const v of [expr.key, expr.value])
      if (v?.k === 'var') this.declarations.declare(v, head, 'declared', at, first);
    const key = expr.key === null ? null : this.declaring(expr.key, head);
    const value = this.declaring(expr.value, head);
    const inner = this.open(expr.body, [], head);
    for (const [name, declaration] of head.declared) inner.declared.set(name, declaration);
    const body = this.body(expr.body, inner);
    this.declarations.close(inner);
    return { x: 'every', key, value, coll, body, own: [from, this.ids.next] };
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
      case 'call': {
        const constant = this.described(term, scope);
        if (constant !== null) return constant;
        const fn = this.callee(term.fn, scope, at);
        if (fn.c === 'builtin' && fn.name === 'print') return this.print(term.args, scope, at);
        return { k: 'call', fn, args: term.args.map((arg) => this.term(arg, scope)), at };
      }
      case 'comp': {
        const from = this.ids.next;
        const alongside = term.key === null ? [term.value] : [term.key, term.value];
        const inner = this.open(term.body, alongside, scope);
        const body = this.body(term.body, inner);
        const key = term.key === null ? null : this.term(term.key, inner);
        const value = this.term(term.value, inner);
        this.declarations.close(inner);
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

  /** Every argument becomes a closure, so that printing holds whatever the arguments are, and binds nothing. */
  private print(args: readonly Term[], scope: Scope, at: Location): Term {
    const items = args.map((value): Term =>
      this.term({ k: 'comp', of: 'set', key: null, value, body: [], at }, scope),
    );
    const place = [at.file, at.row].map((v): Term => ({ k: 'set', items: [{ k: 'scalar', v, at }], at }));
    return {
      k: 'call',
      fn: { c: 'builtin', name: 'internal.print' },
      args: [{ k: 'array', items: [...place, ...items], at }],
      at,
    };
  }

  /** What a rule asks about its own annotations is a constant. */
  private described(term: Extract<Term, { k: 'call' }>, scope: Scope): Term | null {
    const { fn, args, at } = term;
    if (this.metadata === null || fn.c !== 'name' || fn.path[0] !== 'rego' || args.length > 0) return null;
    const [, group, name] = fn.path;
    if (
      group !== 'metadata' ||
      fn.path.length !== 3 ||
      this.isGlobal('rego') ||
      scope.find('rego') !== undefined
    )
      return null;
    return name === 'rule' || name === 'chain' ? jsonTerm(this.metadata(name), at) : null;
  }

  private templatePart(part: Literal, scope: Scope): Literal {
    const from = this.ids.next;
    const resolved = this.literal(part, this.open([part], [], scope));
    return { ...resolved, own: [from, this.ids.next] };
  }

  private variable(term: Extract<Term, { k: 'var' }>, scope: Scope): Term {
    const { name, at } = term;
    if (name === '_') return { k: 'local', id: this.fresh(), name, at };
    if (scope.pending.has(name)) {
      // Its declaration, further down, is what is refused.
      scope.early.add(name);
      return { k: 'local', id: this.fresh(), name, at };
    }
    const id = scope.find(name);
    if (id !== undefined) {
      this.declarations.used.add(id);
      return { k: 'local', id, name, at };
    }
    if (name === 'input' || name === 'data') return { k: 'root', name, at };
    const found = this.imports.get(name);
    if (found !== undefined) {
      this.usedImports.add(name);
      return globalRef(found.path, at);
    }
    if (this.names.has(name)) return globalRef(['data', ...this.ast.package, name], at);
    throw new RegoError('rego_unsafe_var_error', `var ${name} is unsafe`, at);
  }

  private callee(fn: Callee, scope: Scope, at: Location): Callee {
    if (fn.c !== 'name') return fn;
    const [head, ...rest] = fn.path;
    if (head === undefined) throw new Error('call without name');
    if (scope.find(head) !== undefined)
      this.declarations.fail(
        'rego_compile_error',
        `called function ${fn.path.join('.')} shadowed`,
        at,
        `the variable ${head} has the same name`,
      );
    if (head === 'data') return { c: 'func', path: packageKey(rest) };
    const found = this.imports.get(head);
    if (found !== undefined) this.usedImports.add(head);
    if (found !== undefined && found.path[0] === 'data')
      return { c: 'func', path: packageKey([...found.path.slice(1), ...rest]) };
    if (this.names.has(head)) return { c: 'func', path: packageKey([...this.ast.package, head, ...rest]) };
    return { c: 'builtin', name: fn.path.join('.') };
  }
}

function globalRef(path: readonly string[], at: Location): Term {
  const [root, ...rest] = path;
  const head: Term = { k: 'root', name: root === 'input' ? 'input' : 'data', at };
  return rest.length === 0 ? head : { k: 'ref', head, path: rest.map((name) => stringTerm(name, at)), at };
}

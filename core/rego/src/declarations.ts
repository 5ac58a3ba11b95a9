import type { Expr, Term } from './ast.ts';
import { RegoError } from './errors.ts';
import type { Location, RegoErrorCode } from './errors.ts';
import { irreplaceable, kindName } from './resolve-words.ts';
import { declared, eachVar } from './scope.ts';
import type { Declaration, Scope } from './scope.ts';
import { startOf } from './types/errors.ts';

/** Where what is wrong goes. */
export interface Reports {
  /** Errors after which no later check makes sense. */
  readonly hard: RegoError[];
  /** Errors that do not keep later checks from finding more. */
  readonly soft: RegoError[];
  /** Ask for what `opa check --strict` asks for. */
  readonly strict: boolean;
}

/** The variables that the bodies of a module declare: once each, before they are used, and not for nothing. */
export class Declarations {
  private readonly reports: Reports;
  private readonly fresh: () => number;
  /** Variables that something refers to. */
  readonly used = new Set<number>();
  /** Errors before the rule at hand: where there are new ones, unused variables are no news. */
  private before = 0;

  constructor(reports: Reports, fresh: () => number) {
    this.reports = reports;
    this.fresh = fresh;
  }

  /** Call it before each rule. */
  begin(): void {
    this.before = this.reports.hard.length + this.reports.soft.length;
  }

  fail(code: RegoErrorCode, message: string, at: Location, hint?: string): void {
    this.reports.hard.push(new RegoError(code, message, at, hint));
  }

  /** Call it when all that can use the variables of a scope is resolved. */
  close(scope: Scope): void {
    const { hard, soft, strict } = this.reports;
    if (hard.length + soft.length > this.before) return;
    for (const [name, { id, by, at }] of scope.declared) {
      if (by === 'bound' || (by === 'assigned' && !strict) || this.used.has(id)) continue;
      soft.push(new RegoError('rego_compile_error', `${by} var ${name} unused`, at));
    }
  }

  /** `at`: where it says so; `usedAt`: where it is said to be unused. */
  declare(
    v: Extract<Term, { k: 'var' }>,
    scope: Scope,
    by: Declaration['by'],
    at: Location,
    usedAt = at,
  ): void {
    const { name } = v;
    if (name === '_') return;
    if (name === 'input' || name === 'data')
      this.reports.soft.push(
        new RegoError(
          'rego_compile_error',
          `variables must not shadow ${name} (use a different variable name)`,
          at,
        ),
      );
    const earlier = scope.declared.get(name);
    const place = by === 'assigned' ? v.at : at;
    if (scope.fixed.has(name)) this.fail('rego_compile_error', `arg ${name} redeclared`, place);
    else if (earlier !== undefined)
      this.fail(
        'rego_compile_error',
        `var ${name} ${earlier.by === 'assigned' ? 'assigned' : 'declared'} above`,
        place,
        'each name can be declared once in a body',
      );
    else if (scope.early.has(name)) this.fail('rego_compile_error', `var ${name} referenced above`, place);
    scope.pending.delete(name);
    const id = this.fresh();
    scope.vars.set(name, id);
    scope.declared.set(name, { id, by, at: usedAt });
  }

  /** Only variables, in arrays and objects too, can be assigned to. */
  checkAssignable(term: Term): void {
    if (term.k === 'var') return;
    if (term.k === 'array') for (const item of term.items) this.checkAssignable(item);
    else if (term.k === 'object') for (const [, value] of term.items) this.checkAssignable(value);
    else this.fail('rego_compile_error', `cannot assign to ${kindName(term)}`, startOf(term));
  }

  /** `some x in f(x)`: what is iterated over cannot depend on what it gives. */
  checkIterated(expr: Extract<Expr, { x: 'somein' }>, at: Location): void {
    const bound = new Set(declared(expr).map((v) => v.name));
    const found = new Set<string>();
    eachVar(expr.coll, (v) => {
      if (v.name !== '_' && bound.has(v.name)) found.add(v.name);
    });
    for (const name of [...found].toSorted())
      this.fail('rego_compile_error', `var ${name} assigned before`, at);
  }

  /** Some built-ins cannot be replaced by `with`. */
  checkReplaceable(name: string, at: Location): void {
    const reason = irreplaceable(name);
    if (reason !== null)
      this.fail('rego_compile_error', `with keyword replacing built-in function: ${reason}`, at);
  }
}

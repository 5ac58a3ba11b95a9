import type { Body, Branch, ModuleAst, Rule, Term } from './ast.ts';
import { RegoError } from './errors.ts';
import type { Location } from './errors.ts';
import { packageKey } from './paths.ts';
import { BodyResolver } from './resolve-body.ts';
import type { Ids } from './resolve-body.ts';
import { eachPatternVar, Scope } from './scope.ts';

/** One branch with every name resolved. */
export interface ResolvedBranch {
  readonly value: Term;
  readonly body: Body;
  readonly at: Location;
  readonly text: string;
}

/** One rule with every name resolved; its place in the data document is `path` and then the computed keys `dynamic`. */
export interface ResolvedRule {
  readonly path: readonly string[];
  readonly dynamic: readonly Term[];
  readonly isDefault: boolean;
  readonly args: readonly Term[] | null;
  /** The member that a `contains` rule adds. */
  readonly member: Term | null;
  readonly branches: readonly ResolvedBranch[];
  readonly at: Location;
}

/** The names that the rules of a package define: the first name of each rule's reference. */
export type PackageNames = ReadonlyMap<string, ReadonlySet<string>>;

/** Resolves the names of one module. Each rule that fails adds its error and is left out. */
export function resolveModule(
  ast: ModuleAst,
  names: PackageNames,
  ids: Ids,
  errors: RegoError[],
): ResolvedRule[] {
  const resolver = new RuleResolver(ast, names.get(packageKey(ast.package)) ?? new Set(), ids);
  const rules: ResolvedRule[] = [];
  for (const rule of ast.rules) {
    try {
      rules.push(resolver.rule(rule));
    } catch (error) {
      if (!(error instanceof RegoError)) throw error;
      errors.push(error);
    }
  }
  return rules;
}

class RuleResolver {
  private readonly ast: ModuleAst;
  private readonly inside: BodyResolver;

  constructor(ast: ModuleAst, names: ReadonlySet<string>, ids: Ids) {
    this.ast = ast;
    this.inside = new BodyResolver(ast, names, ids);
  }

  rule(rule: Rule): ResolvedRule {
    const { head } = rule;
    this.checkName(rule);
    const fixed = new Set<string>();
    const outer = new Scope(null);
    let args: Term[] | null = null;
    if (head.args !== null) {
      for (const arg of head.args) {
        eachPatternVar(arg, (v) => {
          if (v.name === 'input' || v.name === 'data') {
            throw new RegoError(
              'rego_compile_error',
              `args must not shadow ${v.name} (use a different variable name)`,
              v.at,
            );
          }
          if (v.name === '_' || fixed.has(v.name)) return;
          fixed.add(v.name);
          outer.vars.set(v.name, this.inside.fresh());
        });
      }
      args = head.args.map((arg) => this.inside.term(arg, outer));
    }
    const [own, ...elses] = rule.branches;
    if (own === undefined) throw new Error('rule without branch');
    const keys = head.ref.slice(1);
    const cut = keys.findIndex((key) => key.k !== 'scalar' || typeof key.v !== 'string');
    const constant = (cut < 0 ? keys : keys.slice(0, cut)).map((key) =>
      key.k === 'scalar' ? String(key.v) : '',
    );
    const computed = cut < 0 ? [] : keys.slice(cut);
    if (computed.length > 0 && (args !== null || rule.isDefault || elses.length > 0)) {
      throw new RegoError(
        args === null ? 'rego_compile_error' : 'rego_unsupported',
        'a rule reference with variables can have no arguments, default or else',
        head.at,
      );
    }
    const extra = [...computed, ...(head.member === null ? [] : [head.member])];
    const first = this.branch(own, outer, fixed, extra);
    const branches = [first.branch, ...elses.map((e) => this.branch(e, outer, fixed, []).branch)];
    const member = head.member === null ? null : (first.extra.at(-1) ?? null);
    const dynamic = first.extra.slice(0, computed.length);
    const name = head.ref[0];
    const path = [...this.ast.package, name?.k === 'scalar' ? String(name.v) : '', ...constant];
    return { path, dynamic, isDefault: rule.isDefault, args, member, branches, at: head.at };
  }

  private checkName(rule: Rule): void {
    const name = rule.head.ref[0];
    if (name?.k !== 'scalar') return;
    if (name.v === 'input' || name.v === 'data') {
      throw new RegoError(
        'rego_compile_error',
        `rules must not shadow ${name.v} (use a different rule name)`,
        rule.at,
      );
    }
    if (this.inside.imports.has(String(name.v)) && rule.head.ref.length === 1) {
      throw new RegoError(
        'rego_compile_error',
        `rule ${String(name.v)} conflicts with an import of that name`,
        rule.at,
        'rename the import with `as`',
      );
    }
  }

  private branch(
    { value, body, at, text }: Branch,
    outer: Scope,
    fixed: ReadonlySet<string>,
    extra: readonly Term[],
  ): { branch: ResolvedBranch; extra: Term[] } {
    const result: Term = value ?? { k: 'scalar', v: true, at };
    const scope = this.inside.open(body, [...extra, result], outer, fixed);
    const resolved = this.inside.body(body, scope);
    return {
      branch: { value: this.inside.term(result, scope), body: resolved, at, text },
      extra: extra.map((t) => this.inside.term(t, scope)),
    };
  }
}

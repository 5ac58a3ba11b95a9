import type { Body, Branch, Literal, ModuleAst, Rule, Term } from './ast.ts';
import { RegoError } from './errors.ts';
import type { Location } from './errors.ts';
import type { AnnotationSet } from './metadata/chain.ts';
import { packageKey } from './paths.ts';
import { BodyResolver } from './resolve-body.ts';
import { showImport } from './imports.ts';
import type { Reports } from './declarations.ts';
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
  reports: Reports,
  annotations: AnnotationSet | null,
): ResolvedRule[] {
  const resolver = new RuleResolver(
    ast,
    names.get(packageKey(ast.package)) ?? new Set(),
    ids,
    reports,
    annotations,
  );
  const rules: ResolvedRule[] = [];
  for (const rule of ast.rules) {
    try {
      rules.push(resolver.rule(rule));
    } catch (error) {
      if (!(error instanceof RegoError)) throw error;
      reports.hard.push(error);
    }
  }
  if (reports.strict) resolver.unusedImports();
  return rules;
}

/** An argument that is a template string is compared in the body, whose variables it may use. */
function withComputedArgs(rule: Rule): Rule {
  const { args } = rule.head;
  if (args === null || !args.some((arg) => arg.k === 'template')) return rule;
  const checks: Literal[] = [];
  const plain = args.map((arg, i): Term => {
    if (arg.k !== 'template') return arg;
    // No source can spell this name.
    const variable: Term = { k: 'var', name: `$${i}`, at: arg.at };
    checks.push({ expr: { x: 'unify', left: variable, right: arg }, withs: [], at: arg.at });
    return variable;
  });
  const branches = rule.branches.map((branch) => ({ ...branch, body: [...checks, ...branch.body] }));
  return { ...rule, head: { ...rule.head, args: plain }, branches };
}

class RuleResolver {
  private readonly ast: ModuleAst;
  private readonly inside: BodyResolver;

  private readonly reports: Reports;

  private readonly annotations: AnnotationSet | null;

  constructor(
    ast: ModuleAst,
    names: ReadonlySet<string>,
    ids: Ids,
    reports: Reports,
    annotations: AnnotationSet | null,
  ) {
    this.ast = ast;
    this.reports = reports;
    this.annotations = annotations;
    this.inside = new BodyResolver(ast, names, ids, reports);
  }

  private soften(message: string, at: Location): void {
    this.reports.soft.push(new RegoError('rego_compile_error', message, at));
  }

  unusedImports(): void {
    for (const found of this.ast.imports)
      if (!this.inside.usedImports.has(found.alias)) this.soften(`${showImport(found)} unused`, found.at);
  }

  rule(written: Rule): ResolvedRule {
    const rule = withComputedArgs(written);
    const { head } = rule;
    const { annotations } = this;
    this.inside.begin(
      annotations === null
        ? null
        : (name) => (name === 'rule' ? annotations.rule(rule) : annotations.chain(rule, this.ast.package)),
    );
    this.checkName(rule);
    const fixed = new Set<string>();
    const outer = new Scope(null);
    let args: Term[] | null = null;
    if (head.args !== null) {
      for (const arg of head.args) {
        eachPatternVar(arg, (v) => {
          if (v.name === 'input' || v.name === 'data') {
            this.soften(`args must not shadow ${v.name} (use a different variable name)`, head.at);
          }
          if (v.name === '_' || fixed.has(v.name)) return;
          fixed.add(v.name);
          outer.vars.set(v.name, this.inside.fresh());
        });
      }
      args = head.args.map((arg) => this.inside.term(arg, outer));
      this.inside.declarations.used.clear();
    }
    const [own, ...elses] = rule.branches;
    if (own === undefined) throw new Error('rule without branch');
    const keys = head.ref.slice(1);
    const cut = keys.findIndex((key) => key.k !== 'scalar' || typeof key.v !== 'string');
    const constant = (cut < 0 ? keys : keys.slice(0, cut)).map((key) =>
      key.k === 'scalar' && typeof key.v === 'string' ? key.v : '',
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
    if (this.reports.strict) this.unusedArguments(outer, head.ref[0]?.at ?? head.at);
    const dynamic = first.extra.slice(0, computed.length);
    const name = head.ref[0];
    const path = [
      ...this.ast.package,
      name?.k === 'scalar' && typeof name.v === 'string' ? name.v : '',
      ...constant,
    ];
    return { path, dynamic, isDefault: rule.isDefault, args, member, branches, at: head.at };
  }

  private checkName(rule: Rule): void {
    const name = rule.head.ref[0];
    if (name?.k !== 'scalar' || typeof name.v !== 'string') return;
    if (name.v === 'input' || name.v === 'data')
      this.soften(`rules must not shadow ${name.v} (use a different rule name)`, rule.at);
  }

  private unusedArguments(outer: Scope, at: Location): void {
    for (const [name, id] of outer.vars)
      if (!this.inside.declarations.used.has(id))
        this.soften(`unused argument ${name}. (hint: use _ (wildcard variable) instead)`, at);
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
    const found = {
      branch: { value: this.inside.term(result, scope), body: resolved, at, text },
      extra: extra.map((t) => this.inside.term(t, scope)),
    };
    this.inside.declarations.close(scope);
    return found;
  }
}

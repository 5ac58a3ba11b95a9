import { forAuthors } from './authoring.ts';
import type { Body, Literal, ModuleAst, Term } from './ast.ts';
import { builtinInfo } from './builtins/names.ts';
import { Signatures } from './builtins/signatures.ts';
import { CallCheck } from './calls.ts';
import { checkConflicts } from './conflicts.ts';
import { inlineConstants } from './constants.ts';
import { checkImports } from './imports.ts';
import { analyse } from './codegen/module.ts';
import type { ProgramInfo } from './codegen/emit.ts';
import { RegoError, stopOn } from './errors.ts';
import type { Host } from './host.ts';
import { documentDependencies } from './dependencies.ts';
import type { DocumentDependencies } from './dependencies.ts';
import { readAnnotations } from './metadata/annotations.ts';
import type { Annotation, YamlDocuments } from './metadata/annotations.ts';
import { AnnotationSet } from './metadata/chain.ts';
import { parseModule } from './parser/module.ts';
import { checkRecursion, dependenciesOf, sortGroups } from './recursion.ts';
import { packageKey } from './paths.ts';
import { resolveModule } from './resolve.ts';
import type { PackageNames, ResolvedRule } from './resolve.ts';
import type { Ids } from './resolve-body.ts';
import { mapLiterals } from './rewrite.ts';
import { SafetyCheck } from './safety-check.ts';
import { buildTree } from './tree.ts';
import { checkTypes } from './types/check.ts';
import { startOf } from './types/errors.ts';

/** A module of a policy. Without `dialect` it is v1; there is no silent fallback from one dialect to the other. */
export interface Module {
  readonly file: string;
  readonly source: string;
  readonly dialect?: 'v0' | 'v1';
}

/** A checked program: what code can be made of. */
export interface Checked {
  readonly info: ProgramInfo;
  /** What it takes to compile a query against the same rules. */
  readonly rules: readonly ResolvedRule[];
  readonly names: PackageNames;
  readonly ids: Ids;
  readonly ordered: (body: Body) => Body | null;
}

/** How much `check` asks for. */
export interface CheckOptions {
  /** Refuse what OPA refuses with `opa check --strict`: what is unused, shadowed or deprecated. */
  readonly strict?: boolean;
}

/** Parses, resolves and checks all modules; throws RegoErrors with everything that is wrong. */
export function check(modules: readonly Module[], host: Host = {}, options: CheckOptions = {}): Checked {
  const errors: RegoError[] = [];
  const asts = parseAll(modules, errors);
  stopOn(errors);
  const strict = options.strict === true;
  // These do not keep later checks from finding more; they are given with what those find.
  const soft: RegoError[] = [];
  for (const ast of asts) if (strict || ast.dialect === 'v1') checkImports(ast, soft);
  const names = packageNames(asts);
  const ids = { next: 0 };
  const annotations = annotationsOf(modules, asts, host, errors);
  stopOn(errors);
  const resolved = asts.flatMap((ast) =>
    resolveModule(ast, names, ids, { hard: errors, soft, strict }, annotations),
  );
  stopOn(errors, soft);
  const signatures = new Signatures();
  checkConflicts(resolved, asts, errors);
  stopOn(errors, soft);
  const calls = new CallCheck(resolved, signatures, errors);
  for (const rule of resolved) calls.rule(rule);
  stopOn(errors, soft);
  const rules = forAuthors(
    resolved.map((rule) => inlineConstants(withOutputs(rule, calls))),
    host,
    calls.prints,
  );
  const safety = new SafetyCheck();
  for (const rule of rules) safety.rule(rule);
  errors.push(...safety.errors());
  stopOn(errors, soft);
  const tree = buildTree(
    rules,
    asts.map((ast) => ast.package),
    errors,
  );
  stopOn(errors, soft);
  const edges = dependenciesOf(tree);
  checkRecursion(tree, edges, errors);
  stopOn(errors, soft);
  checkTypes(sortGroups(tree, edges), safety.ordered, signatures, errors);
  const current = new Set(asts.filter((ast) => strict || ast.dialect === 'v1').map((ast) => ast.file));
  for (const { name, call, file } of calls.builtins)
    if (current.has(file) && signatures.get(name)?.deprecated === true) errors.push(deprecated(name, call));
  stopOn([...errors, ...soft]);
  const builtin = builtinInfo(host);
  calls.refuseUnsupported(builtin);
  stopOn(errors);
  const info = analyse(tree, builtin, safety.ordered, errors);
  stopOn(errors);
  return { info, rules, names, ids, ordered: safety.ordered };
}

/** null: there are none to ask, and calls that need them are not supported. */
function annotationsOf(
  modules: readonly Module[],
  asts: readonly ModuleAst[],
  host: Host,
  errors: RegoError[],
): AnnotationSet | null {
  if (host.yaml === undefined) return null;
  const found: Annotation[] = [];
  let yaml: YamlDocuments | null = null;
  modules.forEach(({ source }, i) => {
    const ast = asts[i];
    if (ast === undefined || !source.includes('METADATA')) return;
    yaml ??= host.yaml?.() ?? null;
    if (yaml === null) return;
    try {
      found.push(...readAnnotations(ast, yaml));
    } catch (error) {
      if (!(error instanceof RegoError)) throw error;
      errors.push(error);
    }
  });
  return new AnnotationSet(found, errors);
}

/** What the document at a slash-separated path depends on; throws RegoErrors when the modules are not valid. */
export function deps(modules: readonly Module[], path: string, host: Host = {}): DocumentDependencies {
  const keys = path.split('/').filter((key) => key !== '');
  return documentDependencies(check(modules, host).info.tree, keys);
}

function parseAll(modules: readonly Module[], errors: RegoError[]): ModuleAst[] {
  const asts: ModuleAst[] = [];
  for (const { file, source, dialect } of modules) {
    try {
      asts.push(parseModule(file, source, dialect ?? 'v1'));
    } catch (error) {
      if (!(error instanceof RegoError)) throw error;
      errors.push(error);
    }
  }
  return asts;
}

function packageNames(asts: readonly ModuleAst[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const ast of asts) {
    const key = packageKey(ast.package);
    const known = names.get(key) ?? new Set();
    for (const rule of ast.rules) {
      const [name] = rule.head.ref;
      if (name?.k === 'scalar' && typeof name.v === 'string') known.add(name.v);
    }
    names.set(key, known);
  }
  return names;
}

function deprecated(name: string, call: Term): RegoError {
  const message = `deprecated built-in function calls in expression: ${name}`;
  return new RegoError('rego_type_error', message, startOf(call));
}

/** Calls whose last argument is the result become equations. */
export function withOutputs(rule: ResolvedRule, calls: CallCheck): ResolvedRule {
  return calls.irregular.has(rule) ? mapLiterals(rule, (literal) => outputArgument(literal, calls)) : rule;
}

/** `count(xs, n)`, with one argument too many, means `count(xs) = n`. */
function outputArgument(literal: Literal, calls: CallCheck): Literal {
  const { expr } = literal;
  if (expr.x !== 'term' || expr.term.k !== 'call') return literal;
  const { term } = expr;
  const arity = calls.arity(term.fn);
  const output = term.args.at(-1);
  if (arity < 0 || output === undefined || term.args.length !== arity + 1) return literal;
  const left: Term = { ...term, args: term.args.slice(0, -1) };
  return { ...literal, expr: { x: 'unify', left, right: output, output: true } };
}

import type { Callee, Literal, ModuleAst, Term } from './ast.ts';
import { builtinInfo } from './builtins/names.ts';
import type { BuiltinInfo } from './builtins/names.ts';
import { analyse, generate } from './codegen/module.ts';
import type { Generated } from './codegen/module.ts';
import type { ProgramInfo } from './codegen/emit.ts';
import { RegoError, RegoErrors } from './errors.ts';
import type { Host } from './host.ts';
import { parseModule } from './parser/module.ts';
import { checkRecursion } from './recursion.ts';
import { packageKey } from './paths.ts';
import { resolveModule } from './resolve.ts';
import type { ResolvedRule } from './resolve.ts';
import { mapLiterals } from './rewrite.ts';
import { buildTree } from './tree.ts';
import { walkRule } from './walk.ts';

/** A module of a policy. Without `dialect` it is v1; there is no silent fallback from one dialect to the other. */
export interface Module {
  readonly file: string;
  readonly source: string;
  readonly dialect?: 'v0' | 'v1';
}

/** A checked program: the fast code, and what is needed to make the abstract code on demand. */
export interface Checked {
  readonly info: ProgramInfo;
  readonly fast: Generated;
}

/** Parses, resolves and checks all modules and generates the fast code; throws RegoErrors with everything that is wrong. */
export function check(modules: readonly Module[], host: Host = {}): Checked {
  const errors: RegoError[] = [];
  const asts = parseAll(modules, errors);
  stopOn(errors);
  const names = packageNames(asts);
  const ids = { next: 0 };
  const builtin = builtinInfo(host);
  const resolved = asts.flatMap((ast) => resolveModule(ast, names, ids, errors));
  stopOn(errors);
  const rules = withOutputs(resolved, builtin, errors);
  stopOn(errors);
  const tree = buildTree(
    rules,
    asts.map((ast) => ast.package),
    errors,
  );
  stopOn(errors);
  checkRecursion(tree, errors);
  const info = analyse(tree, builtin, errors);
  stopOn(errors);
  const fast = generate(info, 'fast');
  stopOn(errors);
  return { info, fast };
}

function stopOn(errors: readonly RegoError[]): void {
  if (errors.length > 0) throw new RegoErrors(errors);
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

/** Rewrites calls with an output argument, and adds an error for every call of a built-in that is not supported. */
function withOutputs(
  rules: readonly ResolvedRule[],
  builtin: (name: string) => BuiltinInfo | null,
  errors: RegoError[],
): ResolvedRule[] {
  const arities = new Map(
    rules.flatMap((rule) => (rule.args === null ? [] : [[packageKey(rule.path), rule.args.length] as const])),
  );
  const arityOf = (fn: Callee): number => {
    if (fn.c === 'func') return arities.get(fn.path) ?? -1;
    return fn.c === 'builtin' ? (builtin(fn.name)?.arity ?? -1) : -1;
  };
  for (const rule of rules) {
    walkRule(rule, {
      term: (term) => {
        if (term.k !== 'call' || term.fn.c !== 'builtin') return;
        const { name } = term.fn;
        const info = builtin(name);
        if (info === null)
          errors.push(new RegoError('rego_type_error', `undefined function ${name}`, term.at));
        else if (!info.supported)
          errors.push(
            new RegoError('rego_unsupported', `built-in function ${name} is not supported`, term.at),
          );
      },
    });
  }
  return rules.map((rule) => mapLiterals(rule, (literal) => outputArgument(literal, arityOf)));
}

/** `count(xs, n)`, with one argument too many, means `count(xs) = n`. */
function outputArgument(literal: Literal, arityOf: (fn: Callee) => number): Literal {
  const { expr } = literal;
  if (expr.x !== 'term' || expr.term.k !== 'call') return literal;
  const { term } = expr;
  // Printing is for authors at their desk. It also holds when its arguments are undefined, so none is computed.
  if (term.fn.c === 'builtin' && term.fn.name === 'print') {
    return { ...literal, expr: { x: 'term', term: { k: 'scalar', v: true, at: term.at } } };
  }
  const arity = arityOf(term.fn);
  const output = term.args.at(-1);
  if (arity < 0 || output === undefined || term.args.length !== arity + 1) return literal;
  const left: Term = { ...term, args: term.args.slice(0, -1) };
  return { ...literal, expr: { x: 'unify', left, right: output } };
}

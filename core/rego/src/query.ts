import type { Body, Literal, Term } from './ast.ts';
import { forAuthors } from './authoring.ts';
import { builtinInfo } from './builtins/names.ts';
import type { ProgramInfo } from './codegen/emit.ts';
import { Code } from './code.ts';
import { analyse } from './codegen/module.ts';
import type { Backend, Compiled } from './codegen/module.ts';
import { CallCheck } from './calls.ts';
import { Signatures } from './builtins/signatures.ts';
import { withOutputs } from './compile.ts';
import type { Checked } from './compile.ts';
import { RegoError, RegoErrors, stopOn } from './errors.ts';
import type { Location } from './errors.ts';
import { determined, runOnce, whileWaiting } from './evaluation.ts';
import type { Documents, EvaluationOptions, Waiting } from './evaluation.ts';
import type { AsyncOptions } from './external.ts';
import type { Host } from './host.ts';
import { parseModule } from './parser/module.ts';
import { parseQuery } from './parser/query.ts';
import { packageKey } from './paths.ts';
import { BodyResolver } from './resolve-body.ts';
import type { ResolvedRule } from './resolve.ts';
import { SafetyCheck } from './safety-check.ts';
import { bodyTerms, declared, eachVar, Scope } from './scope.ts';
import type { Group } from './tree.ts';
import { isArray } from './values.ts';
import type { Value } from './values.ts';

/** How the names in a query are resolved. */
export interface QueryOptions {
  /** A package (`example.rules`) whose rules the query may name without their path. */
  readonly package?: string;
  /** Imports as in a module, without the keyword: `data.example`, `input.user as u`. */
  readonly imports?: readonly string[];
}

/** One expression of a query with its value, which is true for what has none (assignments, negations, `every`). */
export interface QueryExpression {
  readonly text: string;
  readonly value: Value;
  /** 1-based place in the query. */
  readonly row: number;
  readonly col: number;
}

/** One way to make the query true. Values are exact: sets stay sets, integers of any size stay exact (see `marshal`). */
export interface QueryResult {
  /** Variables in the order in which the query names them; `_` is left out. */
  readonly bindings: Readonly<Record<string, Value>>;
  readonly expressions: readonly QueryExpression[];
}

/** A compiled query. Its cost is bounded by the steps of the program. */
export interface PreparedQuery {
  /** All results; throws RegoEvalError when there is no answer. */
  results(input: unknown, options?: EvaluationOptions): readonly QueryResult[];
  /** As `results`, waiting for what built-ins ask of the outside. */
  resultsAsync(input: unknown, options?: EvaluationOptions & AsyncOptions): Promise<readonly QueryResult[]>;
  /** The same by the code that tracks reads, with the input paths that were read (see `Entrypoint.track`). */
  track(input: unknown): { readonly results: readonly QueryResult[]; readonly reads: ReadonlySet<string> };
}

/** The file name that places in a query carry. */
const FILE = 'query';

/** Compiles a query together with the rules of a program; throws RegoErrors. */
export function prepareQuery(
  context: Documents & { readonly checked: Checked; readonly host: Host; readonly backend: Backend },
  text: string,
  options: QueryOptions,
): PreparedQuery {
  const { host, checked, backend } = context;
  const query = resolveQuery(checked, host, text, options);
  const { info, group } = withQuery(checked, query, host);
  const fast = new Code(info, host, backend, 'fast').of(group).compiled;
  const strict = new Code(info, host, backend, 'strict');
  const tracking = new Code(info, host, backend, 'abstract');
  const read = (compiled: Compiled): Value | undefined => compiled.group(group.id);
  const run = (input: unknown, settings?: EvaluationOptions, waiting?: Waiting): readonly QueryResult[] => {
    const compiled = settings?.strictBuiltinErrors === true ? strict.of(group).compiled : fast;
    return shape(
      query,
      determined(() => runOnce(compiled, context, input, read, settings, waiting)),
    );
  };
  return {
    results: run,
    resultsAsync: (input, settings) => whileWaiting((waiting) => run(input, settings, waiting), settings),
    track: (input) => {
      const { compiled } = tracking.of(group);
      const { state } = compiled;
      state.reads.clear();
      const value = determined(() => runOnce(compiled, context, input, read));
      return { results: shape(query, value), reads: new Set(state.reads) };
    },
  };
}

interface Query {
  readonly rule: ResolvedRule;
  readonly names: readonly string[];
  readonly expressions: readonly Literal[];
  /** For each expression, where its value stands in a solution; -1 where it is always true. */
  readonly places: readonly number[];
}

/** The query as a rule whose value is the list of all solutions: the variables' values and then those of the expressions. */
function resolveQuery(checked: Checked, host: Host, text: string, options: QueryOptions): Query {
  const parsed = throwing(() => parseQuery(FILE, text));
  const module = throwing(() => parseModule(FILE, header(options), 'v1'));
  const names = options.package === undefined ? undefined : checked.names.get(packageKey(module.package));
  const hard: RegoError[] = [];
  const inside = new BodyResolver(module, names ?? new Set(), checked.ids, { hard, soft: [], strict: false });
  const from = checked.ids.next;
  const scope = inside.open(parsed, [], new Scope(null));
  const resolved = throwing(() => inside.body(parsed, scope));
  stopOn(hard);
  const at = parsed[0]?.at ?? { file: FILE, row: 1, col: 1 };
  const solutions = (body: Body, items: readonly Term[]): ResolvedRule =>
    ruleOf(
      {
        k: 'comp',
        of: 'array',
        key: null,
        value: { k: 'array', items, at },
        body,
        own: [from, checked.ids.next],
        at,
      },
      at,
    );
  const errors: RegoError[] = [];
  const asked = solutions(resolved, []);
  const calls = new CallCheck([...checked.rules, asked], new Signatures(), errors);
  calls.rule(asked);
  stopOn(errors);
  calls.refuseUnsupported(builtinInfo(host));
  stopOn(errors);
  const [outputs] = forAuthors([withOutputs(asked, calls)], host, calls.prints);
  const bound = variables(parsed).filter((name) => scope.vars.has(name));
  const items = bound.map((name): Term => ({ k: 'local', id: scope.vars.get(name) ?? -1, name, at }));
  const value = outputs?.branches[0]?.value;
  const body: Literal[] = [];
  const checks: Literal[] = [];
  const places: number[] = [];
  for (const literal of value?.k === 'comp' ? value.body : []) {
    const { expr } = literal;
    // What the resolver added has no text.
    if (literal.text === undefined) {
      body.push(literal);
      continue;
    }
    if (expr.x !== 'term') {
      if (expr.x !== 'some') places.push(-1);
      body.push(literal);
      continue;
    }
    const captured: Term = { k: 'local', id: inside.fresh(), name: '_', at: literal.at };
    places.push(items.length);
    items.push(captured);
    body.push({ ...literal, expr: { x: 'unify', left: captured, right: expr.term } });
    checks.push({ expr: { x: 'term', term: captured }, withs: [], at: literal.at });
  }
  // One expression that does not iterate may be false, which then is the answer.
  const [only] = resolved;
  const mayBeFalse = resolved.length === 1 && only?.expr.x === 'term' && !iterates(only.expr.term);
  return {
    rule: solutions(mayBeFalse ? body : [...body, ...checks], items),
    names: bound,
    expressions: parsed.filter(({ expr }) => expr.x !== 'some'),
    places,
  };
}

function ruleOf(value: Term, at: Location): ResolvedRule {
  const branch = { value, body: [], at, text: '' };
  // No package has this name, and no policy can spell it.
  return {
    path: ['\0query'],
    dynamic: [],
    isDefault: false,
    args: null,
    member: null,
    branches: [branch],
    at,
  };
}

function header({ package: name = 'query', imports = [] }: QueryOptions): string {
  return [`package ${name}`, ...imports.map((path) => `import ${path}`)].join('\n');
}

function throwing<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof RegoError ? new RegoErrors([error]) : error;
  }
}

/** The names of variables as the query mentions them, outside closures. */
function variables(body: Body): string[] {
  const found = new Set<string>();
  const add = ({ name }: { readonly name: string }): void => {
    if (name !== '_') found.add(name);
  };
  for (const literal of body) {
    for (const v of declared(literal.expr)) add(v);
    for (const term of bodyTerms([literal])) eachVar(term, add);
  }
  return [...found];
}

/** Does a reference in the term have several values, or a call? Closures do not count. */
function iterates(term: Term): boolean {
  switch (term.k) {
    case 'ref':
      return term.path.some((key) => key.k === 'local' || iterates(key)) || iterates(term.head);
    case 'array':
    case 'set':
      return term.items.some(iterates);
    case 'object':
      return term.items.some(([k, v]) => iterates(k) || iterates(v));
    case 'call':
      return (term.fn.c === 'builtin' && term.fn.name === 'walk') || term.args.some(iterates);
    default:
      return false;
  }
}

/** The program with the query's rule, which is no part of any document. */
function withQuery(checked: Checked, { rule }: Query, host: Host): { info: ProgramInfo; group: Group } {
  const { tree } = checked.info;
  const group: Group = {
    id: tree.groups.length,
    path: rule.path,
    kind: 'complete',
    entries: [{ rule, keys: [] }],
    defaultRule: null,
    arity: 0,
  };
  const errors: RegoError[] = [];
  const safety = new SafetyCheck();
  safety.rule(rule);
  stopOn(safety.errors());
  const ordered = (body: Body): Body | null => safety.ordered(body) ?? checked.ordered(body);
  const info = analyse({ ...tree, groups: [...tree.groups, group] }, builtinInfo(host), ordered, errors);
  stopOn(errors);
  return { info, group };
}

function shape({ names, expressions, places }: Query, value: Value | undefined): QueryResult[] {
  if (!isArray(value)) return [];
  return value.map((solution) => {
    const items = isArray(solution) ? solution : [];
    const bindings: Record<string, Value> = Object.create(null) as Record<string, Value>;
    names.forEach((name, i) => {
      bindings[name] = items[i] ?? null;
    });
    return {
      bindings,
      expressions: expressions.map(({ text = '', at: { row, col } }, i) => {
        const place = places[i] ?? -1;
        return { text, value: place < 0 ? true : (items[place] ?? null), row, col };
      }),
    };
  });
}

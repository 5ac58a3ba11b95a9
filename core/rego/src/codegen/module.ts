import type { BuiltinInfo } from '../builtins/names.ts';
import { runGenerated } from '../closures/statements.ts';
import type { RegoError } from '../errors.ts';
import type { Host } from '../host.ts';
import { selectAll } from '../rule-index.ts';
import { createRuntime } from '../runtime.ts';
import type { State } from '../runtime.ts';
import type { Tracer } from '../tracer.ts';
import type { Group, Node, Tree } from '../tree.ts';
import type { Value } from '../values.ts';
import { Emitter } from './emit.ts';
import type { ProgramInfo, Variant } from './emit.ts';
import { emitBody } from './literals.ts';
import { emitGroup, emitNode } from './rules.ts';
import { emitTerm } from './terms.ts';
import { Trace } from './trace.ts';
import type { Site } from './trace.ts';
import { analyseWith } from './with-analysis.ts';

/** A generated program: call `start`, then the document functions. */
export interface Compiled {
  /** Sets the documents for one evaluation and forgets what earlier ones computed. */
  readonly start: (input: Value | undefined, data: Value, steps: number) => void;
  readonly group: (id: number) => Value | undefined;
  readonly node: (id: number) => Value | undefined;
  readonly state: State;
}

/** Source and constants of a program; instantiated as often as wanted. */
export interface Generated {
  readonly variant: Variant;
  readonly source: string;
  readonly pool: readonly unknown[];
  /** The bodies that traced code reports on; empty otherwise. */
  readonly sites: readonly Site[];
  /** The documents and functions that there is code for. */
  readonly reached: ReadonlySet<Group | Node>;
}

/** Collects what the generator must know about the whole program. */
export function analyse(
  tree: Tree,
  builtin: (name: string) => BuiltinInfo | null,
  ordered: ProgramInfo['ordered'],
  errors: RegoError[],
): ProgramInfo {
  return { tree, builtin, ...analyseWith(tree, errors), ordered, errors };
}

/**
 * Generates JavaScript.
 * @param from the documents that will be asked for; rules that none of them can reach are left out. Everything when absent.
 */
export function generate(
  info: ProgramInfo,
  variant: Variant,
  from: readonly (Group | Node)[] = everything(info.tree),
): Generated {
  const trace = variant === 'traced' ? new Trace() : null;
  const e = new Emitter(info, { term: emitTerm, body: emitBody }, variant, trace);
  if (trace !== null) e.line('const { T } = R;');
  for (const mask of info.masks.values()) e.line(`let w${mask.id} = false;`);
  for (const id of info.mocks.values()) e.line(`let m${id} = null;`);
  for (const one of from) e.reached.add(one);
  // A set gives what is added to it meanwhile, too.
  for (const one of e.reached) {
    if ('children' in one) emitNode(e, one);
    else emitGroup(e, one);
  }
  e.block('function start(input, data, steps)', () => {
    e.line(
      'IN = input; D = data; gen = ++S.gen; S.fuel = steps; S.nowNs = null; S.call = null; S.once = null;',
    );
    for (const mask of info.masks.values()) e.line(`w${mask.id} = false;`);
    for (const id of info.mocks.values()) e.line(`m${id} = null;`);
  });
  const cases: Record<'group' | 'node', string[]> = { group: [], node: [] };
  for (const one of e.reached) {
    if ('children' in one) cases.node.push(`case ${one.id}: return x${one.id}();`);
    else if (one.kind !== 'func') cases.group.push(`case ${one.id}: return r${one.id}();`);
  }
  for (const name of ['group', 'node'] as const)
    e.line(`function ${name}(id) { switch (id) { ${cases[name].join(' ')} default: return undefined; } }`);
  e.line('return { start, group, node, state: S };');
  const body = e.take();
  const names = [...RUNTIME_NAMES].join(', ');
  const source = `'use strict';\nconst { ${names} } = R;\nlet IN, D, gen = 0;\n${e.takePrelude()}\n${body}`;
  return { variant, source, pool: e.pool, sites: trace?.sites ?? [], reached: e.reached };
}

/** Whatever can be asked for by itself, and the functions. */
function everything({ groups, nodes }: Tree): (Group | Node)[] {
  return [...groups, ...nodes.filter((node) => node.group === null)];
}

const RUNTIME_NAMES: readonly string[] = Object.keys(createRuntime({}, false));

/**
 * How generated code is run: as JavaScript, or as closures over the same text where the host forbids code generation. `auto`
 * takes JavaScript where it is allowed.
 */
export type Backend = 'auto' | 'javascript' | 'closures';

/** Makes a runnable program. The only place where text becomes code; see Emitter for what can be in that text. */
export function instantiate(
  generated: Generated,
  host: Host,
  backend: Backend = 'auto',
  tracer: Tracer | null = null,
): Compiled {
  const runtime = {
    ...createRuntime(host, generated.variant === 'abstract'),
    ...(generated.variant === 'traced' ? { T: tracer, select: selectAll } : {}),
  };
  const { source, pool } = generated;
  const factory = backend === 'closures' ? null : javascript(source, backend);
  return (factory === null ? runGenerated(source, runtime, pool) : factory(runtime, pool)) as Compiled;
}

type Factory = (R: unknown, K: readonly unknown[]) => unknown;

/** Null where code generation is forbidden, unless nothing else is wanted. */
function javascript(source: string, backend: Backend): Factory | null {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- code generation is this package's purpose
    return new Function('R', 'K', source) as Factory;
  } catch (error) {
    if (backend === 'auto' && error instanceof EvalError) return null;
    throw error;
  }
}

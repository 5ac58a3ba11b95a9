import { RegoError } from '../errors.ts';
import type { ResolvedBranch, ResolvedRule } from '../resolve.ts';
import type { Entry, Group, Node } from '../tree.ts';
import { keyOf } from '../values.ts';
import { emitAll } from './atoms.ts';
import { emitDispatch } from './dispatch.ts';
import { constantValue, literal } from './emit.ts';
import type { Emitter, Env } from './emit.ts';
import { emitBody } from './literals.ts';
import { maskChecks } from './refs.ts';
import { emitTerm } from './terms.ts';
import { emitGave, emitLeave, emitStep, emitTried } from './trace.ts';
import type { Site } from './trace.ts';
import { emitMatch } from './unify.ts';

/** Emits the function (and, for documents, the memory) of a group. Errors are collected per rule. */
export function emitGroup(e: Emitter, group: Group): void {
  const params = Array.from({ length: group.arity }, (_, i) => `a${i}`);
  const isFunc = group.kind === 'func';
  if (!isFunc) emitMemo(e, `r${group.id}`, `c${group.id}`, group.path);
  const head = `function ${isFunc ? 'f' : 'c'}${group.id}(${params.join(', ')})`;
  if (group.kind === 'set') emitSet(e, group, head);
  else if (group.kind === 'object') emitObject(e, group, head);
  else emitComplete(e, group, head, params);
}

/** A function that remembers its value for one generation and gives way to `with` on its path. */
function emitMemo(e: Emitter, name: string, compute: string, path: readonly string[]): void {
  const seen = `seen_${name}`;
  const kept = `kept_${name}`;
  e.line(`let ${seen} = -1, ${kept};`);
  e.block(`function ${name}()`, () => {
    e.line(maskChecks(e, path, `return ${path.reduce((base, key) => `${e.accessor(key)}(${base})`, 'D')};`));
    e.line(`if (${seen} === gen) return ${kept};`);
    e.fuel();
    e.line(`const v = ${compute}(); ${seen} = gen; ${kept} = v; return v;`);
  });
}

function guarded(e: Emitter, emit: () => void): void {
  try {
    emit();
  } catch (error) {
    if (!(error instanceof RegoError)) throw error;
    e.info.errors.push(error);
  }
}

function emitComplete(e: Emitter, group: Group, head: string, params: readonly string[]): void {
  const values = group.entries.flatMap((entry) =>
    entry.rule.branches.map((branch) => constantValue(branch.value)),
  );
  const [first] = values;
  // All outcomes are the same scalar: the first success is the answer.
  const same =
    first !== undefined && typeof first !== 'object' && values.every((value) => value === first)
      ? literal(first)
      : null;
  const kind = group.kind === 'func' ? 'func' : 'complete';
  emitDispatch(e, group, params, {
    head,
    gathers: same === null ? 'value' : 'nothing',
    before: () => {
      if (group.kind === 'func') e.fuel();
      if (same === null) e.line('let o;');
    },
    rule: ({ rule }) => {
      guarded(e, () => {
        emitRule(e, group, rule, params, (atom, site) => {
          if (same !== null) {
            emitLeave(e, site);
            e.line(`return ${same};`);
          } else
            e.line(
              `if (o === undefined) o = ${atom}; else if (!equal(o, ${atom})) conflict('${kind}', ${e.constant(rule.at)});`,
            );
        });
      });
    },
    after: () => {
      if (same === null) e.line('if (o !== undefined) return o;');
      if (group.defaultRule !== null) emitDefault(e, group, group.defaultRule, params);
      e.line('return undefined;');
    },
  });
}

function emitDefault(e: Emitter, group: Group, rule: ResolvedRule, params: readonly string[]): void {
  guarded(e, () => {
    const env: Env = new Map();
    rule.args?.forEach((arg, i) => {
      if (arg.k !== 'local')
        throw new RegoError(
          'rego_compile_error',
          'default functions can have only variables as arguments',
          arg.at,
        );
      env.set(arg.id, params[i] ?? '');
    });
    const [branch] = rule.branches;
    if (branch === undefined) return;
    emitTried(e, group, rule, branch, (site) => {
      emitStep(e, site, 0, null, env, () =>
        emitTerm(e, branch.value, env, (atom) => {
          emitGave(e, site, atom);
          emitLeave(e, site);
          e.line(`return ${atom};`);
        }),
      );
    });
  });
}

/** Gets the atom of a value, and the body in which the code then is, if it still is in one. */
type Gave = (atom: string, site: Site | null) => void;

/** Emits the branches of one rule; `then` gets each value of the first branch that has one. */
function emitRule(e: Emitter, group: Group, rule: ResolvedRule, params: readonly string[], then: Gave): void {
  const env: Env = new Map();
  const args = rule.args ?? [];
  const step = (i: number): void => {
    const arg = args[i];
    if (arg === undefined) emitBranches(e, group, rule, env, then);
    else emitMatch(e, arg, params[i] ?? '', env, () => step(i + 1));
  };
  e.block('', () => step(0));
}

function emitBranches(e: Emitter, group: Group, rule: ResolvedRule, env: Env, then: Gave): void {
  const { branches } = rule;
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) {
    emitBranch(e, group, rule, only, new Map(env), then);
    return;
  }
  const kind = rule.args === null ? 'complete' : 'func';
  const value = e.fresh('e');
  e.line(`let ${value};`);
  for (const branch of branches) {
    e.block(`if (${value} === undefined)`, () => {
      emitBranch(e, group, rule, branch, new Map(env), (atom) => {
        e.line(
          `if (${value} === undefined) ${value} = ${atom}; else if (!equal(${value}, ${atom})) conflict('${kind}', ${e.constant(branch.at)});`,
        );
      });
    });
  }
  e.block(`if (${value} !== undefined)`, () => then(value, null));
}

/** A branch with a constant value stops at its first solution. */
function emitBranch(
  e: Emitter,
  group: Group,
  rule: ResolvedRule,
  branch: ResolvedBranch,
  env: Env,
  then: Gave,
): void {
  const isConstant = constantValue(branch.value) !== undefined;
  const label = e.fresh('L');
  emitTried(e, group, rule, branch, (site) => {
    e.block(`${label}:`, () => {
      emitSolutions(e, branch, env, site, () => {
        emitTerm(e, branch.value, env, (atom) => {
          emitGave(e, site, atom);
          then(atom, site);
          if (isConstant) e.line(`break ${label};`);
        });
      });
    });
  });
}

/** Emits the body of a branch; `value` emits what is computed once per solution. */
function emitSolutions(
  e: Emitter,
  { body }: ResolvedBranch,
  env: Env,
  site: Site | null,
  value: () => void,
): void {
  emitBody(e, body, env, () => emitStep(e, site, body.length, null, env, value), site);
}

function emitSet(e: Emitter, group: Group, head: string): void {
  emitDispatch(e, group, [], {
    head,
    gathers: 'members',
    before: () => e.line('const o = makeSet([]);'),
    rule: ({ rule }) => guarded(e, () => emitMember(e, group, rule)),
    after: () => e.line('return o;'),
  });
}

function emitMember(e: Emitter, group: Group, rule: ResolvedRule): void {
  const [branch] = rule.branches;
  const { member } = rule;
  if (branch === undefined || member === null) throw new Error('set rule without member');
  const env: Env = new Map();
  const label = e.fresh('L');
  emitTried(e, group, rule, branch, (site) => {
    e.block(`${label}:`, () => {
      emitSolutions(e, branch, env, site, () => {
        emitTerm(e, member, env, (atom) => {
          emitGave(e, site, atom);
          const constant = constantValue(member);
          if (constant === undefined) e.line(`o.add(${atom});`);
          else e.line(`o.addKeyed(${literal(keyOf(constant))}, ${atom}); break ${label};`);
        });
      });
    });
  });
}

function emitObject(e: Emitter, group: Group, head: string): void {
  emitDispatch(e, group, [], {
    head,
    gathers: 'members',
    before: () => e.line('const o = new TreeBuilder();'),
    rule: (entry) => guarded(e, () => emitEntry(e, group, entry)),
    after: () => e.line('return o.done();'),
  });
}

function emitEntry(e: Emitter, group: Group, { rule, keys }: Entry): void {
  const [branch] = rule.branches;
  if (branch === undefined) throw new Error('rule without branch');
  const place = e.constant(rule.at);
  if (rule.branches.length > 1) {
    emitRule(e, group, rule, [], (atom) => {
      emitAll(e, keys, new Map(), (path) => e.line(`o.put([${path.join(', ')}], ${atom}, ${place});`));
    });
    return;
  }
  const env: Env = new Map();
  const inside = (site: Site | null): void =>
    emitSolutions(e, branch, env, site, () => {
      const last = rule.member ?? branch.value;
      emitAll(e, [...keys, last], env, (atoms) => {
        const path = atoms.slice(0, -1).join(', ');
        emitGave(e, site, atoms.at(-1) ?? '');
        e.line(`o.${rule.member === null ? 'put' : 'add'}([${path}], ${atoms.at(-1) ?? ''}, ${place});`);
      });
    });
  e.block('', () => emitTried(e, group, rule, branch, inside));
}

/** Emits the function of a package node, which gives its whole document. */
export function emitNode(e: Emitter, node: Node): void {
  const base = node.path.reduce((expression, key) => `${e.accessor(key)}(${expression})`, 'D');
  emitMemo(e, `x${node.id}`, `d${node.id}`, node.path);
  const children = [...node.children].filter(([, child]) => child.group?.kind !== 'func');
  e.block(`function d${node.id}()`, () => {
    e.line('const o = new Bare();');
    for (const [key, child] of children) {
      e.block('', () =>
        e.defined(e.extentCall(child), (atom) => e.line(`o[${JSON.stringify(key)}] = ${atom};`)),
      );
    }
    // Base data that is no object cannot hold packages: these win as a whole.
    e.line(`const base = ${base};`);
    e.line('return isObject(base) ? merge(base, o) : o;');
  });
}

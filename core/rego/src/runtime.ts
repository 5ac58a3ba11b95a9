import { AnyUnder, mayEqual, undetermined } from './abstract.ts';
import { createBuiltins } from './builtins/index.ts';
import type { Builtin, Fail } from './builtins/types.ts';
import { RegoEvalError } from './errors.ts';
import type { Host } from './host.ts';
import { display, merge, patch } from './json.ts';
import {
  compare,
  equal,
  isArray,
  isKnown,
  isObject,
  isPlain,
  keyOf,
  objectFrom,
  objectKeys,
  own,
  RegoObject,
  RegoSet,
  typeName,
} from './values.ts';
import type { Key, Plain, Value } from './values.ts';

/** What one instance of a program shares between generated code and built-ins. */
export interface State {
  /** Steps left; rule entries, loop iterations and built-in output sizes are paid from it. */
  fuel: number;
  /** Last generation number given out; values remembered under another number are stale. */
  gen: number;
  /** Clock reading of this evaluation in ns, taken on first use, so that one evaluation sees one time. */
  nowNs: bigint | null;
  readonly reads: Set<string>;
  /** Errors of built-ins end the evaluation instead of making an expression undefined. */
  strict: boolean;
  /** An evaluation is under way; a second one would overwrite its state. */
  running: boolean;
}

function over(): never {
  throw new RegoEvalError('eval_budget_error', 'evaluation took more steps than allowed');
}

const CONFLICTS: Readonly<Record<string, string>> = {
  complete: 'complete rules must not produce multiple outputs',
  func: 'functions must not produce multiple outputs for same inputs',
  object: 'object keys must be unique',
};

function conflict(kind: string): never {
  throw new RegoEvalError('eval_conflict_error', CONFLICTS[kind] ?? kind);
}

/** Reads one key of any value; undefined when there is no such key. Never reads an inherited property. */
function get(o: Value | undefined, k: Value): Value | undefined {
  if (typeof o !== 'object' || o === null) return undefined;
  if (isArray(o)) return typeof k === 'number' ? o[k] : undefined;
  if (o instanceof AnyUnder) return undefined;
  if (typeof k === 'string' && !(o instanceof RegoSet) && !(o instanceof RegoObject)) return own(o, k);
  if (k instanceof AnyUnder) return noMember(o, k);
  if (o instanceof RegoSet) return o.has(k) ? k : undefined;
  return o instanceof RegoObject ? o.map.get(keyOf(k))?.[1] : undefined;
}

/** An unknown string is certainly no key when no key is in its class. */
function noMember(o: Plain | RegoSet | RegoObject, k: AnyUnder): undefined {
  const keys = o instanceof RegoSet ? o.map.values() : objectKeys(o);
  for (const member of keys) if (typeof member === 'string' && mayEqual(k, member)) return undetermined();
  return undefined;
}

/** Reads a base document by number: an index, or a key spelled like the number. */
function getBase(o: Value | undefined, k: number): Value | undefined {
  return isPlain(o) ? own(o, String(k)) : get(o, k);
}

function getSpecial(o: Value, k: string): Value | undefined {
  return o instanceof RegoSet || o instanceof RegoObject ? get(o, k) : undefined;
}

/** Keys of a base document together with the names of the packages and rules at the same place. */
function keysWith(base: Value | undefined, names: readonly string[]): Value[] {
  const keys = isObject(base) ? objectKeys(base) : [];
  return [...new Set<Value>([...keys, ...names])].sort(compare);
}

const NOTHING: readonly Value[] = Object.freeze([]);

/** Keys to iterate over: null for an array (its indexes), nothing for what is no collection. */
function keysOf(o: Value | undefined, ordered: boolean): readonly Value[] | null {
  if (typeof o !== 'object' || o === null || o instanceof AnyUnder) return NOTHING;
  if (isArray(o)) return null;
  if (o instanceof RegoSet) return o.sorted();
  const keys = objectKeys(o);
  return ordered ? keys.sort(compare) : keys;
}

function valueAt(o: Value, keys: readonly Value[] | null, i: number): Value | undefined {
  if (keys === null) return isArray(o) ? o[i] : undefined;
  const k = keys[i] as Value;
  if (o instanceof RegoSet) return k;
  return isPlain(o) ? (o as Record<string, Value>)[k as string] : get(o, k);
}

/** Assembles a comprehension's object; two values for one key are a conflict. */
class ObjectBuilder {
  private readonly map = new Map<Key, readonly [Value, Value]>();

  put(k: Value, v: Value): void {
    const key = keyOf(k);
    const known = this.map.get(key);
    if (known === undefined) this.map.set(key, [k, v]);
    else if (!equal(known[1], v)) conflict('object');
  }

  done(): Value {
    return objectFrom(this.map.values());
  }
}

type Branch = { k: Value; leaf: Value } | { k: Value; members: RegoSet } | { k: Value; below: TreeBuilder };

/** Assembles the object of rules with variables in their references. */
class TreeBuilder {
  private readonly map = new Map<Key, Branch>();

  private slot(path: readonly Value[], make: (k: Value) => Branch): Branch {
    const [k, ...rest] = path;
    if (k === undefined) return conflict('object');
    const key = keyOf(k);
    let found = this.map.get(key);
    if (rest.length === 0) {
      if (found === undefined) {
        found = make(k);
        this.map.set(key, found);
      }
      return found;
    }
    if (found === undefined) {
      found = { k, below: new TreeBuilder() };
      this.map.set(key, found);
    }
    return 'below' in found ? found.below.slot(rest, make) : conflict('object');
  }

  put(path: readonly Value[], v: Value): void {
    const found = this.slot(path, (k) => ({ k, leaf: v }));
    if (!('leaf' in found) || !equal(found.leaf, v)) conflict('object');
  }

  add(path: readonly Value[], member: Value): void {
    const found = this.slot(path, (k) => ({ k, members: new RegoSet() }));
    if ('members' in found) found.members.add(member);
    else conflict('object');
  }

  done(): Value {
    return objectFrom(
      [...this.map.values()].map(
        (b) => [b.k, 'leaf' in b ? b.leaf : 'members' in b ? b.members : b.below.done()] as const,
      ),
    );
  }
}

function hasSize(v: Value, n: number): boolean {
  return (isPlain(v) || v instanceof RegoObject) && objectKeys(v).length === n;
}

function isCollection(v: Value): boolean {
  return typeof v === 'object' && v !== null && !(v instanceof AnyUnder);
}

/** Keeps the value of a template expression, which may have only one. */
function single(known: Value | undefined, v: Value): Value {
  if (known !== undefined && !equal(known, v)) conflict('complete');
  return v;
}

function show(v: Value | undefined): string {
  return v === undefined ? '<undefined>' : display(v);
}

/** A built-in that does not know unknown strings has no answer when an argument holds one. */
function abstractly(builtin: Builtin): Builtin['fn'] {
  if (builtin.abstract !== undefined) return builtin.abstract;
  return (...args) => {
    return args.every(isKnown) ? builtin.fn(...args) : undetermined();
  };
}

function failures(S: State): Fail {
  return {
    type: (operand, wanted, got) => {
      if (!S.strict) return undefined;
      const types = typeof wanted === 'string' ? wanted : `one of {${wanted.join(', ')}}`;
      const found = got === undefined ? 'undefined' : typeName(got);
      throw new RegoEvalError('eval_type_error', `operand ${operand} must be ${types} but got ${found}`);
    },
    error: (message) => {
      if (!S.strict) return undefined;
      throw new RegoEvalError('eval_builtin_error', message);
    },
  };
}

/** Everything that generated code can reach. `abstract`: built-ins that do not know unknown strings refuse them. */
export function createRuntime(host: Host, abstract: boolean): Readonly<Record<string, unknown>> {
  const S: State = { fuel: 0, gen: 0, nowNs: null, reads: new Set(), strict: false, running: false };
  const builtins = createBuiltins({
    host,
    fail: failures(S),
    nowNs: () => {
      S.nowNs ??= BigInt(Math.round((host.now?.() ?? 0) * 1000)) * 1000n;
      return S.nowNs;
    },
    charge: (steps) => {
      S.fuel -= steps;
      if (S.fuel < 0) over();
    },
  });
  const builtin = (name: string): Builtin['fn'] => {
    const found = builtins.get(name);
    if (found === undefined) throw new Error(`no such built-in: ${name}`);
    return abstract ? abstractly(found) : found.fn;
  };
  return {
    S,
    over,
    conflict,
    get,
    getSpecial,
    getBase,
    isObject,
    keysOf,
    keysWith,
    valueAt,
    equal,
    compare,
    makeSet: (items: readonly Value[]) => RegoSet.of(items),
    makeObject: objectFrom,
    ObjectBuilder,
    TreeBuilder,
    hasSize,
    isCollection,
    single,
    show,
    patch,
    merge,
    key: keyForSwitch,
    builtin,
  };
}

/** A key of a package document for `switch`. An unknown string might be any of them. */
function keyForSwitch(k: Value): Value {
  return k instanceof AnyUnder ? undetermined() : k;
}

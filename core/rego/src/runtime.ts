import { AnyUnder, mayEqual, undetermined } from './abstract.ts';
import { conflict, ObjectBuilder, TreeBuilder } from './builders.ts';
import { createBuiltins } from './builtins/index.ts';
import type { Builtin, Fail } from './builtins/types.ts';
import { Decimal } from './decimal.ts';
import { RegoEvalError } from './errors.ts';
import type { Location } from './errors.ts';
import { noWaiting } from './external.ts';
import type { External } from './external.ts';
import type { Host } from './host.ts';
import { display, merge, patch } from './json.ts';
import { select } from './rule-index.ts';
import {
  Bare,
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
import type { Plain, Value } from './values.ts';
import { Visits } from './visits.ts';

/** What one instance of a program shares between generated code and built-ins. */
export interface State {
  /** Steps left; rule entries, loop iterations and built-in output sizes are paid from it. */
  fuel: number;
  /** Last generation number given out; values remembered under another number are stale. */
  gen: number;
  /** Clock reading of this evaluation in ns, taken on first use, so that one evaluation sees one time. */
  nowNs: bigint | null;
  /** What stays the same as long as this evaluation lasts, such as random numbers. */
  once: Map<string, Value> | null;
  readonly reads: Set<string>;
  /** The evaluation used something besides its documents that may be different next time: the clock, chance, the network. */
  volatile: boolean;
  /** Errors of built-ins end the evaluation instead of making an expression undefined. */
  strict: boolean;
  /** The call under way; only the strict code keeps it. */
  call: CallSite | null;
  /** Answers from outside that this evaluation may use. */
  external: External;
  /** An evaluation is under way; a second one would overwrite its state. */
  running: boolean;
}

/** A call of a built-in, for messages. */
export interface CallSite {
  readonly name: string;
  readonly at: Location;
}

/** Built-ins whose result the same arguments do not determine. Those that only ask for the time are found by that. */
const VOLATILE: ReadonlySet<string> = new Set([
  'http.send',
  'io.jwt.decode_verify',
  'io.jwt.encode_sign',
  'io.jwt.encode_sign_raw',
  'net.lookup_ip_addr',
  'opa.runtime',
  'rand.intn',
  'test.sleep',
  'uuid.rfc4122',
]);

function over(): never {
  throw new RegoEvalError('eval_budget_error', 'evaluation took more steps than allowed');
}

/** Reads one key of any value; undefined when there is no such key. Never reads an inherited property. */
function get(o: Value | undefined, k: Value): Value | undefined {
  if (typeof o !== 'object' || o === null) return undefined;
  if (isArray(o)) return typeof k === 'number' ? o[k] : undefined;
  if (o instanceof AnyUnder || o instanceof Decimal) return undefined;
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
  if (typeof o !== 'object' || o === null || o instanceof AnyUnder || o instanceof Decimal) return NOTHING;
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

function hasSize(v: Value, n: number): boolean {
  return (isPlain(v) || v instanceof RegoObject) && objectKeys(v).length === n;
}

function isCollection(v: Value): boolean {
  return typeof v === 'object' && v !== null && !(v instanceof AnyUnder) && !(v instanceof Decimal);
}

/** Keeps the value of a template expression, which may have only one. */
function single(known: Value | undefined, v: Value, at: Location): Value {
  if (known !== undefined && !equal(known, v)) conflict('complete', at);
  return v;
}

/** A built-in that does not know unknown strings has no answer when an argument holds one. */
function abstractly(builtin: Builtin): Builtin['fn'] {
  if (builtin.abstract !== undefined) return builtin.abstract;
  return (...args) => {
    return args.every((arg) => isKnown(arg)) ? builtin.fn(...args) : undetermined();
  };
}

function failures(S: State): Fail {
  const fail = (code: 'eval_type_error' | 'eval_builtin_error', message: string): undefined => {
    if (!S.strict) return undefined;
    throw new RegoEvalError(code, S.call === null ? message : `${S.call.name}: ${message}`, S.call?.at);
  };
  return {
    type: (operand, wanted, got) => {
      if (!S.strict) return undefined;
      const types = typeof wanted === 'string' ? wanted : `one of {${wanted.join(', ')}}`;
      const found = got === undefined ? 'undefined' : typeName(got);
      return fail('eval_type_error', `operand ${operand} must be ${types} but got ${found}`);
    },
    operand: (operand, message) => fail('eval_type_error', `operand ${operand} ${message}`),
    invalid: (message) => fail('eval_type_error', message),
    error: (message) => fail('eval_builtin_error', message),
  };
}

/** Everything that generated code can reach. `abstract`: built-ins that do not know unknown strings refuse them. */
export function createRuntime(host: Host, abstract: boolean): Readonly<Record<string, unknown>> {
  const S: State = {
    fuel: 0,
    gen: 0,
    nowNs: null,
    once: null,
    reads: new Set(),
    volatile: false,
    strict: false,
    call: null,
    external: noWaiting,
    running: false,
  };
  const charge = (steps: number): void => {
    S.fuel -= steps;
    if (S.fuel < 0) over();
  };
  const builtins = createBuiltins({
    host,
    fail: failures(S),
    ask: (name, question, perform) => S.external.ask(name, question, perform),
    nowNs: () => {
      S.volatile = true;
      S.nowNs ??= BigInt(Math.round((host.now?.() ?? 0) * 1000)) * 1000n;
      return S.nowNs;
    },
    once: (key, make) => {
      S.once ??= new Map();
      const found = S.once.get(key) ?? make();
      S.once.set(key, found);
      return found;
    },
    charge,
  });
  const builtin = (name: string): Builtin['fn'] => {
    const found = builtins.get(name);
    if (found === undefined) throw new Error(`no such built-in: ${name}`);
    if (!abstract) return found.fn;
    const fn = abstractly(found);
    if (!VOLATILE.has(name)) return fn;
    return (...args) => {
      S.volatile = true;
      return fn(...args);
    };
  };
  return {
    S,
    over,
    conflict,
    get,
    getSpecial,
    getBase,
    isArray,
    isObject,
    keysOf,
    keysWith,
    valueAt,
    equal: (a: Value, b: Value) => {
      if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return equal(a, b);
      const visits = new Visits();
      const same = equal(a, b, visits);
      if (visits.taken > 16) charge(visits.taken >> 4);
      return same;
    },
    compare,
    makeSet: (items: readonly Value[]) => RegoSet.of(items),
    makeObject: objectFrom,
    Bare,
    ObjectBuilder,
    TreeBuilder,
    hasSize,
    isCollection,
    single,
    show: (v: Value | undefined) => {
      if (v === undefined) return '<undefined>';
      const text = display(v);
      charge(text.length >> 4);
      return text;
    },
    patch,
    merge,
    select,
    key: keyForSwitch,
    builtin,
  };
}

/** A key of a package document for `switch`. An unknown string might be any of them. */
function keyForSwitch(k: Value): Value {
  return k instanceof AnyUnder ? undetermined() : k;
}

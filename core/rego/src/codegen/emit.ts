import type { Body, Scalar, Term } from '../ast.ts';
import type { BuiltinInfo } from '../builtins/names.ts';
import { Decimal } from '../decimal.ts';
import type { RegoError } from '../errors.ts';
import type { Group, Node, Tree } from '../tree.ts';
import { objectFrom, RegoSet } from '../values.ts';
import type { Value } from '../values.ts';
import type { Trace } from './trace.ts';

/** JavaScript expressions (always plain identifiers or literals) that hold the variables bound so far. */
export type Env = Map<number, string>;

/**
 * `fast` enforces. `strict` is the fast code that also notes which built-in is called. `abstract` tracks reads and understands
 * unknown strings. `traced` is the fast code with reports to a tracer on lines of their own.
 */
export type Variant = 'fast' | 'strict' | 'abstract' | 'traced';

/** Continues with the code that runs once per solution; gets an identifier or literal that holds a defined value. */
export type Then = (atom: string) => void;

/** The generators that refer back to each other; `generate` ties the knot. */
export interface Generators {
  readonly term: (e: Emitter, term: Term, env: Env, then: Then) => void;
  readonly body: (e: Emitter, body: Body, env: Env, then: () => void) => void;
}

/** What the generator knows about the whole program. */
export interface ProgramInfo {
  readonly tree: Tree;
  readonly builtin: (name: string) => BuiltinInfo | null;
  /** The expressions of a body in evaluation order, where that is known already. */
  readonly ordered: (body: Body) => Body | null;
  /** Constant data paths that some `with` replaces, each with a number. */
  readonly masks: ReadonlyMap<string, { readonly id: number; readonly path: readonly string[] }>;
  /** Functions and built-ins that some `with` replaces, each with a number. */
  readonly mocks: ReadonlyMap<string, number>;
  /** Terms of the rule that has the most. */
  readonly largest: number;
  readonly errors: RegoError[];
}

/**
 * Collects generated code. Everything that comes from a policy reaches the code in one of two ways only: as an element of the
 * constant pool `K`, or through JSON.stringify. All identifiers are made here.
 */
export class Emitter {
  readonly info: ProgramInfo;
  readonly gen: Generators;
  /** Abstract code calls the runtime for every comparison and records what it reads from the input. */
  readonly abstract: boolean;
  /** Strict code notes each call of a built-in, so that an error can say which one it was. */
  readonly strict: boolean;
  /** Only while making traced code. */
  readonly trace: Trace | null;
  readonly pool: unknown[] = [];
  /** What the code so far refers to, in the order in which it first did. */
  readonly reached = new Set<Group | Node>();
  private readonly accessors = new Map<string, string>();
  private readonly builtinNames = new Map<string, string>();
  private readonly prelude: string[] = [];
  private out: string[] = [];
  private counter = 0;
  /** Greater than zero while inside an array comprehension, where the order of iteration shows. */
  ordered = 0;

  constructor(info: ProgramInfo, gen: Generators, variant: Variant, trace: Trace | null) {
    this.info = info;
    this.gen = gen;
    this.abstract = variant === 'abstract';
    this.strict = variant === 'strict';
    this.trace = trace;
  }

  fresh(prefix: string): string {
    this.counter += 1;
    return `${prefix}${this.counter}`;
  }

  /** The number of a variable that only the generator knows. */
  freshLocal(): number {
    this.counter += 1;
    return -1 - this.counter;
  }

  line(text: string): void {
    this.out.push(text);
  }

  /** `head { inner }`. */
  block(head: string, inner: () => void): void {
    this.out.push(`${head} {`);
    inner();
    this.out.push('}');
  }

  /** Binds an expression to a new constant and returns its name. */
  bind(expression: string): string {
    const name = this.fresh('v');
    this.line(`const ${name} = ${expression};`);
    return name;
  }

  /** Runs the continuation with the expression's value if that is defined. */
  defined(expression: string, then: Then): void {
    const name = this.bind(expression);
    this.block(`if (${name} !== undefined)`, () => then(name));
  }

  /** An element of the constant pool. */
  constant(value: unknown): string {
    const name = `k${this.pool.length}`;
    this.prelude.push(`const ${name} = K[${this.pool.length}];`);
    this.pool.push(value);
    return name;
  }

  /** A scalar as an expression. */
  scalar(v: Scalar): string {
    return v instanceof Decimal ? this.constant(v) : literal(v);
  }

  /** Name of a function that reads one constant key. */
  accessor(key: string): string {
    const known = this.accessors.get(key);
    if (known !== undefined) return known;
    const name = `g${this.accessors.size}`;
    this.accessors.set(key, name);
    const text = JSON.stringify(key);
    // A name that objects or our own classes inherit or carry, or that could be an array's index, is read with checks.
    const body =
      INHERITED.has(key) || /^\d/.test(key)
        ? `get(o, ${text})`
        : `{ if (typeof o !== 'object' || o === null) return undefined; const v = o[${text}]; return v !== undefined ? v : getSpecial(o, ${text}); }`;
    this.prelude.push(`const ${name} = (o) => ${body};`);
    return name;
  }

  builtinFunction(name: string): string {
    const known = this.builtinNames.get(name);
    if (known !== undefined) return known;
    const made = `b${this.builtinNames.size}`;
    this.builtinNames.set(name, made);
    this.prelude.push(`const ${made} = R.builtin(${JSON.stringify(name)});`);
    return made;
  }

  /** The code so far; starts anew. */
  take(): string {
    const text = this.out.join('\n');
    this.out = [];
    return text;
  }

  /** Adds a function beside the one being generated. */
  addFunction(text: string): void {
    this.prelude.push(text);
  }

  takePrelude(): string {
    return this.prelude.join('\n');
  }

  fuel(): void {
    this.line('if (--S.fuel < 0) over();');
  }

  /** The name of a group's function; code for it follows. */
  functionName(group: Group): string {
    this.reached.add(group);
    return group.kind === 'func' ? `f${group.id}` : `r${group.id}`;
  }

  /** The document at a node as an expression; code for it follows. */
  extentCall(node: Node): string {
    if (node.group !== null) return `${this.functionName(node.group)}()`;
    this.reached.add(node);
    return `x${node.id}()`;
  }
}

/** Property names that are not safe to read directly: inherited, or fields of the run-time classes. */
const INHERITED: ReadonlySet<string> = new Set([
  ...[Object.prototype, Array.prototype, RegoSet.prototype].flatMap((proto) =>
    Object.getOwnPropertyNames(proto),
  ),
  'map',
  'sortedCache',
  'prefix',
]);

/** A scalar as JavaScript source. */
export function literal(v: Exclude<Scalar, Decimal>): string {
  if (typeof v === 'string') return JSON.stringify(v);
  if (typeof v === 'bigint') return v < 0n ? `(${v}n)` : `${v}n`;
  if (typeof v === 'number') return v < 0 ? `(${v})` : String(v);
  return String(v);
}

/** The value of a term without variables, references and calls; undefined for other terms. */
export function constantValue(term: Term): Value | undefined {
  switch (term.k) {
    case 'scalar':
      return term.v;
    case 'array': {
      const items = term.items.map(constantValue);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case 'set': {
      const items = term.items.map(constantValue);
      return items.every((item) => item !== undefined) ? RegoSet.of(items) : undefined;
    }
    case 'object': {
      const entries: (readonly [Value, Value])[] = [];
      for (const [key, value] of term.items) {
        const k = constantValue(key);
        const v = constantValue(value);
        if (k === undefined || v === undefined) return undefined;
        entries.push([k, v]);
      }
      return objectFrom(entries);
    }
    default:
      return undefined;
  }
}

import type { Num } from './decimal.ts';
import type { Location } from './errors.ts';

/** A literal value that the source can spell. Numbers are in the shape that they have at run time. */
export type Scalar = null | boolean | Num | string;

/** The ids `[from, to)` of the variables that a closure owns; set by the resolver. */
export type Owned = readonly [number, number];

/**
 * A term. The parser makes every kind but `local`, `root` and resolved calls; the resolver replaces each `var`
 * by a `local` (a variable of one scope), by a `root` or by a reference below one.
 */
export type Term =
  | { readonly k: 'scalar'; readonly v: Scalar; readonly at: Location }
  | { readonly k: 'var'; readonly name: string; readonly at: Location }
  | { readonly k: 'local'; readonly id: number; readonly name: string; readonly at: Location }
  | { readonly k: 'root'; readonly name: 'input' | 'data'; readonly at: Location }
  | { readonly k: 'ref'; readonly head: Term; readonly path: readonly Term[]; readonly at: Location }
  | { readonly k: 'array'; readonly items: readonly Term[]; readonly at: Location }
  | { readonly k: 'set'; readonly items: readonly Term[]; readonly at: Location }
  | { readonly k: 'object'; readonly items: readonly (readonly [Term, Term])[]; readonly at: Location }
  | {
      readonly k: 'comp';
      readonly of: 'array' | 'set' | 'object';
      readonly key: Term | null;
      readonly value: Term;
      readonly body: Body;
      readonly own?: Owned;
      readonly at: Location;
    }
  | { readonly k: 'call'; readonly fn: Callee; readonly args: readonly Term[]; readonly at: Location }
  | {
      readonly k: 'template';
      readonly parts: readonly (string | Literal)[];
      /** Between backquotes. */
      readonly raw?: true;
      readonly at: Location;
    };

/** What is called: a name as written (parser), a built-in or a function of the policy (resolver). */
export type Callee =
  | { readonly c: 'name'; readonly path: readonly string[] }
  | { readonly c: 'builtin'; readonly name: string }
  | { readonly c: 'func'; readonly path: string };

/** `with target as value`. After resolving, `callee` names what is mocked when the target is a function or built-in. */
export interface With {
  readonly target: Term;
  readonly callee?: Callee;
  /** The function or built-in that takes the callee's place, when the value names one. */
  readonly replacement?: Callee;
  readonly value: Term;
  readonly at: Location;
}

/** One expression of a body. */
export type Expr =
  | { readonly x: 'term'; readonly term: Term }
  | {
      readonly x: 'unify' | 'assign';
      readonly left: Term;
      readonly right: Term;
      /** Written as a call with one argument too many, which is the result: `count(xs, n)`. */
      readonly output?: true;
    }
  | { readonly x: 'some'; readonly vars: readonly Term[] }
  | { readonly x: 'somein'; readonly key: Term | null; readonly value: Term; readonly coll: Term }
  | {
      readonly x: 'every';
      readonly key: Term | null;
      readonly value: Term;
      readonly coll: Term;
      readonly body: Body;
      readonly own?: Owned;
    }
  | { readonly x: 'not'; readonly body: Literal };

/** An expression with its `with` modifiers. */
export interface Literal {
  readonly expr: Expr;
  readonly withs: readonly With[];
  readonly at: Location;
  /** As written, on one line and cut; absent where nothing was written. */
  readonly text?: string;
  /** Only on the expressions inside template strings, which are closures. */
  readonly own?: Owned;
}

export type Body = readonly Literal[];

/** `a.b[c](args) := value`, `a.b contains key`, as one shape. */
export interface Head {
  /** First element is the name as written (a string scalar); the rest are dotted names (string scalars) or bracketed terms. */
  readonly ref: readonly Term[];
  readonly args: readonly Term[] | null;
  /** The member of `contains`, or null. */
  readonly member: Term | null;
  readonly value: Term | null;
  readonly at: Location;
}

/** A value and the body under which it holds; an `else` chain is a list of these. */
export interface Branch {
  readonly value: Term | null;
  readonly body: Body;
  readonly at: Location;
  /** What stands before the body, as written. */
  readonly text: string;
}

export interface Rule {
  readonly isDefault: boolean;
  readonly head: Head;
  /** First the rule's own body, then its `else` branches. */
  readonly branches: readonly Branch[];
  readonly at: Location;
}

export interface Import {
  readonly path: readonly string[];
  readonly alias: string;
  readonly at: Location;
}

/** A comment without its `#` and without trailing blanks; 1-based row and column of the `#`. */
export interface Comment {
  readonly text: string;
  readonly row: number;
  readonly col: number;
}

export interface ModuleAst {
  readonly file: string;
  readonly package: readonly string[];
  readonly imports: readonly Import[];
  readonly rules: readonly Rule[];
  /** In source order. */
  readonly comments: readonly Comment[];
  readonly at: Location;
  /** Which rules apply; `import rego.v1` makes a v0 module v1. */
  readonly dialect: 'v0' | 'v1';
}

/** A string scalar term. */
export function stringTerm(v: string, at: Location): Term {
  return { k: 'scalar', v, at };
}

import type { Branch, Head, Term } from '../ast.ts';
import type { Location } from '../errors.ts';

/** Where something stands in the source: offsets `[from, to)` and the rows of its first and last character. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly row: number;
  readonly endRow: number;
}

/** An import as written, those included that only switch keywords on. */
export interface WrittenImport {
  readonly path: Term;
  readonly alias: string | null;
  readonly at: Location;
}

export interface WrittenElse {
  readonly assigned: boolean;
  readonly written: boolean;
  readonly head: Span;
}

/**
 * How a module was written, beyond what its AST says: the formatter and the linter ask for it, a compilation does not.
 * All is keyed by the node that it is about.
 */
export class Concrete {
  /** Of terms (grouping parentheses included), literals, `with`s, heads, rules, else branches, and of bodies their braces. */
  readonly spans = new Map<object, Span>();
  /** Of scalars and template strings: the literal itself, without parentheses around it. */
  readonly own = new Map<Term, Span>();
  /** Terms in grouping parentheses. */
  readonly grouped = new Set<Term>();
  /** Heads whose value was given with `:=`. */
  readonly assigned = new Set<Head>();
  /** Of else branches: how the value was given, and where `else := value` stands. */
  readonly elses = new Map<Branch, WrittenElse>();
  /** What a call names, as the reference that was written. */
  readonly callees = new Map<Term, Term>();
  readonly imports: WrittenImport[] = [];
  /** The package path and its place. */
  package: { readonly path: Term; readonly at: Location } | null = null;
  /** Rules that are further bodies of the one before: `p { … } { … }`. */
  readonly continued = new Set<object>();

  /** Where a node stands; every node that the parser made from text has a place. */
  span(node: object): Span {
    const found = this.spans.get(node);
    if (found === undefined) throw new Error('a node without a place');
    return found;
  }

  /** The places of what was rebuilt are those of what it was built from. */
  replaced(old: Head, now: Head): void {
    this.spans.set(now, this.span(old));
    if (this.assigned.has(old)) this.assigned.add(now);
  }
}

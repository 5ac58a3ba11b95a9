import type { ModuleAst } from '../ast.ts';
import type { Location } from '../errors.ts';
import type { Concrete } from '../parser/concrete.ts';

/** `error`: access is probably not what the author meant. `warning`: it may be. `info`: it reads worse than it could. */
export type Severity = 'error' | 'warning' | 'info';

/** A module that is being looked at, with how it was written. */
export interface LintModule {
  readonly source: string;
  readonly ast: ModuleAst;
  readonly concrete: Concrete;
}

/** All modules that were given, so that a rule can see what others say. */
export interface LintPolicy {
  readonly modules: readonly LintModule[];
  /** Fields of `input`. */
  readonly contract: Contract;
}

/** The fields of a document and what they hold; `any` for what nobody knows. */
export interface Contract {
  readonly [field: string]: Contract | 'string' | 'number' | 'boolean' | 'array' | 'any';
}

/** What a rule found. */
export interface Found {
  readonly at: Pick<Location, 'row' | 'col'>;
  readonly message: string;
  readonly hint?: string;
}

/** A lint rule: data for the documentation, and the check itself. */
export interface LintRule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  /** A module that the rule objects to, without its package line. */
  readonly bad: string;
  /** The same without the objection. */
  readonly good: string;
  readonly check: (module: LintModule, policy: LintPolicy) => readonly Found[];
}

/** What is reported. */
export interface Finding {
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
}

import type { Term } from './ast.ts';
import type { Module } from './compile.ts';
import { RegoError } from './errors.ts';
import { parseModule } from './parser/module.ts';

/** What a module defines, without checking that it makes sense with others. */
export interface Outline {
  /** Names below `data`. */
  readonly package: readonly string[];
  readonly imports: readonly (readonly string[])[];
  /** In source order, one for each head; several may define the same document. */
  readonly rules: readonly OutlineRule[];
}

export interface OutlineRule {
  /** As far as it is constant: `["roles"]` for `roles[user] := …`. */
  readonly name: readonly string[];
  readonly kind: 'default' | 'function' | 'set' | 'object' | 'value';
  /** From 1. */
  readonly row: number;
}

/** Parses one module; throws RegoError. */
export function outline({ file, source, dialect }: Module): Outline {
  const ast = parseModule(file, source, dialect ?? 'v1');
  return {
    package: ast.package,
    imports: ast.imports.map(({ path }) => path),
    rules: ast.rules.map(({ head, isDefault, at }): OutlineRule => {
      const constant = head.ref.findIndex((term) => constantText(term) === null);
      const name = head.ref
        .slice(0, constant < 0 ? undefined : constant)
        .map((term) => constantText(term) ?? '');
      const kind = isDefault
        ? 'default'
        : head.args !== null
          ? 'function'
          : head.member !== null
            ? 'set'
            : constant >= 0
              ? 'object'
              : 'value';
      return { name, kind, row: at.row };
    }),
  };
}

/**
 * The module in the first dialect that can read it: its own when it names one, otherwise v1, then v0. What is valid in neither
 * is read as v1, whose errors help its author more.
 */
export function settleDialect(module: Module): Module {
  if (module.dialect !== undefined) return module;
  for (const dialect of ['v1', 'v0'] as const) {
    try {
      parseModule(module.file, module.source, dialect);
      return { ...module, dialect };
    } catch (error) {
      if (!(error instanceof RegoError) && !(error instanceof RangeError)) throw error;
    }
  }
  return { ...module, dialect: 'v1' };
}

function constantText(term: Term): string | null {
  return term.k === 'scalar' && typeof term.v === 'string' ? term.v : null;
}

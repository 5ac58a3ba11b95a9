import type { ModuleAst, Rule } from '../ast.ts';
import { RegoError } from '../errors.ts';
import { Concrete } from '../parser/concrete.ts';
import { parseModule } from '../parser/module.ts';
import type { Dialect } from '../parser/module.ts';
import { ownNames } from './infix.ts';
import { meaningOf } from './same.ts';

/** Does the text say what the module says, with all of its comments? */
export function isPreserved(module: ModuleAst, text: string, dialect: Dialect): boolean {
  const now = parsed(module.file, text, dialect);
  if (now === null || now.rules.length !== module.rules.length) return false;
  const own = ownNames(module);
  return (
    sorted(now.comments.map((comment) => comment.text)) ===
      sorted(module.comments.map((comment) => comment.text)) &&
    JSON.stringify(now.package) === JSON.stringify(module.package) &&
    imports(now) === imports(module) &&
    now.rules.every((rule, i) => meaningOf(rule, own) === meaningOf(module.rules[i] as Rule, own))
  );
}

function parsed(file: string, text: string, dialect: Dialect): ModuleAst | null {
  try {
    return parseModule(file, text, dialect, new Concrete());
  } catch (error) {
    if (error instanceof RegoError) return null;
    throw error;
  }
}

function imports(module: ModuleAst): string {
  return sorted(module.imports.map(({ path, alias }) => JSON.stringify([path, alias])));
}

function sorted(texts: readonly string[]): string {
  return JSON.stringify(texts.toSorted());
}

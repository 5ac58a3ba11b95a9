import type { Term } from '../ast.ts';
import { kindName } from '../resolve-words.ts';

/** Why a default rule cannot have these arguments or this value, or null: it must not depend on anything. */
export function refusedDefault(args: readonly Term[], value: Term): string | null {
  const names = new Set<string>();
  for (const arg of args) {
    if (arg.k !== 'var') return `arguments cannot contain ${kindName(arg)}`;
    if (arg.name === '_') continue;
    if (names.has(arg.name)) return `arguments cannot be repeated ${arg.name}`;
    names.add(arg.name);
  }
  const found = dependent(value);
  return found === null ? null : `value cannot contain ${kindName(found)}`;
}

function dependent(term: Term): Term | null {
  if (term.k === 'var' || term.k === 'ref' || term.k === 'call') return term;
  const parts =
    term.k === 'object' ? term.items.flat() : term.k === 'array' || term.k === 'set' ? term.items : [];
  for (const part of parts) {
    const found = dependent(part);
    if (found !== null) return found;
  }
  return null;
}

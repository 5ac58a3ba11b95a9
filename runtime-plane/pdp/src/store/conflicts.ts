/** Where a rule and a base document claim the same path. */
import { isPlain, type Program, type RuleInfo, type Value } from '@chaperone/rego';
import { readDocument } from './documents.ts';

export type Conflict = { readonly rule: RuleInfo; readonly message: string };

/** Rules in whose place there is a base document, or one that is no object above it. */
export function pathConflicts(program: Program, data: Value): Conflict[] {
  return program
    .rules()
    .filter((rule) => isTaken(data, rule.path))
    .map((rule) => ({ rule, message: `conflicting rule for data path ${rule.path.join('/')} found` }));
}

function isTaken(data: Value, path: readonly string[]): boolean {
  if (readDocument(data, path) !== undefined) return true;
  for (let length = path.length - 1; length > 0; length -= 1) {
    const above = readDocument(data, path.slice(0, length));
    if (above !== undefined) return !isPlain(above);
  }
  return false;
}

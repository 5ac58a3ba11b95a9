import { BASE_KEYWORDS, FUTURE_KEYWORDS } from '../parser/cursor.ts';
import type { Dialect } from '../parser/module.ts';
import { added, futureKeyword, isRegoV1, placed } from './imports.ts';
import type { PlacedImport } from './imports.ts';
import type { Written } from './module.ts';
import type { Style } from './writer.ts';

/** How the rules of a module are spelled, by its dialect and by the keywords that it imports. */
export function styleOf({ source, module, concrete }: Written, dialect: Dialect, upgrade: boolean): Style {
  const v1 = dialect === 'v1' || upgrade;
  const imports = concrete.imports.map((one) => placed(one, source, concrete));
  const words = new Set(imports.map(futureKeyword));
  const all = v1 || words.has('') || imports.some(isRegoV1);
  const future = all ? FUTURE_KEYWORDS : FUTURE_KEYWORDS.filter((word) => words.has(word));
  return {
    v1,
    usesIf: all || words.has('if'),
    usesContains: all || words.has('contains'),
    refHeads: module.rules.some(
      ({ head: { ref, member } }) => ref.length > 2 || (ref.length === 2 && member !== null),
    ),
    keywords: new Set([...BASE_KEYWORDS, ...future]),
  };
}

/** The imports of the result in the order of their rows: `rego.v1` stands for every future keyword. */
export function importsOf({ source, module, concrete }: Written, upgrade: boolean): PlacedImport[] {
  const imports = concrete.imports.map((one) => placed(one, source, concrete));
  const hasV1 = imports.some(isRegoV1);
  if (!upgrade && !hasV1) return imports;
  const rest = imports.filter((one) => futureKeyword(one) === null);
  if (hasV1) return rest;
  const rows = imports.filter((one) => futureKeyword(one) !== null).map(({ row }) => row);
  const row = rows.length === 0 ? 1 : Math.max(...rows) + 1;
  const firstRule = module.rules[0]?.at.row ?? Infinity;
  const one = added(['rego', 'v1'], row < firstRule ? row : 1);
  return [one, ...rest].toSorted((a, b) => a.row - b.row);
}

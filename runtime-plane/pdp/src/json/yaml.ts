/** YAML as a JSON value. The reader is loaded when the first YAML comes. */
import { isArray, isPlain, type Value } from '@chaperone/rego';

export type YamlParsed =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string };

/** @returns the first document; an empty text is null */
export async function parseYaml(text: string): Promise<YamlParsed> {
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text, {
      intAsBigInt: true,
      version: '1.1',
      merge: true,
      uniqueKeys: false,
    });
    const [error] = document.errors;
    if (error !== undefined) {
      const line = error.linePos?.[0].line ?? 1;
      return {
        ok: false,
        message: `yaml: line ${line}: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? ''}`,
      };
    }
    // Aliases are counted, so that a short text cannot become a huge value.
    return { ok: true, value: plainOf(document.toJS({ maxAliasCount: 100 }) as unknown, 0) };
  } catch (error) {
    return { ok: false, message: `yaml: ${error instanceof Error ? error.message : 'not readable'}` };
  }
}

const maxDepth = 1000;

/** Whole numbers as JSON has them, dates as their text; what JSON has not is refused. */
function plainOf(value: unknown, depth: number): Value {
  if (depth > maxDepth) throw new Error('nests too deeply');
  if (typeof value === 'bigint') {
    const n = Number(value);
    return Number.isSafeInteger(n) ? n : value;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof Date) return value.toISOString();
  if (isArray(value as Value)) return (value as unknown[]).map((item) => plainOf(item, depth + 1));
  if (!isPlain(value as Value)) throw new Error('a value that JSON has not');
  const out = Object.create(null) as Record<string, Value>;
  for (const [key, item] of Object.entries(value as object)) out[key] = plainOf(item, depth + 1);
  return out;
}

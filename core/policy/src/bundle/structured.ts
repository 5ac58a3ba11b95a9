/** How OPA hashes data documents: by what they say, not by their layout. */
import { compareStrings } from '@chaperone/rego';
import { BundleError } from './errors.ts';
import { baseName, type BundleFile, textOf } from './names.ts';
import { parseYaml } from './yaml.ts';

const structured: ReadonlySet<string> = new Set(['data.json', 'data.yaml', '.manifest']);

/** The bytes whose digest stands for the file in a signature. Throws BundleError. */
export function hashedBytes(file: BundleFile): Uint8Array {
  if (!structured.has(baseName(file.name))) return file.bytes;
  const parts: string[] = [];
  try {
    write(documentOf(file), parts);
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw new BundleError('bad_data', `${file.name} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  return new TextEncoder().encode(parts.join(''));
}

/** A number as it was written: `1.50` and `1.5` have different digests. */
class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function documentOf(file: BundleFile): unknown {
  const text = textOf(file, 'bad_data');
  const reviver = (_key: string, value: unknown, context: { readonly source: string }): unknown =>
    typeof value === 'number' ? new Digits(context.source) : value;
  try {
    return JSON.parse(text, reviver as unknown as (key: string, value: unknown) => unknown);
  } catch (error) {
    if (!/\.ya?ml$/.test(file.name)) throw error;
    return parseYaml(text);
  }
}

/** Object keys in the order of their UTF-8 bytes, nothing between tokens. */
function write(value: unknown, parts: string[]): void {
  if (value instanceof Digits) parts.push(value.text);
  else if (Array.isArray(value)) {
    parts.push('[');
    for (const [i, item] of value.entries()) {
      if (i > 0) parts.push(',');
      write(item, parts);
    }
    parts.push(']');
  } else if (typeof value === 'object' && value !== null) {
    parts.push('{');
    const entries = Object.entries(value).toSorted(([a], [b]) => compareStrings(a, b));
    for (const [i, [key, item]] of entries.entries()) {
      parts.push(i > 0 ? ',' : '', primitive(key), ':');
      write(item, parts);
    }
    parts.push('}');
  } else parts.push(primitive(value));
}

/** As Go's encoder writes it without HTML escapes. */
function primitive(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'string') return JSON.stringify(value);
  return JSON.stringify(value.toWellFormed()).replaceAll(
    /[\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16)}`,
  );
}

export function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'it nests too deeply';
  return error instanceof Error ? error.message : 'unknown error';
}

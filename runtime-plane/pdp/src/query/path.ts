/** The path of a document as it stands in a URL. */

/** A name, or a whole number, which also is an index. */
export type Key = string | number;

export class InvalidPath extends Error {
  override readonly name = 'InvalidPath';
}

/** Empty segments do not count; a segment whose escapes are broken stands for itself. Throws InvalidPath. */
export function parseDocumentPath(path: string): Key[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => keyOf(unescapeSegment(segment) ?? segment));
}

/** The segments of a path to write to; null when the escapes of one are broken. */
export function parseStoragePath(path: string): string[] | null {
  const segments = path.split('/').filter((segment) => segment !== '');
  const keys = segments.map(unescapeSegment);
  return keys.every((key) => key !== null) ? keys : null;
}

/** `data.a["b c"][0]`. */
export function showReference(keys: readonly Key[]): string {
  return `data${keys
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    })
    .join('')}`;
}

/** Percent-encoded bytes that are no UTF-8 become U+FFFD; null when an escape is broken. */
export function unescapeSegment(segment: string): string | null {
  if (!segment.includes('%')) return segment;
  if (/%(?![\da-fA-F]{2})/.test(segment)) return null;
  try {
    return decodeURIComponent(segment);
  } catch {
    const bytes = segment.replaceAll(/%([\da-fA-F]{2})/g, (_, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    );
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
}

function keyOf(name: string): Key {
  if (name.includes('"')) throw new InvalidPath(`invalid ref term '${name}'`);
  if (!/^[+-]?\d{1,19}$/.test(name)) return name;
  const n = Number(name);
  return Number.isSafeInteger(n) ? n : name;
}

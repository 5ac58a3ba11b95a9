/** JSON that means one thing only: UTF-8, no byte order mark, no name twice in one object. */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/** Throws SyntaxError or TypeError. */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decoder.decode(bytes);
  const value: unknown = JSON.parse(text);
  refuseRepeatedNames(text);
  return value;
}

/**
 * Readers differ in which of two equal names they take, so an answer that has both could mean an allow to one and a
 * deny to another (RFC 8259, section 4).
 *
 * @param text JSON that has been parsed without an error
 */
function refuseRepeatedNames(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let isName = false;
  for (const [token] of text.matchAll(tokens)) {
    switch (token) {
      case '{':
        open.push(new Set());
        isName = true;
        break;
      case '[':
        open.push(undefined);
        isName = false;
        break;
      case '}':
      case ']':
        open.pop();
        isName = false;
        break;
      case ',':
        isName = open.at(-1) !== undefined;
        break;
      default: {
        const names = open.at(-1);
        if (!isName || names === undefined) break;
        const name = JSON.parse(token) as string;
        if (names.has(name)) throw new SyntaxError('a name is there twice');
        names.add(name);
        isName = false;
      }
    }
  }
}

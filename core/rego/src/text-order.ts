/** Order by code point, which is the order of the UTF-8 bytes; UTF-16 units alone would put U+FFFD after emoji. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      const surrogates = Number(x >= 0xd800 && x < 0xe000) - Number(y >= 0xd800 && y < 0xe000);
      return surrogates !== 0 ? surrogates : x - y;
    }
  }
  return a.length - b.length;
}

/** The names of an object's own properties in that order. */
export function sortedNames(o: object): readonly string[] {
  const keys = Object.keys(o);
  // Most objects are small and written in order.
  for (let i = 1; i < keys.length; i += 1)
    if (compareStrings(keys[i - 1] as string, keys[i] as string) > 0) return keys.sort(compareStrings);
  return keys;
}

/** Are texts in the order of their UTF-16 units? */
export function isAscending(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i += 1) if ((names[i - 1] as string) > (names[i] as string)) return false;
  return true;
}

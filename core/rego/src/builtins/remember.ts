/** Patterns and formats that a policy computes are kept up to this number; constants are few anyway. */
export const CACHE_SIZE = 512;

/** Remembers the last results of a function of one string. */
export function remember<T>(make: (text: string) => T): (text: string) => T {
  const cache = new Map<string, T>();
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(text, made);
    return made;
  };
}

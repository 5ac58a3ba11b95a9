/** Patterns and formats that a policy computes are kept up to this number; constants are few anyway. */
export const CACHE_SIZE = 512;
/** What all that is remembered may weigh together. */
const CACHE_WEIGHT = 400_000;

/**
 * Remembers the last results of a function of one string.
 * @param weigh the size of a result, about the number of objects in it
 */
export function remember<T>(
  make: (text: string) => T,
  weigh: (made: T, text: string) => number = () => 0,
): (text: string) => T {
  const cache = new Map<string, T>();
  let weight = 0;
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    const own = (text.length >> 4) + weigh(made, text);
    weight += own;
    if (cache.size >= CACHE_SIZE || weight > CACHE_WEIGHT) {
      cache.clear();
      weight = own;
    }
    cache.set(text, made);
    return made;
  };
}

/** Names that stand for values in redacted copies. */

/** Digits of a name that suffice nearly always; more are taken where two values would get the same. */
const shortest = 4;

/**
 * Names for the values of one session: the same value gets the same name, different values get different ones. Values are not
 * kept, only their hashes.
 * @param hash keyed with a secret of the session, collision-resistant, in hexadecimal: nobody shall find values by trying
 */
export function sessionPseudonyms(hash: (value: string) => string): (value: string) => string {
  const owners = new Map<string, string>();
  return (value) => {
    const whole = hash(value);
    for (let length = shortest; length < whole.length; length += 1) {
      const name = whole.slice(0, length);
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, whole);
      if (owner === undefined || owner === whole) return name;
    }
    return whole;
  };
}

/** What a value is told apart by: not by how it is spaced and, but for secrets, not by its case. */
export function normalised(value: string, className: string): string {
  if (className.startsWith('credential')) return value.trim();
  const lower = value.toLowerCase().trim();
  const isNumber = /\d/.test(lower) && /^[\p{L}\d\s()+./_-]+$/u.test(lower);
  return isNumber ? lower.replace(/[\s()+./_-]/g, '') : lower.replace(/\s+/g, ' ');
}

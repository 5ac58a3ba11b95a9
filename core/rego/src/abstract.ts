/**
 * An unknown string of which only the beginning is known: some string that starts with `prefix` and is longer than it.
 * As an input leaf of `probe` it stands for every such string at once. Two leaves are two unknowns, even when they
 * are the same object. Only `probe` understands it: the code behind `evaluate` is faster because it does not look for it.
 */
export class AnyUnder {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }
}

/**
 * Thrown inside an abstract evaluation when the answer differs (or may differ) within the class. Compiled policies contain
 * no `catch`, so nothing can turn it into "undefined": it always ends the evaluation.
 */
export class Undetermined extends Error {
  constructor() {
    super('undetermined');
    this.name = 'Undetermined';
  }
}

export function undetermined(): never {
  throw new Undetermined();
}

/** Could the unknown string equal `text`? */
export function mayEqual(unknown: AnyUnder, text: string): boolean {
  return text.length > unknown.prefix.length && text.startsWith(unknown.prefix);
}

/** Why bytes from outside are not what they should be. Ends in the `fail` of the built-in that read them, never outside. */
export class Problem extends Error {}

export function problem(message: string): never {
  throw new Problem(message);
}

/** Names of classes are dotted, the most general first. */

/** Whether a class is `name` or lies below it. */
export function isWithin(one: string, name: string): boolean {
  return one === name || one.startsWith(`${name}.`);
}

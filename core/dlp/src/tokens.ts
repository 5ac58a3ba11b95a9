/** What stands for values in redacted copies. */

/** What a value is told apart by: not by how it is spaced and, but for secrets, not by its case. */
export function normalised(value: string, className: string): string {
  if (className.startsWith('credential')) return value.trim();
  const lower = value.toLowerCase().trim();
  const isNumber = /\d/.test(lower) && /^[\p{L}\d\s()+./_-]+$/u.test(lower);
  return isNumber ? lower.replace(/[\s()+./_-]/g, '') : lower.replace(/\s+/g, ' ');
}

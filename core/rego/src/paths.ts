import type { Term } from './ast.ts';

/** A path as one string; JSON, so that no name can imitate a separator. */
export function packageKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** The constant path of a reference into data (see packageKey), or null. */
export function dataPath(term: Term): string | null {
  if (term.k !== 'ref' || term.head.k !== 'root' || term.head.name !== 'data') return null;
  const path: string[] = [];
  for (const key of term.path) {
    if (key.k !== 'scalar' || typeof key.v !== 'string') return null;
    path.push(key.v);
  }
  return packageKey(path);
}

/** A path as it is written: `a.b["c d"]`. */
export function showPath(path: readonly string[]): string {
  return path.reduce(
    (text, key) =>
      text === '' ? key : text + (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`),
    '',
  );
}

import type { Concrete, WrittenImport } from '../parser/concrete.ts';

/** An import and the row that decides its place: its own, or for one that is added the row where it belongs. */
export interface PlacedImport {
  readonly row: number;
  readonly path: readonly string[];
  readonly alias: string | null;
  /** The path as it is laid out. */
  readonly text: string;
}

const PLAIN = /^[A-Za-z_]\w*$/;

export function placed({ path, alias, at }: WrittenImport, source: string, concrete: Concrete): PlacedImport {
  const parts: string[] = [];
  let text = '';
  if (path.k === 'var') {
    parts.push(path.name);
    text = path.name;
  } else if (path.k === 'ref' && path.head.k === 'var') {
    parts.push(path.head.name);
    text = path.head.name;
    for (const key of path.path) {
      if (key.k !== 'scalar' || typeof key.v !== 'string') continue;
      parts.push(key.v);
      const { from, to } = concrete.span(key);
      const written = source.slice(from, to);
      text += PLAIN.test(key.v)
        ? `.${key.v}`
        : `[${written.startsWith('"') ? written : JSON.stringify(key.v)}]`;
    }
  }
  return { row: at.row, path: parts, alias, text };
}

/** An import that the module must have for what it is turned into. */
export function added(path: readonly string[], row: number): PlacedImport {
  return { row, path, alias: null, text: path.join('.') };
}

export function importLine({ text, alias }: PlacedImport): string {
  return `import ${text}${alias === null ? '' : ` as ${alias}`}`;
}

/** By path, then by alias. */
export function compareImports(a: PlacedImport, b: PlacedImport): number {
  for (const [i, part] of a.path.entries()) {
    const other = b.path[i];
    if (other === undefined) return 1;
    if (part !== other) return part < other ? -1 : 1;
  }
  if (a.path.length !== b.path.length) return -1;
  const [x, y] = [a.alias ?? '', b.alias ?? ''];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Imports on adjoining lines are one group, and sorted in it. */
export function groupsOf(imports: readonly PlacedImport[]): PlacedImport[][] {
  const groups: PlacedImport[][] = [];
  let last = -Infinity;
  for (const one of imports) {
    if (one.row - last > 1) groups.push([]);
    groups.at(-1)?.push(one);
    last = one.row;
  }
  return groups;
}

export function isRegoV1({ path }: PlacedImport): boolean {
  return path.length === 2 && path[0] === 'rego' && path[1] === 'v1';
}

/** The word after `future.keywords`, the empty string for all of them, null for any other import. */
export function futureKeyword({ path }: PlacedImport): string | null {
  return path[0] === 'future' && path[1] === 'keywords' ? (path[2] ?? '') : null;
}

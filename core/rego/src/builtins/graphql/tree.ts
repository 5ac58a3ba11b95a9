import type { Plain, Value } from '../../values.ts';

/** A node of a document in the shape in which OPA gives it to policies, which is that of Go's gqlparser. */
export type Tree = Plain;

/** Where nodes of a parsed text stand. Nodes that a policy gave have no place. */
export type Places = Map<Tree, number>;

/** A node without what is absent or empty; texts, numbers and booleans stay. */
export function tree(fields: Readonly<Record<string, Value | undefined>>): Tree {
  const out: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const [k, v] of Object.entries(fields)) {
    if (v === undefined || v === null) continue;
    if (typeof v === 'object' && Object.keys(v).length === 0) continue;
    out[k] = v;
  }
  return out;
}

/** Kinds of values, by their numbers. */
export const KINDS = [
  'Variable',
  'Int',
  'Float',
  'String',
  'Block',
  'Boolean',
  'Null',
  'Enum',
  'List',
  'Object',
] as const;
export type Kind = (typeof KINDS)[number];

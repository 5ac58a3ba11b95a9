import { isArray, isPlain, own } from '../../values.ts';
import { GraphqlError } from './lexer.ts';
import type { Tree } from './tree.ts';

/** Reading of trees that a policy may have made: absent is empty, another type is an error. */
export function text(node: Tree, key: string): string {
  const v = own(node, key) ?? '';
  if (typeof v !== 'string') throw wrong(key, 'string');
  return v;
}

export function flag(node: Tree, key: string): boolean {
  const v = own(node, key) ?? false;
  if (typeof v !== 'boolean') throw wrong(key, 'bool');
  return v;
}

export function nodes(node: Tree, key: string): readonly Tree[] {
  const v = own(node, key) ?? [];
  if (!isArray(v) || !v.every(isPlain)) throw wrong(key, 'list of objects');
  return v;
}

export function names(node: Tree, key: string): readonly string[] {
  const v = own(node, key) ?? [];
  if (!isArray(v) || !v.every((item) => typeof item === 'string')) throw wrong(key, 'list of strings');
  return v;
}

export function child(node: Tree, key: string): Tree | undefined {
  const v = own(node, key) ?? undefined;
  if (v !== undefined && !isPlain(v)) throw wrong(key, 'object');
  return v;
}

export function kindNumber(node: Tree): number {
  const v = own(node, 'Kind') ?? 0;
  if (typeof v !== 'number') throw wrong('Kind', 'int');
  return v;
}

function wrong(key: string, wanted: string): GraphqlError {
  return new GraphqlError(`json: cannot unmarshal field ${key} into Go value of type ${wanted}`);
}

/** The name inside lists. */
export function namedType(type: Tree | undefined): string {
  let at = type;
  while (at !== undefined) {
    const elem: Tree | undefined = child(at, 'Elem');
    if (elem === undefined) return text(at, 'NamedType');
    at = elem;
  }
  return '';
}

export function showType(type: Tree | undefined): string {
  if (type === undefined) return '';
  const elem = child(type, 'Elem');
  const inner = elem === undefined ? text(type, 'NamedType') : `[${showType(elem)}]`;
  return flag(type, 'NonNull') ? `${inner}!` : inner;
}

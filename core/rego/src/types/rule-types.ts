import type { Scalar, Term } from '../ast.ts';
import { bounded } from './bounded.ts';
import { ANY, objectType, selectKey, scalarType, STRING, unionOf, valuesOf } from './type.ts';
import type { Maybe, Type } from './type.ts';

type ObjectType = Extract<Type, { t: 'object' }>;

/** A place in the data document, with the type of the rules that define it. */
export class TypeNode {
  value: Maybe = null;
  readonly children = new Map<Scalar, TypeNode>();

  child(key: Scalar): TypeNode {
    let found = this.children.get(key);
    if (found === undefined) {
      found = new TypeNode();
      this.children.set(key, found);
    }
    return found;
  }

  /** The type of everything below; base documents may add keys to packages. */
  extent(): Type {
    if (this.value !== null) return this.value;
    const props = [...this.children].map(([key, node]) => ({ key, value: node.extent() }));
    return objectType(props, { key: STRING, value: ANY });
  }

  at(path: readonly Scalar[]): TypeNode | null {
    const [key, ...rest] = path;
    return key === undefined ? this : (this.children.get(key)?.at(rest) ?? null);
  }

  /** Forgets what is known of a place: it is wrong, and need not make what refers to it wrong too. */
  put(path: readonly Scalar[], type: Type): void {
    const [key, ...rest] = path;
    if (key === undefined) this.value = bounded(type);
    else this.child(key).put(rest, type);
  }

  /** Adds what one rule gives to a place: to what other rules give to it, and to the objects around and inside it. */
  insert(path: readonly Scalar[], type: Type): void {
    const [key, ...rest] = path;
    if (key === undefined) {
      this.join(bounded(type));
      return;
    }
    const node = this.child(key);
    if (rest.length > 0 && node.value?.t === 'object') node.value = widened(node.value, rest, type);
    node.insert(rest, type);
  }

  private join(type: Type): void {
    this.value = bounded(merged(this.value, type));
    if (type.t !== 'object') return;
    for (const [below, inner] of this.leaves([]))
      if (this.value?.t === 'object') this.value = widened(this.value, below, inner);
  }

  private *leaves(path: readonly Scalar[]): Generator<readonly [readonly Scalar[], Type]> {
    for (const [key, node] of this.children) {
      const below = [...path, key];
      if (node.value === null) yield* node.leaves(below);
      else yield [below, node.value];
    }
  }
}

function widened(object: ObjectType, path: readonly Scalar[], type: Type): Type {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const value = rest.length === 0 ? type : widened({ t: 'object', props: [], rest: null }, rest, type);
  return {
    ...object,
    rest: {
      key: unionOf(object.rest?.key ?? null, scalarType(key)),
      value: unionOf(object.rest?.value ?? null, value),
    },
  };
}

/** What two rules for one place give: sets and objects with unknown keys join, all else is one or the other. */
function merged(a: Maybe, b: Type): Maybe {
  if (a === null) return b;
  if (a.t === 'set' && b.t === 'set') return { t: 'set', of: unionOf(a.of, b.of) };
  if (isOpenObject(a) && isOpenObject(b)) {
    const value = b.rest.value === null ? a.rest.value : merged(a.rest.value, b.rest.value);
    return { t: 'object', props: [], rest: { key: unionOf(a.rest.key, b.rest.key), value } };
  }
  const [one, other] = a.t === 'any' ? [b, a] : [a, b];
  if (other.t !== 'any' || !isOpenObject(one)) return unionOf(a, b);
  const found = other.of.find(isOpenObject);
  if (found === undefined) return unionOf(a, b);
  const joined = merged(found, one);
  return unionOf({ t: 'any', of: other.of.filter((type) => type !== found) }, joined);
}

function isOpenObject(type: Type): type is ObjectType & { readonly rest: NonNullable<ObjectType['rest']> } {
  return type.t === 'object' && type.props.length === 0 && type.rest !== null;
}

/** The type of what a reference below a value selects. */
export function selectPath(type: Maybe, path: readonly Term[]): Maybe {
  let found = type;
  for (const key of path) {
    if (found === null) return null;
    found = key.k === 'scalar' ? selectKey(found, key.v) : valuesOf(found);
  }
  return found;
}

/** The type of what a reference into data selects; anything where no rule is. */
export function selectData(root: TypeNode, path: readonly Term[]): Maybe {
  let node = root;
  for (let i = 0; i < path.length; i += 1) {
    const key = path[i] as Term;
    const child = key.k === 'scalar' ? node.children.get(key.v) : undefined;
    if (child === undefined && (node.value !== null || key.k !== 'scalar'))
      return selectPath(node.extent(), path.slice(i));
    if (child === undefined) return ANY;
    node = child;
  }
  return node.extent();
}

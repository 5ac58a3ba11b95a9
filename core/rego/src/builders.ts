import { RegoEvalError } from './errors.ts';
import type { Location } from './errors.ts';
import { equal, keyOf, objectFrom, RegoSet } from './values.ts';
import type { Key, Value } from './values.ts';

const CONFLICTS: Readonly<Record<string, string>> = {
  complete: 'complete rules must not produce multiple outputs',
  func: 'functions must not produce multiple outputs for same inputs',
  object: 'object keys must be unique',
};

/** Ends the evaluation because of two values where there may be one. */
export function conflict(kind: string, at?: Location): never {
  throw new RegoEvalError('eval_conflict_error', CONFLICTS[kind] ?? kind, at);
}

/** Assembles a comprehension's object; two values for one key are a conflict. */
export class ObjectBuilder {
  private readonly map = new Map<Key, readonly [Value, Value]>();

  put(k: Value, v: Value, at: Location): void {
    const key = keyOf(k);
    const known = this.map.get(key);
    if (known === undefined) this.map.set(key, [k, v]);
    else if (!equal(known[1], v)) conflict('object', at);
  }

  done(): Value {
    return objectFrom(this.map.values());
  }
}

type Branch = { k: Value; leaf: Value } | { k: Value; members: RegoSet } | { k: Value; below: TreeBuilder };

/** Assembles the object of rules with variables in their references. */
export class TreeBuilder {
  private readonly map = new Map<Key, Branch>();

  private slot(path: readonly Value[], make: (k: Value) => Branch, at: Location): Branch {
    const [k, ...rest] = path;
    if (k === undefined) return conflict('object', at);
    const key = keyOf(k);
    let found = this.map.get(key);
    if (rest.length === 0) {
      if (found === undefined) {
        found = make(k);
        this.map.set(key, found);
      }
      return found;
    }
    if (found === undefined) {
      found = { k, below: new TreeBuilder() };
      this.map.set(key, found);
    }
    return 'below' in found ? found.below.slot(rest, make, at) : conflict('object', at);
  }

  put(path: readonly Value[], v: Value, at: Location): void {
    const found = this.slot(path, (k) => ({ k, leaf: v }), at);
    if (!('leaf' in found) || !equal(found.leaf, v)) conflict('object', at);
  }

  add(path: readonly Value[], member: Value, at: Location): void {
    const found = this.slot(path, (k) => ({ k, members: new RegoSet() }), at);
    if ('members' in found) found.members.add(member);
    else conflict('object', at);
  }

  done(): Value {
    return objectFrom(
      [...this.map.values()].map(
        (b) => [b.k, 'leaf' in b ? b.leaf : 'members' in b ? b.members : b.below.done()] as const,
      ),
    );
  }
}

/**
 * Remembers decisions by what the policy read to make them. A policy is deterministic: the first path of the input that it reads
 * is always the same, and each further one follows from the values before it. So what is remembered is a tree that asks for one
 * path after the other, and never looks at a fact that the policy itself would not have looked at.
 */
import type { Decision, DecisionInput } from '@chaperone/protocol';
import type { Policy } from './policy.ts';

export type CacheOptions = {
  /** Decisions that are remembered at most; those that were not asked for the longest go first. */
  readonly entries?: number;
  /** Lists and objects whose text is longer are not remembered. */
  readonly valueLength?: number;
  /** First names of paths whose meaning changes with time: an answer that read one is never remembered. */
  readonly passing?: ReadonlySet<string>;
};

export type CacheCounts = {
  readonly hits: number;
  /** Asked of the policy, and remembered. */
  readonly misses: number;
  /** Asked of the policy because the answer may not be remembered. */
  readonly passed: number;
  readonly entries: number;
};

/** Misses in a row after which only one in `rarely` is remembered. */
const patience = 1_000;
const rarely = 64;

export const defaultPassing: ReadonlySet<string> = new Set(['grants', 'time']);

type Leaf = {
  /** Absent where the answer may not be remembered, which is worth knowing, too. */
  readonly decision?: Decision;
  readonly parent: Branch | undefined;
  readonly key: Key;
  newer: Leaf | undefined;
  older: Leaf | undefined;
};

type Branch = {
  readonly name: string;
  readonly path: readonly string[];
  readonly parent: Branch | undefined;
  readonly key: Key;
  readonly below: Map<Key, Branch | Leaf>;
};

/** Texts of lists and objects begin with NUL and c. */
type Key = string | number | boolean | null | undefined;

/**
 * For one policy; whoever puts another policy in force makes another cache. `decide` never throws, as that of the
 * policy does not. Facts that are computed when they are asked for must give the same value each time.
 */
export class DecisionCache {
  readonly #policy: Policy;
  readonly #limit: number;
  readonly #valueLength: number;
  readonly #passing: ReadonlySet<string>;
  #root: Branch | Leaf | undefined;
  #newest: Leaf | undefined;
  #oldest: Leaf | undefined;
  #entries = 0;
  #hits = 0;
  #misses = 0;
  #passed = 0;
  /** Misses since the last hit. */
  #fruitless = 0;

  constructor(
    policy: Policy,
    { entries = 10_000, valueLength = 4_096, passing = defaultPassing }: CacheOptions = {},
  ) {
    this.#policy = policy;
    this.#limit = Math.max(1, entries);
    this.#valueLength = valueLength;
    this.#passing = passing;
  }

  get counts(): CacheCounts {
    return { hits: this.#hits, misses: this.#misses, passed: this.#passed, entries: this.#entries };
  }

  decide(input: DecisionInput): Decision {
    let node = this.#root;
    try {
      while (node !== undefined && 'below' in node) {
        const key = keyAt(input, node.path, this.#valueLength);
        if (key === tooLong) return this.#pass(input);
        node = node.below.get(key);
      }
    } catch {
      // A fact that cannot be read is the policy's to judge.
      return this.#pass(input);
    }
    if (node === undefined) return this.#learn(input);
    this.#touch(node);
    if (node.decision === undefined) return this.#pass(input);
    this.#hits += 1;
    this.#fruitless = 0;
    return node.decision;
  }

  #pass(input: DecisionInput): Decision {
    this.#passed += 1;
    return this.#policy.decide(input);
  }

  #learn(input: DecisionInput): Decision {
    // Where nothing is ever asked twice, finding out what was read is a waste.
    this.#fruitless += 1;
    if (this.#fruitless > patience && this.#fruitless % rarely !== 0) return this.#pass(input);
    const { decision, reads } = this.#policy.decideTracked(input);
    this.#misses += 1;
    if (reads === undefined) return decision;
    const paths = [...reads];
    const barred = paths.findIndex((path) => path === '' || this.#passing.has(path.split('.', 1)[0] ?? ''));
    try {
      if (barred < 0) this.#file(input, paths, decision);
      else this.#file(input, paths.slice(0, barred), undefined);
    } catch {
      // A fact that cannot be read again is not remembered.
    }
    return decision;
  }

  #file(input: DecisionInput, paths: readonly string[], decision: Decision | undefined): void {
    const keys = paths.map((path) => keyAt(input, path.split('.'), this.#valueLength));
    if (keys.includes(tooLong)) return;
    let parent: Branch | undefined;
    let key: Key;
    for (const [i, path] of paths.entries()) {
      const next = keys[i] as Key;
      const found = parent === undefined ? this.#root : parent.below.get(key);
      if (found !== undefined && !('below' in found && found.name === path)) return;
      const branch = found ?? { name: path, path: path.split('.'), parent, key, below: new Map() };
      if (found === undefined) this.#put(parent, key, branch);
      parent = branch;
      key = next;
    }
    const place = parent === undefined ? this.#root : parent.below.get(key);
    if (place !== undefined) return;
    const known = decision === undefined ? {} : { decision };
    const leaf: Leaf = { ...known, parent, key, newer: undefined, older: undefined };
    this.#put(parent, key, leaf);
    this.#entries += 1;
    this.#link(leaf);
    if (this.#entries > this.#limit && this.#oldest) this.#forget(this.#oldest);
  }

  #put(parent: Branch | undefined, key: Key, node: Branch | Leaf): void {
    if (parent === undefined) this.#root = node;
    else parent.below.set(key, node);
  }

  #forget(leaf: Leaf): void {
    this.#unlink(leaf);
    this.#entries -= 1;
    if (leaf.parent === undefined) this.#root = undefined;
    else {
      leaf.parent.below.delete(leaf.key);
      this.#prune(leaf.parent);
    }
  }

  /** Takes branches away that lead nowhere any more. */
  #prune(branch: Branch): void {
    let at: Branch | undefined = branch;
    while (at !== undefined && at.below.size === 0) {
      if (at.parent === undefined) this.#root = undefined;
      else at.parent.below.delete(at.key);
      at = at.parent;
    }
  }

  #touch(leaf: Leaf): void {
    if (leaf === this.#newest) return;
    this.#unlink(leaf);
    this.#link(leaf);
  }

  #link(leaf: Leaf): void {
    leaf.older = this.#newest;
    leaf.newer = undefined;
    if (this.#newest) this.#newest.newer = leaf;
    this.#newest = leaf;
    this.#oldest ??= leaf;
  }

  #unlink(leaf: Leaf): void {
    if (leaf.newer) leaf.newer.older = leaf.older;
    else this.#newest = leaf.older;
    if (leaf.older) leaf.older.newer = leaf.newer;
    else this.#oldest = leaf.newer;
  }
}

const tooLong = Symbol('too long');

/** The value at a path as a key: the same for equal values, different for others. */
function keyAt(input: DecisionInput, path: readonly string[], limit: number): Key | typeof tooLong {
  let value: unknown = input;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  switch (typeof value) {
    case 'string':
      if (value.length > limit) return tooLong;
      // Texts of lists and objects begin with NUL.
      return value.startsWith('\0') ? `\0s${value}` : value;
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'object': {
      if (value === null) return null;
      const text = JSON.stringify(value, onlyJson);
      return text.length > limit ? tooLong : `\0c${text}`;
    }
    default:
      return tooLong;
  }
}

/** What JSON would write as null is not null to a policy. */
function onlyJson(_name: string, value: unknown): unknown {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value)))
    throw new TypeError('not JSON');
  return value;
}

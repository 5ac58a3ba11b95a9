/** Several bundles as one policy: each owns its roots, and together they are what is decided by. */
import { RegoError } from '@chaperone/rego';
import { type Data, isObject, mergeData } from './bundle/documents.ts';
import type { Bundle, BundleModule } from './bundle/read.ts';
import { assertDisjoint } from './bundle/roots.ts';
import { PolicyError } from './errors.ts';

/** Bundles by name. */
export type Bundles = Readonly<Record<string, Bundle>>;

/** What a set of bundles amounts to: the input of `compile` and `loadPolicy`. */
export type Merged = {
  /** File names begin with the bundle's when there are several. */
  readonly modules: readonly BundleModule[];
  readonly data: Data;
  /** That of the one bundle; of several `name@revision`, in order of their names. */
  readonly revision: string;
};

/** Throws BundleError `bad_roots` when they overlap, PolicyError `refused` when a rule and data define the same document. */
export function mergeBundles(bundles: Bundles): Merged {
  const all = Object.entries(bundles).toSorted(([a], [b]) => (a < b ? -1 : 1));
  assertDisjoint(all.map(([name, { manifest }]) => [name, manifest.roots]));
  const data: { [name: string]: Data[string] } = {};
  for (const [name, bundle] of all) mergeData(data, bundle.data, `the bundle ${name}`);
  const modules = all.flatMap(([name, bundle]) =>
    bundle.modules.map((module) =>
      all.length === 1 ? module : { ...module, file: `${name}/${module.file}` },
    ),
  );
  assertNoConflict(modules, data);
  const [first] = all;
  const revision =
    all.length === 1 && first
      ? first[1].manifest.revision
      : all.map(([name, { manifest }]) => `${name}@${manifest.revision}`).join(' ');
  return { modules, data, revision };
}

/** Data at the place of a rule would answer instead of it, and nobody who reads the rule would know. */
function assertNoConflict(modules: readonly BundleModule[], data: Data): void {
  const problems = modules.flatMap(({ file, outline }) =>
    outline.rules.flatMap(({ name, row }) => {
      const path = [...outline.package, ...name];
      if (!isTaken(data, path)) return [];
      return [
        new RegoError('rego_compile_error', `conflicting rule for data path ${path.join('/')} found`, {
          file,
          row,
          col: 1,
        }),
      ];
    }),
  );
  if (problems.length > 0) throw new PolicyError('refused', problems);
}

function isTaken(data: Data, path: readonly string[]): boolean {
  let at: Data[string] | undefined = data;
  for (const part of path) {
    // Below a text or a list there is no place for a rule.
    if (!isObject(at)) return true;
    if (!Object.hasOwn(at, part)) return false;
    at = at[part];
  }
  return true;
}

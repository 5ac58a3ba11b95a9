/** Bundles own parts of `data`: nobody else may define or change anything there. */
import { outline } from '@chaperone/rego';
import type { Path } from './documents.ts';
import type { StoredModule } from './version.ts';

/** A root of a bundle: slash-separated, `""` is all of `data`. */
export type Claim = { readonly bundle: string; readonly root: string };

/** Why the path may not be written, in the words of the Open Policy Agent; undefined when it may. */
export function ownerOf(claims: readonly Claim[], path: Path): string | undefined {
  if (claims.length === 0) return undefined;
  const shown = path.join('/');
  for (const { bundle, root } of claims) {
    if (root === '') return `all paths owned by bundle ${JSON.stringify(bundle)}`;
    if (shown === '') return "can't write to document root with bundle roots configured";
    if (overlap(root, shown)) return `path ${shown} is owned by bundle ${JSON.stringify(bundle)}`;
  }
  return undefined;
}

/** The first claim of another bundle on something that the module defines. */
export function claimOn(claims: readonly Claim[], module: StoredModule): Claim | undefined {
  const others = claims.filter(({ bundle }) => bundle !== module.bundle);
  if (others.length === 0) return undefined;
  const { package: name, rules } = outlineOf(module);
  const paths = rules.map((rule) => [...name, ...rule.name].join('/'));
  return others.find(
    ({ root }) => isWithin(root, name.join('/')) || paths.some((defined) => overlap(root, defined)),
  );
}

/** Two claims of different bundles on the same; undefined when there are none. */
export function collision(claims: readonly Claim[]): readonly [Claim, Claim] | undefined {
  for (const [i, one] of claims.entries())
    for (const other of claims.slice(i + 1))
      if (one.bundle !== other.bundle && overlap(one.root, other.root)) return [one, other];
  return undefined;
}

/** The package of a module that compiles, with slashes. */
export function placeOf(module: StoredModule): string {
  return outlineOf(module).package.join('/');
}

function outlineOf({ id, raw, dialect }: StoredModule): ReturnType<typeof outline> {
  return outline({ file: id, source: raw, dialect });
}

function isWithin(root: string, path: string): boolean {
  return root === '' || path === root || path.startsWith(`${root}/`);
}

function overlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** A bundle owns the parts of `data` that its roots name: it may define nothing else, and no other bundle may define them. */
import { BundleError } from './errors.ts';

export function normalRoot(root: string): string {
  return root.replace(/^\/+|\/+$/g, '');
}

/** @param path slash-separated */
export function isWithin(root: string, path: string): boolean {
  return root === '' || path === root || path.startsWith(`${root}/`);
}

function overlap(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** Throws BundleError `bad_roots` when two roots of one bundle overlap. */
export function assertDistinct(roots: readonly string[]): void {
  for (const [i, a] of roots.entries())
    for (const b of roots.slice(i + 1))
      if (overlap(a, b))
        throw new BundleError('bad_roots', `the roots ${shown(a)} and ${shown(b)} of the bundle overlap`);
}

/** Throws BundleError `bad_roots` when two bundles claim the same part of `data`. */
export function assertDisjoint(bundles: Iterable<readonly [name: string, roots: readonly string[]]>): void {
  const claimed: { readonly name: string; readonly root: string }[] = [];
  for (const [name, roots] of bundles) {
    for (const root of roots) {
      const other = claimed.find((one) => one.name !== name && overlap(one.root, root));
      if (other)
        throw new BundleError(
          'bad_roots',
          `the bundles ${other.name} and ${name} overlap: their roots are ${shown(other.root)} and ${shown(root)}; give each its own in .manifest`,
        );
      claimed.push({ name, root });
    }
  }
}

/** Throws BundleError `bad_roots` when the package is outside of the roots. */
export function assertPackage(roots: readonly string[], path: readonly string[], file: string): void {
  const isOne = path.every((part) => !part.includes('/'));
  if (!isOne || !roots.some((root) => isWithin(root, path.join('/'))))
    throw new BundleError(
      'bad_roots',
      `${file}: package ${path.join('.')} is outside of the roots of the bundle (${roots.map(shown).join(', ')})`,
    );
}

/** Throws BundleError `bad_roots` when a part of the data is outside of the roots. */
export function assertData(roots: readonly string[], data: Readonly<Record<string, unknown>>): void {
  const visit = (value: unknown, path: string): void => {
    if (roots.some((root) => path !== '' && isWithin(root, path))) return;
    const isAbove = path === '' || roots.some((root) => root.startsWith(`${path}/`));
    if (!isAbove || typeof value !== 'object' || value === null || Array.isArray(value))
      throw new BundleError(
        'bad_roots',
        `data at /${path} is outside of the roots of the bundle (${roots.map(shown).join(', ')}); a data file belongs into the folder of its path`,
      );
    for (const [name, item] of Object.entries(value)) {
      // A key with a slash is one part; it must not pass as a path of two.
      const part = name.replaceAll('/', '\0');
      visit(item, path === '' ? part : `${path}/${part}`);
    }
  };
  if (!roots.includes('')) visit(data, '');
}

function shown(root: string): string {
  return JSON.stringify(root);
}

/** Bundles as what the store loads. */
import {
  type Bundle,
  BundleError,
  type Bundles,
  mergeBundles,
  readBundle,
  type Verification,
} from '@chaperone/policy/bundle';
import { PolicyError } from '@chaperone/policy';
import type { Value } from '@chaperone/rego';
import { PdpError } from '../../errors.ts';
import type { BundleReader } from '../../load/files.ts';
import { mergeDocuments } from '../../store/documents.ts';
import type { Loaded } from '../../store/store.ts';

/** @param data of all of them. Modules get the bundle's name before theirs */
export function loadedOf(bundles: Bundles, data: Value): Loaded {
  const all = Object.entries(bundles);
  return {
    modules: all.flatMap(([bundle, { modules }]) =>
      modules.map(({ file, source, dialect }) => ({ id: `${bundle}/${file}`, raw: source, dialect, bundle })),
    ),
    data: all.length === 0 ? data : mergeDocuments(data, aboutBundles(bundles)),
    claims: all.flatMap(([bundle, { manifest }]) => manifest.roots.map((root) => ({ bundle, root }))),
    revisions: Object.fromEntries(all.map(([name, { manifest }]) => [name, manifest.revision])),
  };
}

/** `data.system.bundles.NAME.manifest`. */
function aboutBundles(bundles: Bundles): Value {
  const entries = Object.entries(bundles).map(([name, { manifest }]): [string, Value] => {
    const { revision, roots, regoVersion, metadata } = manifest;
    return [
      name,
      {
        manifest: {
          revision,
          roots,
          ...(regoVersion === undefined ? {} : { rego_version: regoVersion }),
          ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
        },
      },
    ];
  });
  return { system: { bundles: Object.fromEntries(entries) } };
}

/** Reads the bundles of the command line. */
export function bundleReader(dialect: 'v0' | 'v1', verification: Verification | undefined): BundleReader {
  return async (source, file) => {
    try {
      const options = { ...(verification ? { verification } : {}), ...(dialect === 'v0' ? { dialect } : {}) };
      const bundle: Bundle = await readBundle(source, options);
      const { data } = mergeBundles({ [file]: bundle });
      return loadedOf({ [file]: bundle }, data);
    } catch (error) {
      if (error instanceof BundleError || error instanceof PolicyError)
        throw new PdpError('refused', `${file}: ${error.message}`, { cause: error });
      throw error;
    }
  };
}

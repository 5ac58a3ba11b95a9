import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Host } from '../host.ts';
import type { GraphqlLibrary } from '../builtins/graphql/library.ts';
import type { YamlLibrary } from '../builtins/yaml/library.ts';

/** The packages that `graphql.*` and `yaml.*` need. Each takes some 50 ms to load, which happens when it is first used. */
export function libraries(): Required<Pick<Host, 'graphql' | 'yaml'>> {
  return {
    graphql: () => loadNow(new URL('./graphql-library.ts', import.meta.url)) as GraphqlLibrary,
    yaml: () => loadNow(new URL('./yaml-library.ts', import.meta.url)) as YamlLibrary,
  };
}

/** Evaluation cannot wait, and `import()` would have to be awaited. */
function loadNow(file: URL): unknown {
  return createRequire(file)(fileURLToPath(file));
}

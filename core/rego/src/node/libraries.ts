import { createRequire } from 'node:module';
import type { Host } from '../host.ts';
import type { GraphqlLibrary } from '../builtins/graphql/library.ts';
import type { YamlLibrary } from '../builtins/yaml/library.ts';

/** The packages that `graphql.*` and `yaml.*` need. Each takes some 50 ms to load, which happens when it is first used. */
export function libraries(): Required<Pick<Host, 'graphql' | 'yaml'>> {
  const require = createRequire(import.meta.url);
  return {
    graphql: () => require('graphql') as GraphqlLibrary,
    yaml: () => require('yaml') as YamlLibrary,
  };
}

import type { Value } from '@chaperone/rego';
import type { Version } from '../store/version.ts';
import type { Context } from './context.ts';

/** Who answered. The fields of a build that is not known are empty. */
export function provenanceOf({ version }: Context, { revisions }: Version): Value {
  const bundles = Object.entries(revisions).map(([name, revision]) => [name, { revision }]);
  return {
    version,
    build_commit: '',
    build_timestamp: '',
    build_hostname: '',
    ...(bundles.length === 0 ? {} : { bundles: Object.fromEntries(bundles) as Value }),
  };
}

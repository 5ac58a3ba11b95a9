import { deny } from '@chaperone/protocol';
import type { Policy } from './policy.ts';

/** What holds where there is no policy yet: everything is denied, with the reason `policy_missing`. */
export function denyAll(message = 'There is no policy in force yet.'): Policy {
  const decision = deny('policy_missing', '', message);
  return {
    revision: '',
    entrypoint: '',
    decide: () => decision,
    decideTracked: () => ({ decision, reads: undefined }),
    decideClass: () => undefined,
    explain: () => ({ decision, rules: [] }),
    floor: () => undefined,
  };
}

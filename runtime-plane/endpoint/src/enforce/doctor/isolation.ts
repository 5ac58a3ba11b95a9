/** Which isolation a session gets. The one answer for `chaperone run` and for doctor. */
import type { SessionErrorCode } from '../errors.ts';
import type { Isolation } from '../floor.ts';
import type { NamespaceProblem } from './namespaces.ts';

export type Chosen =
  | { readonly isolation: Isolation; readonly note?: string }
  | {
      readonly refused: Extract<SessionErrorCode, 'floor_too_weak' | 'no_bubblewrap'>;
      readonly message: string;
    };

/**
 * Takes what was asked for, or the strongest that works; never weaker than the policy demands.
 * @param problem tries whether namespaces can be made; not called where they are not wanted
 */
export function selectIsolation(
  asked: Isolation | undefined,
  demanded: Isolation,
  problem: () => NamespaceProblem | undefined,
): Chosen {
  if (asked === 'process' && demanded === 'namespace')
    return {
      refused: 'floor_too_weak',
      message: 'the policy demands --isolation namespace; process isolation would be weaker',
    };
  if (asked === 'process') return { isolation: 'process' };
  const found = problem();
  if (found === undefined) return { isolation: 'namespace' };
  const { cause, what, remedy } = found;
  if (asked === 'namespace' || demanded === 'namespace') {
    const wanted =
      demanded === 'namespace'
        ? 'the policy demands namespace isolation'
        : '--isolation process works without, if the policy permits it';
    return {
      refused: cause === 'no_bubblewrap' ? 'no_bubblewrap' : 'floor_too_weak',
      message: [`${what}; ${wanted}. ${remedy.text}`, ...remedy.commands.map((one) => `  ${one}`)].join('\n'),
    };
  }
  return {
    isolation: 'process',
    note: `${what}; using process isolation, where the network is decided but not closed (chaperone doctor shows the remedy)`,
  };
}

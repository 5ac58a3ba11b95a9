/** Which words mean what to whom. */
import type { Detector } from '../detector.ts';
import { generalAgainst, numberAgainst } from './against.ts';
import { Bits } from './bits.ts';
import type { DigitPlan } from './digit-plan.ts';
import type { Word } from './plan.ts';
import { needsEdges, variantsOf } from './vocabulary.ts';

/** A word, and the indices of the detectors that it finds. */
export type Role = Word & { readonly finds: readonly number[] };

type Open = {
  readonly text: string;
  readonly needsEdges: boolean;
  finds: number[];
  supports: number[];
  opposes: number[];
  gates: Bits;
  listed: number[];
};

/** @param lists words of customers' dictionaries, by dictionary */
export function rolesOf(
  detectors: readonly Detector[],
  digits: DigitPlan,
  lists: readonly (readonly string[])[],
): readonly Role[] {
  const all = new Roles(digits);
  // Many detectors share a list of words.
  const known = new Map<readonly string[], readonly Open[]>();
  const rolesIn = (words: readonly string[]): readonly Open[] => {
    let roles = known.get(words);
    if (roles === undefined) known.set(words, (roles = all.ofVariants(words)));
    return roles;
  };
  for (const [index, { find, context = none, against = none }] of detectors.entries()) {
    if (find.on === 'at') put(all.of('@'), 'finds', index);
    else if (find.on === 'words') for (const role of all.ofVariants(find.words)) put(role, 'finds', index);
    const gated = digits.gated(index);
    if (context.length > 0)
      for (const role of rolesIn(context)) {
        put(role, 'supports', index);
        if (gated !== undefined) all.gate(role, gated);
      }
    if (against.length > 0) for (const role of rolesIn(against)) put(role, 'opposes', index);
  }
  const everybody = [...detectors.keys()];
  const numbers = everybody.filter((index) => detectors[index]?.find.on === 'digits');
  for (const word of numberAgainst) all.oppose(word, numbers);
  for (const word of generalAgainst) all.oppose(word, everybody);
  for (const [index, list] of lists.entries()) for (const word of list) put(all.of(word), 'listed', index);
  return all.finished();
}

const none: readonly never[] = [];
// Most words have one role, so that they share what is empty until something is put there.
const nobody: number[] = [];

type Lists = 'finds' | 'supports' | 'opposes' | 'listed';

/** Indices come in ascending order, the same one perhaps several times. */
function put(role: Open, list: Lists, index: number): void {
  const own = role[list];
  if (own.length === 0) role[list] = [index];
  else if (own[own.length - 1] !== index) own.push(index);
}

/** Words as they come up, by their text. */
class Roles {
  readonly #size: number;
  readonly #nobodyGated: Bits;
  readonly #roles = new Map<string, Open>();
  /** By a word as detectors give it. */
  readonly #variants = new Map<string, readonly Open[]>();

  constructor(digits: DigitPlan) {
    this.#size = digits.detectors.length;
    this.#nobodyGated = new Bits(this.#size);
  }

  of(word: string): Open {
    let role = this.#roles.get(word);
    if (role === undefined) {
      role = {
        text: word,
        needsEdges: needsEdges(word),
        finds: nobody,
        supports: nobody,
        opposes: nobody,
        gates: this.#nobodyGated,
        listed: nobody,
      };
      this.#roles.set(word, role);
    }
    return role;
  }

  ofVariants(words: readonly string[]): readonly Open[] {
    const roles: Open[] = [];
    for (const word of words) {
      let some = this.#variants.get(word);
      if (some === undefined) {
        some = variantsOf(word).map((one) => this.of(one));
        this.#variants.set(word, some);
      }
      for (const role of some) roles.push(role);
    }
    return roles;
  }

  gate(role: Open, detector: number): void {
    if (role.gates === this.#nobodyGated) role.gates = new Bits(this.#size);
    role.gates.add(detector);
  }

  /** @param whom in ascending order; shared by many words */
  oppose(word: string, whom: number[]): void {
    const role = this.of(word);
    role.opposes =
      role.opposes.length === 0 ? whom : [...new Set([...role.opposes, ...whom])].sort((a, b) => a - b);
  }

  finished(): readonly Role[] {
    return [...this.#roles.values()];
  }
}

/** Which words mean what to whom. */
import type { Detector } from '../detector.ts';
import { generalAgainst, numberAgainst } from './against.ts';
import { Bits } from './bits.ts';
import type { DigitPlan } from './digit-plan.ts';
import type { Word } from './plan.ts';
import { needsEdges, variantsOf } from './vocabulary.ts';

/** A word, and the indices of the detectors that it finds. */
export type Role = Word & { readonly finds: readonly number[] };

type Open = { finds: number[]; supports: Bits; opposes: Bits; gates: Bits; listed: number[] };

/** @param lists words of customers' dictionaries, by dictionary */
export function rolesOf(
  detectors: readonly Detector[],
  digits: DigitPlan,
  lists: readonly (readonly string[])[],
): readonly Role[] {
  const nobody = new Bits(detectors.length);
  const nobodyGated = new Bits(digits.detectors.length);
  const roles = new Map<string, Open>();
  const roleOf = (word: string): Open => {
    let role = roles.get(word);
    if (role === undefined) {
      role = { finds: [], supports: nobody, opposes: nobody, gates: nobodyGated, listed: [] };
      roles.set(word, role);
    }
    return role;
  };
  const oppose = (word: string, whom: Bits): void => {
    const role = roleOf(word);
    if (role.opposes === nobody) role.opposes = new Bits(detectors.length);
    role.opposes.addAll(whom);
  };
  const everybody = new Bits(detectors.length);
  const numbers = new Bits(detectors.length);
  for (const [index, { find, context = [], against = [] }] of detectors.entries()) {
    everybody.add(index);
    if (find.on === 'digits') numbers.add(index);
    for (const word of findWords(find)) {
      const { finds } = roleOf(word);
      if (finds.at(-1) !== index) finds.push(index);
    }
    const gated = digits.gated(index);
    for (const word of context)
      for (const one of variantsOf(word)) {
        const role = roleOf(one);
        if (role.supports === nobody) role.supports = new Bits(detectors.length);
        role.supports.add(index);
        if (gated === undefined) continue;
        if (role.gates === nobodyGated) role.gates = new Bits(digits.detectors.length);
        role.gates.add(gated);
      }
    for (const word of against)
      for (const one of variantsOf(word)) {
        const role = roleOf(one);
        if (role.opposes === nobody) role.opposes = new Bits(detectors.length);
        role.opposes.add(index);
      }
  }
  for (const word of generalAgainst) oppose(word, everybody);
  for (const word of numberAgainst) oppose(word, numbers);
  for (const [index, list] of lists.entries()) for (const word of list) roleOf(word).listed.push(index);
  return Array.from(roles, ([text, { finds, supports, opposes, gates, listed }]) => ({
    text,
    needsEdges: needsEdges(text),
    finds,
    supports,
    opposes,
    gates,
    listed,
  }));
}

/** `@` is a word like any other. */
function findWords(find: Detector['find']): readonly string[] {
  switch (find.on) {
    case 'words':
      return find.words.flatMap(variantsOf);
    case 'at':
      return ['@'];
    case 'digits':
      return [];
    default:
      return find satisfies never;
  }
}

/** Detectors compiled for one pass: which words mean what to whom, and who is asked at which digits. */
import type { Detector } from '../detector.ts';
import { generalAgainst, numberAgainst } from './against.ts';
import { Bits } from './bits.ts';
import { DigitPlan } from './digit-plan.ts';
import type { Clock } from './match.ts';
import { Matcher } from './match.ts';
import { atAfter, atBefore, digitTail, hereTail, nearTail } from './reach.ts';
import type { Automaton } from './words.ts';
import { automatonOf } from './words.ts';
import { needsEdges, variantsOf } from './vocabulary.ts';

/** States that filters may make in a thread's life. */
const mostStates = 100_000;

/** What to do at the end of a word: who looks there, and from where to where, counted from the word's first character. */
export type Finder = {
  readonly detector: number;
  readonly length: number;
  readonly at: 'here' | 'near';
  readonly before: number;
  readonly after: number;
  readonly tail: number;
};

/** A word and what it is for. Sets are of indices into `Plan.detectors`. */
export type Word = {
  readonly text: string;
  readonly supports: Bits;
  readonly opposes: Bits;
  readonly needsEdges: boolean;
  /** Detectors of digits that it supports, as `DigitPlan` counts them. */
  readonly gates: Bits;
  /** Customers' dictionaries that it belongs to. */
  readonly listed: readonly number[];
};

export type Plan = {
  readonly detectors: readonly Detector[];
  readonly matchers: readonly Matcher[];
  readonly words: readonly Word[];
  readonly automaton: Automaton;
  readonly digits: DigitPlan;
  /** By final state: who looks there. */
  readonly finders: readonly (readonly Finder[])[];
  /** By final state: words that dictionaries list. */
  readonly listings: readonly (readonly number[])[];
  /** By final state: words that support a detector of digits which is not asked without support. */
  readonly gates: readonly (readonly number[])[];
  readonly hasContext: readonly boolean[];
  /** By detector that found something, by final state: 1 where a word there supports or opposes it. */
  readonly says: Map<number, Uint8Array>;
  /** Of the part under way, by detector: offset from which a search is news. */
  readonly searched: Float64Array;
};

type Role = { finds: number[]; supports: Bits; opposes: Bits; gates: Bits; listed: number[] };

/**
 * @param lists words of customers' dictionaries, by dictionary, as binary text in lower case
 * @param clock for detectors whose patterns are not ours
 */
export function planOf(
  detectors: readonly Detector[],
  lists: readonly (readonly string[])[] = [],
  clock: (detector: Detector) => Clock | undefined = () => undefined,
): Plan {
  const budget = { states: mostStates };
  const digits = new DigitPlan(detectors, budget);
  const nobody = new Bits(detectors.length);
  const nobodyGated = new Bits(digits.detectors.length);
  const roles = new Map<string, Role>();
  const roleOf = (word: string): Role => {
    let role = roles.get(word);
    if (role === undefined) {
      role = { finds: [], supports: nobody, opposes: nobody, gates: nobodyGated, listed: [] };
      roles.set(word, role);
    }
    return role;
  };
  for (const [index, { find, context = [], against = [] }] of detectors.entries()) {
    const gated = digits.gated(index);
    for (const word of findWords(find))
      if (!roleOf(word).finds.includes(index)) roleOf(word).finds.push(index);
    for (const word of context)
      for (const one of variantsOf(word)) {
        const role = roleOf(one);
        if (role.supports === nobody) role.supports = new Bits(detectors.length);
        role.supports.add(index);
        if (gated === undefined) continue;
        if (role.gates === nobodyGated) role.gates = new Bits(digits.detectors.length);
        role.gates.add(gated);
      }
    for (const word of [...against.flatMap(variantsOf), ...generallyAgainst(find)]) {
      const role = roleOf(word);
      if (role.opposes === nobody) role.opposes = new Bits(detectors.length);
      role.opposes.add(index);
    }
  }
  for (const [index, list] of lists.entries()) for (const word of list) roleOf(word).listed.push(index);
  const words = [...roles].map(([text, role]) => ({ text, needsEdges: needsEdges(text), ...role }));
  const automaton = automatonOf(words.map(({ text }) => text));
  return {
    detectors,
    matchers: detectors.map((detector) => {
      const timer = clock(detector);
      return new Matcher(detector, timer, timer ? undefined : budget);
    }),
    words,
    automaton,
    digits,
    finders: automaton.ends.map((ends) => ends.flatMap((word) => findersOf(detectors, words[word]))),
    listings: automaton.ends.map((ends) => ends.filter((word) => (words[word]?.listed.length ?? 0) > 0)),
    gates: automaton.ends.map((ends) =>
      ends.filter((word) => (words[word]?.gates ?? nobodyGated) !== nobodyGated),
    ),
    hasContext: detectors.map(({ context = [] }) => context.length > 0),
    says: new Map(),
    searched: new Float64Array(detectors.length),
  };
}

/** Words that speak against everything that is found like this. */
export function generallyAgainst(find: Detector['find']): readonly string[] {
  return find.on === 'digits' ? [...generalAgainst, ...numberAgainst] : generalAgainst;
}

function findersOf(
  detectors: readonly Detector[],
  word?: { text: string; finds: readonly number[] },
): Finder[] {
  return (word?.finds ?? []).flatMap((detector): Finder[] => {
    const find = detectors[detector]?.find;
    const length = word?.text.length ?? 0;
    if (find?.on === 'at')
      return [{ detector, length, at: 'near', before: atBefore, after: atAfter, tail: digitTail }];
    if (find?.on !== 'words') return [];
    const { at } = find;
    if (at === 'here') return [{ detector, length, at, before: 0, after: 0, tail: hereTail }];
    return [{ detector, length, at: 'near', before: at.before, after: at.after, tail: nearTail }];
  });
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

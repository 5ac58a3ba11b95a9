/** Detectors compiled for one pass: which words mean what to whom, and who is asked at which digits. */
import type { Detector } from '../detector.ts';
import { generalAgainst, numberAgainst } from './against.ts';
import type { Bits } from './bits.ts';
import { byState } from './by-state.ts';
import { DigitPlan } from './digit-plan.ts';
import { Gates } from './gates.ts';
import type { Clock } from './match.ts';
import { Matcher } from './match.ts';
import { atAfter, atBefore, digitTail, nearTail } from './reach.ts';
import type { Role } from './roles.ts';
import { rolesOf } from './roles.ts';
import { Sides } from './sides.ts';
import type { Automaton } from './words.ts';
import { automatonOf } from './words.ts';

/** States that filters may make in a thread's life. */
const mostStates = 100_000;

/** What to do at the end of a word: who looks there, and from where to where, counted from the word's first character. */
export type Finder = { readonly detector: number; readonly length: number };

/** Where a pattern is searched around the first character of a word. */
export type Area = { readonly before: number; readonly after: number; readonly tail: number };

/** A word and what it is for. */
export type Word = {
  readonly text: string;
  /** Detectors, in ascending order. */
  readonly supports: readonly number[];
  readonly opposes: readonly number[];
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
  /** By detector. */
  readonly areas: readonly (Area | undefined)[];
  readonly asking: Gates;
  /** By final state: words that dictionaries list; empty where there is no dictionary. */
  readonly listings: readonly (readonly number[])[];
  /** By final state: words that support a detector of digits which is not asked without support. */
  readonly gates: readonly (readonly number[])[];
  readonly hasContext: readonly boolean[];
  readonly sides: Sides;
  /** Of the part under way, by detector: offset from which a search is news. */
  readonly searched: Float64Array;
};

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
  const digits = new DigitPlan(detectors);
  const words = rolesOf(detectors, digits, lists);
  const automaton = automatonOf(words.map(({ text }) => text));
  const areas = detectors.map(areaOf);
  const finders = byState<Role, Finder>(automaton.ends, words, ({ text, finds }, _, to) => {
    for (const detector of finds) to.push({ detector, length: text.length });
  });
  const isGated = (detector: Detector | undefined): boolean => detector !== undefined && !clock(detector);
  return {
    detectors,
    matchers: detectors.map((detector) => {
      const timer = clock(detector);
      return new Matcher(detector, timer, timer ? undefined : budget);
    }),
    words,
    automaton,
    digits,
    finders,
    areas,
    asking: new Gates({ detectors, finders, areas, isGated: (index) => isGated(detectors[index]) }),
    listings:
      lists.length === 0
        ? []
        : byState<Role, number>(automaton.ends, words, ({ listed }, word, to) => {
            if (listed.length > 0) to.push(word);
          }),
    gates: byState<Role, number>(automaton.ends, words, ({ supports, gates }, word, to) => {
      if (supports.length > 0 && !gates.isEmpty) to.push(word);
    }),
    hasContext: detectors.map(({ context = [] }) => context.length > 0),
    sides: new Sides(words, automaton.ends),
    searched: new Float64Array(detectors.length),
  };
}

/** Words that speak against everything that is found like this. */
export function generallyAgainst(find: Detector['find']): readonly string[] {
  return find.on === 'digits' ? [...generalAgainst, ...numberAgainst] : generalAgainst;
}

/** @returns undefined where the pattern must match at the word itself, and for what words do not find */
function areaOf({ find }: Detector): Area | undefined {
  if (find.on === 'at') return { before: atBefore, after: atAfter, tail: digitTail };
  if (find.on !== 'words' || find.at === 'here') return undefined;
  return { ...find.at, tail: nearTail };
}

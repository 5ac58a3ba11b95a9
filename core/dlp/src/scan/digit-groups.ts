/** How each detector of digits is looked for: with others in one automaton, as a token of its own, or wherever it may be. */
import type { Detector } from '../detector.ts';
import { Net } from './filter/net.ts';
import type { Outline } from './filter/outline.ts';
import { beginsOf } from './filter/begins.ts';
import { outlineOf } from './filter/outline.ts';
import {
  coarse,
  digitsWithin,
  leadOf,
  longestMatch,
  reversed,
  shortestMatch,
  tokenLengths,
} from './filter/shape.ts';

/** A match whose first digit lies further in would have the automaton see more than the bytes around numbers. */
const mostLead = { unsupported: 8, supported: 20 };

/** Most numbers are shorter: those who ask for so many digits see few runs, and what lies around those. */
const manyDigits = 6;

/** Matches that may be longer end out of what is known behind a run. */
const mostLength = 200;

/** A token fills 8 bytes in a row at a multiple of 8, which is what is looked for. */
const leastToken = 15;

/** A detector by its number among those of digits, how many bytes its matches have, and which they begin with. */
type Grouped = {
  readonly number: number;
  readonly shortest: number;
  readonly longest: number;
  readonly begins: Uint8Array;
};

/** Patterns that share an automaton, read forwards or from their ends; `lead`: bytes around a run that it has to see. */
export type Group = {
  readonly net: Net;
  readonly whose: readonly Grouped[];
  readonly lead: number;
  /** Bytes behind a run in which matches may begin, too. */
  readonly tail: number;
  readonly isBack: boolean;
  /** Only runs of so many digits are looked at. */
  readonly leastDigits: number;
  /** Only numbers as people write them are looked at. */
  readonly needsParts: boolean;
  /** Only numbers with a supporting word near by are looked at. */
  readonly isSupported: boolean;
};

/** A detector whose matches are tokens as a whole, of so many bytes. */
export type Token = {
  readonly number: number;
  readonly pattern: RegExp;
  readonly least: number;
  readonly most: number;
};

export type Groups = {
  readonly groups: readonly Group[];
  readonly tokens: readonly Token[];
  /** What no automaton and no token tells: asked without support, and with it. */
  readonly others: readonly number[];
  readonly supportedOthers: readonly number[];
};

type Asked = {
  readonly number: number;
  readonly pattern: Detector['pattern'];
  /** Bytes that it looks at ahead of a run, and behind. */
  readonly before: number;
  readonly after: number;
  /** Digits in a run. */
  readonly min: number;
  readonly unsupported: 'never' | 'parted' | 'always';
};

type Made = {
  readonly asked: Asked;
  readonly outline: Outline;
  readonly lead: number;
};

type Way = 'forward' | 'long' | 'back' | 'parted' | 'supported';

/** @param all detectors of digits */
export function groupsOf(all: readonly Asked[]): Groups {
  const others: number[] = [];
  const supportedOthers: number[] = [];
  const tokens: Token[] = [];
  const byWay: Record<Way, Made[]> = { forward: [], long: [], back: [], parted: [], supported: [] };
  for (const asked of all) {
    const { number, pattern, unsupported, before } = asked;
    const outline = outlineOf(pattern);
    const lead = outline && longestMatch(outline) <= mostLength ? leadOf(outline) : Infinity;
    if (unsupported !== 'always') {
      if (outline && lead <= mostLead.supported) byWay.supported.push({ asked, outline, lead });
      else supportedOthers.push(number);
      if (unsupported === 'never') continue;
    }
    const back = outline && reversed(outline);
    const tail = back ? leadOf(back) : Infinity;
    const token = outline && unsupported === 'always' ? tokenLengths(outline) : undefined;
    if (token && token.least >= leastToken && token.most <= mostLength)
      tokens.push({ number, pattern, ...token });
    else if (outline && lead <= mostLead.unsupported) {
      if (unsupported === 'always' && asked.min >= manyDigits)
        byWay.long.push({ asked, outline, lead: Math.max(lead, before) });
      else if (unsupported === 'always') byWay.forward.push({ asked, outline, lead });
      // A number that is not written in parts may stand ahead of one that is.
      else byWay.parted.push({ asked, outline, lead: Math.max(lead, before) });
    } else if (back && tail <= mostLead.unsupported) byWay.back.push({ asked, outline: back, lead: tail });
    else others.push(number);
  }
  const groups = Object.entries(byWay).flatMap(([way, some]): Group[] => {
    const net = new Net();
    // So many patterns that tell digits apart would have states without end.
    const isCoarse = way === 'supported' || way === 'parted';
    const shape = isCoarse ? coarse : (outline: Outline): Outline => outline;
    const kept = some.filter(({ asked: { number }, outline }) => net.add(shape(outline), number));
    for (const one of some)
      if (!kept.includes(one)) (way === 'supported' ? supportedOthers : others).push(one.asked.number);
    if (kept.length === 0) return [];
    return [
      {
        net,
        whose: kept.map(({ asked: { number }, outline }) => ({
          number,
          shortest: shortestMatch(outline),
          longest: longestMatch(outline),
          begins: beginsOf(outline),
        })),
        lead: Math.max(...kept.map(({ lead }) => lead)),
        tail: way === 'long' ? Math.max(...kept.map(({ asked: { after } }) => after)) : 0,
        isBack: way === 'back',
        leastDigits: leastOf(way, kept),
        needsParts: way === 'parted',
        isSupported: way === 'supported',
      },
    ];
  });
  return { groups, tokens, others, supportedOthers };
}

function leastOf(way: string, some: readonly Made[]): number {
  if (way === 'long') return Math.min(...some.map(({ asked: { min } }) => min));
  return way === 'parted' ? Math.min(...some.map(leastDigits)) : 0;
}

/** Digits of the run that a match touches. A match of digits and separators lies within one run. */
function leastDigits({ asked: { min }, outline }: Made): number {
  return Math.max(min, digitsWithin(outline) ?? 0);
}

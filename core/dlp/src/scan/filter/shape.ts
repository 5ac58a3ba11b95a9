/** What an outline says of where digits stand in its matches. */
import type { ByteSet } from './byte-set.ts';
import type { Outline } from './outline.ts';

const [zero, nine] = [48, 57];
const letters = { upper: [65, 91], lower: [97, 123] } as const;
/** Digits, letters, bytes of characters outside of ASCII: from, to. */
const kinds = [[zero, nine + 1], letters.upper, letters.lower, [128, 256]] as const;

/** The matches of an outline, read from their ends. */
export function reversed(part: Outline): Outline {
  switch (part.kind) {
    case 'set':
      return part;
    case 'behind':
      return { kind: 'ahead', set: part.set };
    case 'ahead':
      return { kind: 'behind', set: part.set };
    case 'all':
      return { kind: 'all', parts: part.parts.map(reversed).toReversed() };
    case 'any':
      return { kind: 'any', parts: part.parts.map(reversed) };
    case 'repeat':
      return { ...part, part: reversed(part.part) };
    default:
      return part satisfies never;
  }
}

/** An outline that tells neither digits nor letters apart, and matches wherever this one does. */
export function coarse(part: Outline): Outline {
  switch (part.kind) {
    case 'set':
    case 'behind':
    case 'ahead':
      return { kind: part.kind, set: coarseSet(part.set) };
    case 'all':
    case 'any':
      return { kind: part.kind, parts: part.parts.map(coarse) };
    case 'repeat':
      return { ...part, part: coarse(part.part) };
    default:
      return part satisfies never;
  }
}

/** Patterns share their sets, and what is made of one is shared, too: whoever asks which bytes no set tells apart looks at few. */
const coarseSets = new WeakMap<ByteSet, ByteSet>();

function coarseSet(set: ByteSet): ByteSet {
  const known = coarseSets.get(set);
  if (known) return known;
  const wide = Uint8Array.from(set);
  coarseSets.set(set, wide);
  for (const [from, to] of kinds) {
    const isMet = set.subarray(from, to).includes(1);
    const alike =
      from === letters.upper[0] ? letters.lower : from === letters.lower[0] ? letters.upper : undefined;
    if (isMet) wide.fill(1, from, to);
    if (isMet && alike) wide.fill(1, ...alike);
  }
  return wide;
}

/** Bytes ahead of the first digit of a match, at most; Infinity where a match may have none. */
export function leadOf(outline: Outline): number {
  const { lead, passed } = readFrom(outline);
  return passed === undefined ? lead : Infinity;
}

/** `lead`: most bytes before a digit is met; `passed`: most bytes without a digit, undefined where there must be one. */
function readFrom(part: Outline): { readonly lead: number; readonly passed: number | undefined } {
  switch (part.kind) {
    case 'set':
      return { lead: 0, passed: hasOthers(part.set) ? 1 : undefined };
    case 'behind':
    case 'ahead':
      return { lead: 0, passed: 0 };
    case 'all': {
      let [lead, at] = [0, 0];
      for (const one of part.parts) {
        const read = readFrom(one);
        lead = Math.max(lead, at + read.lead);
        if (read.passed === undefined) return { lead, passed: undefined };
        at += read.passed;
      }
      return { lead, passed: at };
    }
    case 'any': {
      const all = part.parts.map(readFrom);
      const passing = all.flatMap(({ passed }) => passed ?? []);
      return {
        lead: Math.max(0, ...all.map(({ lead }) => lead)),
        passed: passing.length === 0 ? undefined : Math.max(...passing),
      };
    }
    case 'repeat': {
      const { lead, passed } = readFrom(part.part);
      if (passed === undefined || part.max === 0)
        return { lead: part.max === 0 ? 0 : lead, passed: part.min === 0 ? 0 : passed };
      const before = passed === 0 ? 0 : (part.max - 1) * passed;
      return { lead: before + lead, passed: passed === 0 ? 0 : part.max * passed };
    }
    default:
      return part satisfies never;
  }
}

/** Whether it has more than digits. */
function hasOthers(set: ByteSet): boolean {
  const first = set.indexOf(1);
  return first >= 0 && (first < zero || set.lastIndexOf(1) > nine);
}

/** @returns bytes of the longest match; Infinity without a bound */
export function longestMatch(part: Outline): number {
  switch (part.kind) {
    case 'set':
      return 1;
    case 'behind':
    case 'ahead':
      return 0;
    case 'all':
      return part.parts.reduce((sum, one) => sum + longestMatch(one), 0);
    case 'any':
      return part.parts.reduce((most, one) => Math.max(most, longestMatch(one)), 0);
    case 'repeat':
      return part.max === 0 ? 0 : part.max * longestMatch(part.part) || 0;
    default:
      return part satisfies never;
  }
}

/** @returns bytes of the shortest match */
export function shortestMatch(part: Outline): number {
  switch (part.kind) {
    case 'set':
      return 1;
    case 'behind':
    case 'ahead':
      return 0;
    case 'all':
      return part.parts.reduce((sum, one) => sum + shortestMatch(one), 0);
    case 'any':
      return Math.min(...part.parts.map(shortestMatch));
    case 'repeat':
      return part.min === 0 ? 0 : part.min * shortestMatch(part.part);
    default:
      return part satisfies never;
  }
}

/** Lengths of an outline whose matches are runs of letters and digits as a whole; undefined for others. */
export function tokenLengths(
  outline: Outline,
): { readonly least: number; readonly most: number } | undefined {
  if (outline.kind !== 'all') return undefined;
  const [first, last] = [outline.parts[0], outline.parts.at(-1)];
  if (first?.kind !== 'behind' || last?.kind !== 'ahead') return undefined;
  if (first.set.some(isAlphanumeric) || last.set.some(isAlphanumeric)) return undefined;
  return alphanumericLengths({ kind: 'all', parts: outline.parts.slice(1, -1) });
}

function alphanumericLengths(part: Outline): { least: number; most: number } | undefined {
  switch (part.kind) {
    case 'set':
      return part.set.every((is, byte) => is === 0 || isAlphanumeric(1, byte))
        ? { least: 1, most: 1 }
        : undefined;
    case 'behind':
    case 'ahead':
      return { least: 0, most: 0 };
    case 'all':
    case 'any': {
      const all = part.parts.map(alphanumericLengths);
      const known = all.filter((one) => one !== undefined);
      if (known.length < all.length || known.length === 0) return undefined;
      if (part.kind === 'all')
        return known.reduce((sum, one) => ({ least: sum.least + one.least, most: sum.most + one.most }));
      return {
        least: Math.min(...known.map(({ least }) => least)),
        most: Math.max(...known.map(({ most }) => most)),
      };
    }
    case 'repeat': {
      const one = alphanumericLengths(part.part);
      return one && { least: one.least * part.min, most: part.max === 0 ? 0 : one.most * part.max };
    }
    default:
      return part satisfies never;
  }
}

function isAlphanumeric(is: number, byte: number): boolean {
  return (
    is === 1 && ((byte >= zero && byte <= nine) || ((byte | 32) >= 97 && (byte | 32) <= 122 && byte < 128))
  );
}

/** Digits of a match at least; undefined where a match has other bytes than digits and separators of digits. */
export function digitsWithin(part: Outline): number | undefined {
  switch (part.kind) {
    case 'set': {
      let isDigits = true;
      for (let byte = 0; byte < part.set.length; byte++) {
        if (part.set[byte] !== 1 || (byte >= zero && byte <= nine)) continue;
        if (byte !== 32 && (byte < 45 || byte > 47)) return undefined;
        isDigits = false;
      }
      return isDigits ? 1 : 0;
    }
    case 'behind':
    case 'ahead':
      return 0;
    case 'all':
    case 'any': {
      let least: number | undefined;
      for (const one of part.parts) {
        const digits = digitsWithin(one);
        if (digits === undefined) return undefined;
        if (part.kind === 'all') least = (least ?? 0) + digits;
        else least = least === undefined ? digits : Math.min(least, digits);
      }
      return least ?? 0;
    }
    case 'repeat': {
      const digits = digitsWithin(part.part);
      return digits === undefined ? undefined : digits * part.min;
    }
    default:
      return part satisfies never;
  }
}

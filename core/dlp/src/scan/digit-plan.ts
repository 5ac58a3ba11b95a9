/** Who is asked at a run of digits: by how many digits some neighbouring groups of it have together. */
import type { Detector } from '../detector.ts';
import { Bits } from './bits.ts';
import type { Groups } from './digit-groups.ts';
import { groupsOf } from './digit-groups.ts';

/** Digits in one candidate; longer numbers are nobody's. */
const mostDigits = 64;

/** Runs whose groups are remembered; what a text can make of them must not fill the memory. */
const mostShapes = 4_096;

/** Bytes of a run whose shape fits into one number. */
const longestShape = 48;

/** A detector of digits: `detector` is its index among all. */
type DigitFinder = {
  readonly detector: number;
  readonly min: number;
  readonly max: number;
  readonly before: number;
  readonly after: number;
  readonly needsLetter: boolean;
  /** Without a supporting word: never, at numbers as people write them, or always. */
  readonly unsupported: 'never' | 'parted' | 'always';
};

export class DigitPlan {
  /** Detectors of digits by their number here. */
  readonly detectors: readonly DigitFinder[];
  /** Runs of fewer digits need not be found. Where anyone asks, a match may begin with one digit. */
  readonly least: number;
  readonly mostBefore: number;
  readonly mostAfter: number;
  #groups: Groups | undefined;
  readonly #all: readonly Detector[];

  readonly #byCount: readonly Bits[];
  readonly #byShape = new Map<number, Bits>();
  readonly #gated: ReadonlyMap<number, number>;
  readonly #nobody: Bits;
  readonly #size: number;

  constructor(detectors: readonly Detector[]) {
    this.#all = detectors;
    this.detectors = detectors.flatMap((one, detector): DigitFinder[] => {
      if (one.find.on !== 'digits') return [];
      const { min, max, before = 0, after = 0, ahead, isParted = false } = one.find;
      const unsupported = one.confidence.alone !== 0 ? 'always' : isParted ? 'parted' : 'never';
      return [{ detector, min, max, before, after, needsLetter: ahead === 'letter', unsupported }];
    });
    this.#size = this.detectors.length;
    this.#nobody = new Bits(this.#size);
    const byCount = Array.from({ length: mostDigits + 1 }, () => new Bits(this.#size));
    for (const [index, { min, max }] of this.detectors.entries())
      for (let count = min; count <= Math.min(max, mostDigits); count++) byCount[count]?.add(index);
    this.least = this.#size === 0 ? mostDigits : 1;
    this.mostBefore = Math.max(0, ...this.detectors.map(({ before }) => before));
    this.mostAfter = Math.max(0, ...this.detectors.map(({ after }) => after));
    this.#byCount = byCount;
    this.#gated = new Map(
      this.detectors.flatMap(({ detector, unsupported }, index) =>
        unsupported === 'always' ? [] : [[detector, index] as const],
      ),
    );
  }

  /** How each is looked for. Made when a text first needs it. */
  get groups(): Groups {
    this.#groups ??= groupsOf(
      this.detectors.map(({ detector, before, min, unsupported }, number) => {
        const pattern = this.#all[detector]?.pattern ?? /(?!)/;
        return { number, pattern, before, min, unsupported };
      }),
    );
    return this.#groups;
  }

  /** Of a detector by its index among all: its number here when it is asked only with support. */
  gated(detector: number): number | undefined {
    return this.#gated.get(detector);
  }

  /** Who may find something in the run [start, end) of `bytes` that has `count` digits. */
  asked(bytes: Uint8Array, start: number, end: number, count: number): Bits {
    if (count === end - start) return this.#byCount[count] ?? this.#nobody;
    if (end - start > longestShape) return this.#ofGroups(bytes, start, end);
    let shape = 0;
    for (let at = start; at < end; at++) shape = shape * 2 + ((bytes[at] ?? 0) < 48 ? 1 : 2);
    const known = this.#byShape.get(shape);
    if (known) return known;
    if (this.#byShape.size >= mostShapes) this.#byShape.clear();
    const asked = this.#ofGroups(bytes, start, end);
    this.#byShape.set(shape, asked);
    return asked;
  }

  #ofGroups(bytes: Uint8Array, start: number, end: number): Bits {
    const groups = [0];
    for (let at = start; at < end; at++)
      if ((bytes[at] ?? 0) < 48) groups.push(0);
      else groups[groups.length - 1] = (groups.at(-1) ?? 0) + 1;
    const asked = new Bits(this.#size);
    const seen = new Set<number>();
    for (let first = 0; first < groups.length; first++)
      for (let [last, sum] = [first, 0]; last < groups.length && sum <= mostDigits; last++) {
        sum += groups[last] ?? 0;
        if (sum > mostDigits || seen.has(sum)) continue;
        seen.add(sum);
        asked.addAll(this.#byCount[sum] ?? this.#nobody);
      }
    return asked;
  }
}

/** Whether people write numbers like this: separators in the run, or `+` or a parenthesis ahead of it. */
export function isPartedRun(bytes: Uint8Array, start: number, end: number, count: number): boolean {
  const ahead = bytes[start - 1] ?? 0;
  if (ahead === 0x2b || ahead === 0x28 || ahead === 0x29) return true;
  return count !== end - start && !isDate(bytes, start, end) && !isAddress(bytes, start, end, count);
}

/** `2026-11-22`, as half of all numbers in logs and tables are, and `2026-11-22 13:`. */
function isDate(bytes: Uint8Array, start: number, end: number): boolean {
  const century = (bytes[start] ?? 0) * 256 + (bytes[start + 1] ?? 0);
  return (
    (end - start === 10 || (end - start === 13 && bytes[start + 10] === 32 && bytes[end] === 58)) &&
    (century === 0x3139 || century === 0x3230) &&
    isSeparator(bytes[start + 4]) &&
    bytes[start + 4] === bytes[start + 7]
  );
}

/** Four groups parted by dots, not all of two digits: of the Internet, not of a phone. */
function isAddress(bytes: Uint8Array, start: number, end: number, count: number): boolean {
  if (end - start !== count + 3 || count > 12) return false;
  let isPaired = true;
  let last = start - 1;
  for (let at = start; at <= end; at++) {
    const byte = bytes[at] ?? 0;
    if (at < end && byte >= 48) continue;
    if (at < end && byte !== 46) return false;
    if (at - last > 4) return false;
    if (at - last !== 3) isPaired = false;
    last = at;
  }
  return !isPaired;
}

function isSeparator(byte = 0): boolean {
  return byte >= 45 && byte <= 47;
}

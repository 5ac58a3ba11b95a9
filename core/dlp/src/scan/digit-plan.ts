/** Who is asked at a run of digits: by how many digits some neighbouring groups of it have together. */
import type { Detector } from '../detector.ts';
import type { Groups } from './digit-groups.ts';
import { groupsOf } from './digit-groups.ts';

/** Digits in one candidate; longer numbers are nobody's. */
const mostDigits = 64;

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

  readonly #gated: ReadonlyMap<number, number>;

  constructor(detectors: readonly Detector[]) {
    this.#all = detectors;
    this.detectors = detectors.flatMap((one, detector): DigitFinder[] => {
      if (one.find.on !== 'digits') return [];
      const { min, max, before = 0, after = 0, ahead, isParted = false } = one.find;
      const unsupported = one.confidence.alone !== 0 ? 'always' : isParted ? 'parted' : 'never';
      return [{ detector, min, max, before, after, needsLetter: ahead === 'letter', unsupported }];
    });
    this.least = this.detectors.length === 0 ? mostDigits : 1;
    this.mostBefore = Math.max(0, ...this.detectors.map(({ before }) => before));
    this.mostAfter = Math.max(0, ...this.detectors.map(({ after }) => after));
    this.#gated = new Map(
      this.detectors.flatMap(({ detector, unsupported }, index) =>
        unsupported === 'always' ? [] : [[detector, index] as const],
      ),
    );
  }

  /** How each is looked for. Made when a text first needs it. */
  get groups(): Groups {
    this.#groups ??= groupsOf(
      this.detectors.map(({ detector, before, after, min, unsupported }, number) => {
        const pattern = this.#all[detector]?.pattern ?? /(?!)/;
        return { number, pattern, before, after, min, unsupported };
      }),
    );
    return this.#groups;
  }

  /** Of a detector by its index among all: its number here when it is asked only with support. */
  gated(detector: number): number | undefined {
    return this.#gated.get(detector);
  }
}
